"""For how long a home keeps what it may let go: the ``retention:`` part of ``readiness.yaml``."""

from __future__ import annotations

from pydantic import Field

from radeng_assets.record import Record

DAYS = 7.0
LEAST = 3
"""Both from the plan of rad-engineer-v2, which asks them of checkpoints."""


class KindTerms(Record):
    """What holds for one kind in place of what holds for all."""

    days: float | None = Field(default=None, ge=1, le=3650)
    least: int | None = Field(default=None, ge=1, le=100_000)


class RetentionTerms(Record):
    """What is older than ``days`` may go, but for the ``least`` newest of each kind, and whatever is needed.

    A day is the least: what a run under way has made and not yet recorded is never so old.
    """

    days: float = Field(default=DAYS, ge=1, le=3650)
    least: int = Field(default=LEAST, ge=1, le=100_000)
    runs: KindTerms = KindTerms()
    evidence: KindTerms = KindTerms()
    replies: KindTerms = KindTerms()
    benches: KindTerms = KindTerms()
    worktrees: KindTerms = KindTerms()
    setup: KindTerms = KindTerms()
    plans: KindTerms = KindTerms()
    index: KindTerms = KindTerms()
    answers: KindTerms = KindTerms()
    scanners: KindTerms = KindTerms()
    load: KindTerms = KindTerms()
    locks: KindTerms = KindTerms()
    drafts: KindTerms = KindTerms()

    def of(self, kind: str) -> tuple[float, int]:
        """(days, least) of a kind."""
        own = getattr(self, kind, None)
        terms = own if isinstance(own, KindTerms) else KindTerms()
        days = self.days if terms.days is None else terms.days
        return days, self.least if terms.least is None else terms.least
