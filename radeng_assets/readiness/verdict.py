"""READY or NOT_READY: the contract's verdict document, and how a case becomes one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from radeng_assets.canonical import digest_of
from radeng_assets.evidence.outcomes import DONE, StoryOutcome, StoryStatus, Tokens
from radeng_assets.planning.folder import PlanCounts
from radeng_assets.planning.phases import waiting_reasons
from radeng_assets.planning.schedule import ScheduledWave
from radeng_assets.readiness.acceptance import WaiverVerdict, waiver_verdicts
from radeng_assets.readiness.approval import SignoffStanding
from radeng_assets.readiness.case import Case
from radeng_assets.readiness.circumstances import Target
from radeng_assets.record import Record

CriterionStatus = Literal["verified", "contradicted", "unverified", "stale", "waived"]
GateStatus = Literal["passed", "failed", "blocked", "not_run"]


HOLDING: frozenset[CriterionStatus] = frozenset({"verified", "waived"})
"""The two statuses of a criterion that holds."""


class CriterionVerdict(Record):
    """One success criterion: what was claimed, what was shown, and what to do about the difference.

    ``measured`` and ``threshold`` share a unit: stories for ``stories_completed`` and ``ui_integration``, fractions for
    coverage and error rates; ``None`` where nothing was measured or no threshold applies.
    """

    id: str
    status: CriterionStatus
    claimed: str = ""
    measured: float | None = None
    threshold: float | None = None
    evidence: tuple[str, ...] = ()
    reason: str
    next: str = ""


class CriteriaCount(Record):
    """How many of a story's acceptance criteria a command has shown to hold."""

    verified: int = 0
    unverified: int = 0


class StoryVerdict(Record):
    """Where one story stands.

    ``already_true`` counts the criteria that held before an agent began: they are shown, and nobody's work.
    ``sandboxed`` says whether the last attempt's commands could reach nothing but its workspace (``None``: no agent).
    """

    id: str
    status: StoryStatus
    attempts: int = 0
    commit: str | None = None
    tokens: Tokens = Tokens()
    cost_usd: str = "0.00"
    criteria: CriteriaCount = CriteriaCount()
    already_true: int = 0
    sandboxed: bool | None = None
    reason: str = ""


class WaveVerdict(Record):
    """Where one wave stands."""

    id: str
    gate: GateStatus
    reason: str = ""
    stories: tuple[StoryVerdict, ...] = ()


class PlanIdentity(PlanCounts):
    """What the plan holds, and the digest of its files."""

    digest: str


class Verdict(Record):
    """The whole document (``radeng/verdict/v1``). ``digest`` is over everything else in it.

    ``headline`` is the verdict in a line for people. ``waivers`` and ``signoffs`` are all of them, with where each
    stands.
    """

    schema_: Literal["radeng/verdict/v1"] = "radeng/verdict/v1"
    verdict: Literal["READY", "NOT_READY"]
    headline: str = ""
    digest: str
    plan: PlanIdentity
    target: Target | None
    criteria: tuple[CriterionVerdict, ...]
    waves: tuple[WaveVerdict, ...]
    waivers: tuple[WaiverVerdict, ...] = ()
    signoffs: tuple[SignoffStanding, ...] = ()

    def document(self) -> dict[str, object]:
        """The contract's JSON document."""
        plain = self.model_dump(mode="json")
        return {"schema": plain.pop("schema_"), **plain}


def assemble(case: Case, criteria: tuple[CriterionVerdict, ...], signoffs: tuple[SignoffStanding, ...] = ()) -> Verdict:
    """The verdict of judged criteria: READY if and only if each is ``verified`` or ``waived``."""
    waits = waiting_reasons(case.planning)
    waivers = waiver_verdicts(case)
    ready = bool(criteria) and all(item.status in HOLDING for item in criteria)
    draft = Verdict(
        verdict="READY" if ready else "NOT_READY",
        headline=_headline(ready, criteria, waivers),
        digest="",
        plan=PlanIdentity(**case.planning.counts.model_dump(), digest=case.planning.digest),
        target=case.target,
        criteria=criteria,
        waves=tuple(_wave(case, wave, waits) for wave in _file_order(case)),
        waivers=waivers,
        signoffs=signoffs,
    )
    document = draft.document()
    del document["digest"]
    return draft.model_copy(update={"digest": digest_of(document)})


