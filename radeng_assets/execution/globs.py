"""Declared paths: globs that stay in their folder, folders that stand for what is in them, and no way out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import PurePosixPath


def covers(pattern: str, path: str) -> bool:
    """Whether a declared path or glob means a file.

    ``*`` stays within a folder, ``**`` spans folders, a folder's name stands for anything in it. A pattern that is
    absolute or climbs out with ``..`` means nothing: it cannot name a file of a commit.
    """
    regex = _regex(pattern)
    return regex is not None and regex.fullmatch(path) is not None


def covered(path: str, patterns: Iterable[str]) -> bool:
    """Whether any of the patterns means the file."""
    return any(covers(pattern, path) for pattern in patterns)


@lru_cache(maxsize=4096)
def _regex(pattern: str) -> re.Pattern[str] | None:
    """A pattern as a regular expression; ``glob.translate`` came with Python 3.13 only."""
    path = PurePosixPath(pattern)
    if path.is_absolute() or ".." in path.parts:
        return None
    plain = str(path)
    known = {"**/": r"(?:.*/)?", "**": r".*", "*": r"[^/]*", "?": r"[^/]"}
    parts = [known.get(part) or re.escape(part) for part in re.split(r"(\*\*/|\*\*|\*|\?)", plain)]
    return re.compile(f"(?:{''.join(parts)}|{re.escape(plain)})(?:/.*)?", re.DOTALL)
