"""What the page says, as records: assembled in one place, drawn in another, compared by value."""

from __future__ import annotations

from radeng_assets.evidence.outcomes import CriterionOutcome, Tokens
from radeng_assets.planning.audit import Audit
from radeng_assets.planning.forecast import Forecast
from radeng_assets.planning.ranking import Ranking
from radeng_assets.readiness.acceptance import WaiverVerdict
from radeng_assets.readiness.approval import SignoffStanding
from radeng_assets.readiness.reports.assessment import Assessment
from radeng_assets.readiness.verdict import CriterionVerdict, GateStatus, StoryVerdict, Verdict
from radeng_assets.record import Record


class Step(Record):
    """One thing to do next, and the criteria that wait for it, the worst first."""

    do: str
    criteria: tuple[CriterionVerdict, ...]


class SpendRow(Record):
    """What a story or a wave has consumed in all attempts ever made at it. ``usd`` is a decimal text."""

    subject: str
    attempts: int = 0
    tokens: Tokens = Tokens()
    usd: str = "0.00"


class Spending(Record):
    """Money and tokens from the ledger's attempts. ``ceiling`` is the plan's limit in USD, a decimal text."""

    total: SpendRow = SpendRow(subject="total")
    waves: tuple[SpendRow, ...] = ()
    stories: tuple[SpendRow, ...] = ()
    ceiling: str = "0.00"


class StoryRow(Record):
    """One story: what the plan says of it, what the verdict says, and what was shown.

    ``points`` are story points, ``None`` where the plan states none; ``evidence`` are envelope digests.
    """

    id: str
    title: str
    points: int | None
    verdict: StoryVerdict
    spend: SpendRow
    criteria: tuple[CriterionOutcome, ...] = ()
    evidence: tuple[str, ...] = ()


class WaveRow(Record):
    """One wave with its stories. ``needs`` are the waves that come first."""

    id: str
    name: str
    gate: GateStatus
    reason: str
    needs: tuple[str, ...]
    stories: tuple[StoryRow, ...]
    spend: SpendRow
    evidence: tuple[str, ...] = ()


class TrendPoint(Record):
    """What one recorded measurement came to. ``measured`` is ``None`` where it showed nothing that counts."""

    commit: str
    at: str
    waves: tuple[str, ...] = ()
    measured: float | None = None
    state: str
    reason: str = ""


class Trend(Record):
    """One figure over commits, oldest first, in the criterion's unit (``criterion`` is its id)."""

    report: str
    title: str
    criterion: str
    threshold: float | None = None
    points: tuple[TrendPoint, ...] = ()


class Provenance(Record):
    """What the page was made from. ``as_of`` is UTC, ISO 8601; ``entries`` counts the ledger's records."""

    plan_name: str
    plan_digest: str
    commit: str | None
    tree: str | None
    ledger_head: str
    entries: int
    as_of: str
    producer: str
    version: str
    verdict_digest: str


class PageFacts(Record):
    """Everything on the page. Equal facts give equal bytes."""

    vision: str
    headline: str
    verdict: Verdict
    broken: tuple[str, ...]
    steps: tuple[Step, ...]
    waves: tuple[WaveRow, ...]
    trends: tuple[Trend, ...]
    ranking: Ranking
    forecast: Forecast | None
    agents: int
    spending: Spending
    reports: tuple[Assessment, ...]
    audit: Audit
    waivers: tuple[WaiverVerdict, ...]
    signoffs: tuple[SignoffStanding, ...]
    provenance: Provenance

    @property
    def stories(self) -> tuple[StoryRow, ...]:
        """Every story, wave by wave."""
        return tuple(story for wave in self.waves for story in wave.stories)
