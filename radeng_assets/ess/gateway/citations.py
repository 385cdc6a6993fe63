"""From the gateway's matches to places in the code: a citation counts if it exists at the commit in question."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath

from radeng_assets.ess.answer import Hit
from radeng_assets.ess.gateway.replies import Match, QueryReply

Exists = Callable[[str, int], bool]
"""Whether a path has a line (from 1) at the commit in question."""


def citations(reply: QueryReply, exists: Exists, project: str = "") -> tuple[tuple[Hit, ...], int]:
    """(the places that exist, each once, in the gateway's order; how many matches name none).

    A match without lines is about a whole file, and cites its first line. An absolute path is the gateway's own
    machine's: what follows the folder ``project`` is looked up, and without such a folder the match names no place.
    """
    found: dict[tuple[str, int, int], Hit] = {}
    lost = 0
    for match in reply.results.semantic.matches:
        hit = _hit(match, project)
        if hit is not None and exists(hit.path, hit.line_start) and exists(hit.path, hit.line_end):
            found.setdefault((hit.path, hit.line_start, hit.line_end), hit)
        else:
            lost += 1
    return tuple(found.values()), lost


def _hit(match: Match, project: str) -> Hit | None:
    path = _inside(match.source, project)
    start = 1 if match.line_start is None else match.line_start
    end = start if match.line_end is None else match.line_end
    if path is None or not 1 <= start <= end:
        return None
    return Hit(path=path, line_start=start, line_end=end, symbol=match.name, kind=match.type, score=match.score)


def _inside(source: str, project: str) -> str | None:
    """A source as a path inside the repository; ``None`` for one that leads elsewhere."""
    path = PurePosixPath(source)
    parts = path.parts
    if path.is_absolute():
        if not project or project not in parts:
            return None
        parts = parts[parts.index(project) + 1 :]
    return None if not parts or ".." in parts or "\0" in source else "/".join(parts)
