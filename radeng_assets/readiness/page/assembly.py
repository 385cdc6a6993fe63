"""From a case and its verdict to the page's facts: the one place where they are put together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from radeng_assets.evidence.envelope import Producer
from radeng_assets.evidence.ledger import GENESIS, Entry
from radeng_assets.planning.audit import Audit
from radeng_assets.planning.documents.execution_plan import Story
from radeng_assets.planning.forecast import Forecast, forecast
from radeng_assets.planning.ranking import Ranking, rank_risks
from radeng_assets.readiness.case import Case
from radeng_assets.readiness.page.facts import PageFacts, Provenance, Spending, SpendRow, StoryRow, WaveRow
from radeng_assets.readiness.page.history import FilesOf, trends_of
from radeng_assets.readiness.page.spending import spending_of
from radeng_assets.readiness.page.steps import steps_of
from radeng_assets.readiness.verdict import HOLDING, StoryVerdict, Verdict

MOST_FORECAST = 1000
"""Stories up to which the page has a forecast: 10,000 runs of so many take a second."""


@dataclass(frozen=True, slots=True)
class Past:
    """What came before the verdict: the ledger's entries (oldest first), how evidence is read, a commit's files."""

    entries: Sequence[Entry]
    read: Callable[[str], bytes]
    files_of: FilesOf


def facts_of(
    case: Case, verdict: Verdict, *, audit: Audit, past: Past, plan_name: str, execution_digest: str
) -> PageFacts:
    """The facts of a page about ``verdict``, which is ``case`` judged. ``plan_name`` is the plan's in the ledger."""
    ceiling = f"{case.policy.agents.spending.plan:.2f}"
    spending = spending_of(past.entries, plan_name, case.schedule, ceiling)
    register = case.planning.risk_register
    plan = case.planning.execution_plan
    return PageFacts(
        vision=" ".join(plan.vision.value.split()) if plan and plan.vision else "",
        headline=_sentence(verdict),
        verdict=verdict,
        broken=case.broken,
        steps=steps_of(verdict),
        waves=_waves(case, verdict, spending),
        trends=trends_of(case, past.entries, past.read, execution_digest, past.files_of),
        ranking=rank_risks(register) if register else Ranking(),
        forecast=_forecast(case),
        agents=case.schedule.agents,
        spending=spending,
        reports=tuple(case.reports.values()),
        audit=audit,
        waivers=verdict.waivers,
        signoffs=verdict.signoffs,
        provenance=Provenance(
            plan_name=plan_name,
            plan_digest=verdict.plan.digest,
            commit=verdict.target.commit if verdict.target else None,
            tree=verdict.target.tree if verdict.target else None,
            ledger_head=past.entries[-1].hash if past.entries else GENESIS,
            entries=len(past.entries),
            as_of=case.circumstances.as_of,
            producer=Producer().name,
            version=Producer().version,
            verdict_digest=verdict.digest,
        ),
    )


def _sentence(verdict: Verdict) -> str:
    """The verdict's headline for people, beside its one word."""
    met = sum(1 for item in verdict.criteria if item.status in HOLDING)
    said = f"{met} of {len(verdict.criteria)} success criteria are shown to hold."
    days = sorted(waiver.expires for waiver in verdict.waivers if waiver.state == "applied" and waiver.expires)
    count = f"{len(days)} waivers are" if len(days) > 1 else "1 waiver is"
    return f"{said} {count} in force, until {days[0]} at first." if days else said


def _forecast(case: Case) -> Forecast | None:
    plan = case.planning.execution_plan
    if plan is None or not 0 < len(case.schedule.stories) <= MOST_FORECAST:
        return None
    weeks = plan.meta.estimated_weeks
    return forecast(case.schedule, claimed=weeks.value if weeks else None)


def _waves(case: Case, verdict: Verdict, spending: Spending) -> tuple[WaveRow, ...]:
    planned = {story.id: story.story for story in case.schedule.stories}
    by_story = {row.subject: row for row in spending.stories}
    by_wave = {row.subject: row for row in spending.waves}
    rows: list[WaveRow] = []
    for wave in verdict.waves:
        scheduled = case.schedule.wave(wave.id)
        outcome = case.waves.get(wave.id)
        rows.append(
            WaveRow(
                id=wave.id,
                name=scheduled.wave.name.value if scheduled.wave.name else "",
                gate=wave.gate,
                reason=wave.reason,
                needs=scheduled.needs,
                stories=tuple(_story(case, story, planned[story.id], by_story[story.id]) for story in wave.stories),
                spend=by_wave[wave.id],
                evidence=outcome.evidence if outcome else (),
            )
        )
    return tuple(rows)


def _story(case: Case, verdict: StoryVerdict, planned: Story, spend: SpendRow) -> StoryRow:
    outcome = case.stories.get(verdict.id)
    evidence = (*outcome.evidence, *(d for item in outcome.criteria for d in item.evidence)) if outcome else ()
    return StoryRow(
        id=verdict.id,
        title=planned.title.value if planned.title else "",
        points=planned.points.value if planned.points else None,
        verdict=verdict,
        spend=spend,
        criteria=outcome.criteria if outcome else (),
        evidence=tuple(dict.fromkeys(evidence)),
    )