def _headline(ready: bool, criteria: Sequence[CriterionVerdict], waivers: Sequence[WaiverVerdict]) -> str:
    if not ready:
        holding = sum(1 for item in criteria if item.status in HOLDING)
        return f"NOT_READY: {holding} of {len(criteria)} criteria hold"
    expiries = sorted(waiver.expires for waiver in waivers if waiver.state == "applied" and waiver.expires)
    if not expiries:
        return "READY"
    count = f"{len(expiries)} waiver{'s' if len(expiries) > 1 else ''}"
    return f"READY with {count}, first expires on {expiries[0]}"


def _file_order(case: Case) -> tuple[ScheduledWave, ...]:
    plan = case.planning.execution_plan
    if plan is None:
        return case.schedule.waves
    order = {wave.id.value: index for index, wave in enumerate(plan.waves)}
    return tuple(sorted(case.schedule.waves, key=lambda wave: order.get(wave.id, len(order))))


def _wave(case: Case, wave: ScheduledWave, waits: Mapping[str, str]) -> WaveVerdict:
    stories = tuple(
        _waiting(_story(case, story.id, len(story.story.criteria)), waits.get(story.id, "")) for story in wave.stories
    )
    held: dict[str, list[str]] = {}
    for story in stories:
        if story.id in waits and story.status not in DONE:
            held.setdefault(waits[story.id], []).append(story.id)
    plain = _plain_wave(case, wave, stories)
    reasons = [*([plain.reason] if plain.reason else []), *(f"{', '.join(ids)}: {why}" for why, ids in held.items())]
    return plain.model_copy(update={"reason": "; ".join(reasons)})


def _waiting(story: StoryVerdict, why: str) -> StoryVerdict:
    """A story that is not done and waits for something outside of the plan says so, whatever else stands against it."""
    if not why or story.status in DONE or why in story.reason:
        return story
    return story.model_copy(update={"reason": f"{story.reason}; {why}" if story.reason else why})


def _plain_wave(case: Case, wave: ScheduledWave, stories: tuple[StoryVerdict, ...]) -> WaveVerdict:
    outcome = case.waves.get(wave.id)
    if outcome is not None:
        # A rehearsed gate ran no command, so to the verdict it did not run.
        gate: GateStatus = "not_run" if outcome.gate == "rehearsed" else outcome.gate
        return WaveVerdict(id=wave.id, gate=gate, reason=outcome.reason, stories=stories)
    unmet = [need for need in wave.needs if need in case.waves and not _opens(case, need)]
    if unmet:
        reason = f"waits for {', '.join(unmet)}, which did not pass"
        return WaveVerdict(id=wave.id, gate="blocked", reason=reason, stories=stories)
    lapse = case.lapsed.get(wave.id)
    reason = lapse.reason if lapse else "no run has opened it"
    return WaveVerdict(id=wave.id, gate="not_run", reason=reason, stories=stories)


def _opens(case: Case, wave_id: str) -> bool:
    outcome = case.waves.get(wave_id)
    return outcome is not None and outcome.gate in ("passed", "rehearsed")


def _story(case: Case, story_id: str, criteria: int) -> StoryVerdict:
    outcome: StoryOutcome | None = case.stories.get(story_id)
    if outcome is None:
        lapse = case.lapsed.get(story_id)
        reason = lapse.reason if lapse else ""
        return StoryVerdict(
            id=story_id,
            status="not_run",
            criteria=CriteriaCount(unverified=criteria),
            reason=reason or "no run has reached it",
        )
    verified = sum(1 for item in outcome.criteria if item.state == "passed")
    return StoryVerdict(
        id=story_id,
        status=outcome.status,
        attempts=outcome.attempts,
        commit=outcome.commit,
        tokens=outcome.tokens,
        cost_usd=outcome.cost_usd,
        criteria=CriteriaCount(verified=verified, unverified=criteria - verified),
        already_true=sum(1 for item in outcome.criteria if item.already_true),
        sandboxed=outcome.sandboxed,
        reason=outcome.reason,
    )
