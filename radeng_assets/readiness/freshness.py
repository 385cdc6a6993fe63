"""Whether evidence is still about the commit in question: by the order of things, and by its age.

The order rule comes first: what was shown before the last change of what it covers is stale, whatever its age.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from pydantic import Field

from radeng_assets.execution.globs import covered, covers
from radeng_assets.execution.measuring.sources import is_code
from radeng_assets.readiness.circumstances import Circumstances
from radeng_assets.record import Record

EVERYTHING = ("**",)
"""What evidence covers unless somebody says less."""

_SHOWN = 3

_ANY = "\0/\0"
"""The path of a file that only a pattern for everything means."""


class FreshnessTerms(Record):
    """``freshness:`` of ``readiness.yaml``.

    ``max_age_days`` bounds the age of all evidence that has no limit of its own. ``unrelated`` are paths (globs) of
    which the team says that no gate, criterion or report depends on them: changing only these makes nothing stale. Of
    code nobody can say that, nor of everything at once (``**``).
    """

    max_age_days: float = Field(default=30.0, le=3650)
    unrelated: tuple[str, ...] = ()

    def concern(self, path: str) -> bool:
        """Whether something may depend on a file."""
        named = [pattern for pattern in self.unrelated if not covers(pattern, _ANY)]
        return is_code(path) or not covered(path, named)


def moved_on(
    commit: str | None, circumstances: Circumstances, terms: FreshnessTerms, of: Sequence[str] = EVERYTHING
) -> str:
    """Why what was shown on ``commit`` says nothing about the target's commit; empty where it does (the order rule).

    ``of`` are the paths (globs) that it is about.
    """
    target = circumstances.target
    if target is None or commit is None:
        return ""
    changed = () if commit == target.commit else circumstances.changes.get(commit)
    if changed is None:
        return f"it was shown on {commit[:12]}, which the target does not have any more"
    paths = dict.fromkeys((*changed, *circumstances.ahead))
    touched = [path for path in paths if covered(path, of) and terms.concern(path)]
    if not touched:
        return ""
    more = f" and {len(touched) - _SHOWN} more" if len(touched) > _SHOWN else ""
    return f"it was shown on {commit[:12]}, and since then {', '.join(touched[:_SHOWN])}{more} changed"


def too_old(ended: Iterable[str], circumstances: Circumstances, days: float) -> str:
    """Why evidence of these times (ISO 8601) is too old; empty where it is not."""
    oldest = min((moment(text) for text in ended), default=None)
    if oldest is None or moment(circumstances.as_of) - oldest <= timedelta(days=days):
        return ""
    return f"it is of {oldest.date()}, and may be {days:g} days old at most"


def not_yet(ended: Iterable[str], circumstances: Circumstances) -> str:
    """Why evidence of these times cannot have been made yet; empty where it can."""
    latest = max((moment(text) for text in ended), default=None)
    if latest is None or latest <= moment(circumstances.as_of):
        return ""
    return f"it is dated {latest.isoformat()}, after the moment of judging: a clock was set back"


def moment(text: str) -> datetime:
    """A recorded time. Raises ``ValueError`` for what is none, or has no zone."""
    parsed = datetime.fromisoformat(text)
    if parsed.tzinfo is None:
        raise ValueError(f"{text[:40]!r} names no time zone")
    return parsed


def day(text: str) -> date:
    """The day of a recorded time, in UTC."""
    return moment(text).astimezone(UTC).date()
