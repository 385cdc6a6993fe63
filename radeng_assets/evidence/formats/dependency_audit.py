"""A dependency audit, whichever tool made it: what was looked at, what was not, and what is known to be weak."""

from __future__ import annotations

from radeng_assets.evidence.states import State, combine
from radeng_assets.record import Record


class Advisory(Record):
    """A published weakness of a package that is in use.

    ``version`` is the one in use, or the range that is weak where the tool does not say which is in use.
    ``severity`` is the tool's own word, ``None`` where it has none. ``fixed`` are the versions that are not weak.
    """

    id: str
    package: str
    version: str
    severity: str | None = None
    fixed: tuple[str, ...] = ()


class DependencyAudit(Record):
    """``audited`` is how many packages were looked up; ``skipped`` are those that were not, each with the reason."""

    tool: str
    audited: int
    skipped: tuple[tuple[str, str], ...] = ()
    advisories: tuple[Advisory, ...] = ()

    @property
    def state(self) -> State:
        """What the audit shows: an audit of nothing is ``missing``, one that left packages out ``skipped``."""
        told: list[State] = ["passed" if self.audited else "missing"]
        if self.advisories:
            told.append("failed")
        if self.skipped:
            told.append("skipped")
        return combine(told)
