"""The case: everything that a verdict rests on, gathered and checked before anything is judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from pydantic import Field, ValidationError

from radeng_assets.evidence.ledger import Entry
from radeng_assets.evidence.measures import Measurement, demand_of
from radeng_assets.evidence.outcomes import GateOutcome, StoryOutcome, WaveOutcome
from radeng_assets.evidence.ssh_signature import verify as verify_signature
from radeng_assets.planning.documents.execution_plan import QualityGates
from radeng_assets.planning.folder import Planning
from radeng_assets.planning.schedule import Schedule
from radeng_assets.readiness.circumstances import Circumstances, Target
from radeng_assets.readiness.freshness import moment, moved_on, not_yet, too_old
from radeng_assets.readiness.policy import Policy
from radeng_assets.readiness.reports.assessment import Assessment
from radeng_assets.readiness.reports.ess import ESS
from radeng_assets.readiness.reports.material import Material
from radeng_assets.readiness.reports.reports import ASSESSORS
from radeng_assets.readiness.reports.stand_ins import stand_ins
from radeng_assets.readiness.reports.terms import ReportTerms
from radeng_assets.readiness.signoff import RecordedSignoff, Verify, recorded_signoffs
from radeng_assets.readiness.soundness import Evidence, Unsound, Witness
from radeng_assets.record import Record

Outcome = TypeVar("Outcome", StoryOutcome, WaveOutcome, GateOutcome)
Body = TypeVar("Body", bound=Record)

NO_REPORT = "nothing is measured for it on this commit"


class Lapse(Record):
    """Why a recorded outcome does not count: it is ``stale``, or its evidence does not bear it out."""

    stale: bool
    reason: str


class Case(Record):
    """The inputs of one verdict. Two equal cases give equal verdicts, byte for byte.

    ``stories``, ``waves`` and ``final_gate`` are the latest outcomes under this very execution plan that are about the
    target, fresh, and borne out by their evidence; ``lapsed`` says of those that are not why they do not count (by
    story, wave, or ``final_gate``). ``reports`` are assessments by report, ``signoffs`` what people signed, oldest
    first. ``broken`` says why nothing can be believed at all. ``sound`` is false where reading the plan may have lost
    part of it. ``refusal`` is why the plan's audit lets nobody carry it out, where the policy says that it may block.
    """

    planning: Planning
    schedule: Schedule
    execution_digest: str = ""
    policy: Policy
    sound: bool
    refusal: str = ""
    circumstances: Circumstances
    stories: dict[str, StoryOutcome] = Field(default_factory=dict[str, StoryOutcome])
    waves: dict[str, WaveOutcome] = Field(default_factory=dict[str, WaveOutcome])
    final_gate: GateOutcome | None = None
    reports: dict[str, Assessment] = Field(default_factory=dict[str, Assessment])
    lapsed: dict[str, Lapse] = Field(default_factory=dict[str, Lapse])
    signoffs: tuple[RecordedSignoff, ...] = ()
    broken: tuple[str, ...] = ()

    @property
    def target(self) -> Target | None:
        """The commit that the verdict is about."""
        return self.circumstances.target


@dataclass(frozen=True, slots=True)
class Records:
    """What is on record: the ledger's entries, oldest first, where its chain is broken, and how evidence is read.

    ``read`` raises ``EvidenceMissing`` or ``EvidenceChanged``.
    """

    entries: Iterable[Entry]
    problems: tuple[str, ...]
    read: Callable[[str], bytes]


def gather(
    records: Records,
    *,
    planning: Planning,
    schedule: Schedule,
    execution_digest: str,
    policy: Policy,
    sound: bool,
    circumstances: Circumstances,
    refusal: str = "",
    verify: Verify = verify_signature,
) -> Case:
    """Pick the latest outcomes that count, assess what was measured, and check what was signed (by ``verify``)."""
    gates = planning.execution_plan.gates if planning.execution_plan else QualityGates()
    evidence = Evidence(records.read)
    gatherer = _Gatherer(
        case=Case(
            planning=planning,
            schedule=schedule,
            execution_digest=execution_digest,
            policy=policy,
            sound=sound,
            refusal=refusal,
            circumstances=circumstances,
        ),
        execution_digest=execution_digest,
        evidence=evidence,
        witness=Witness(evidence, execution_digest, gates, planning.verification),
        verify=verify,
    )
    return gatherer.gathered(tuple(records.entries), records.problems)


def _bodies(entries: Iterable[Entry], kind: str, record: type[Body], unread: list[str]) -> list[Body]:
    """The bodies of one kind. One that is none of ours is named in ``unread``: whoever wrote it was not the product."""
    found: list[Body] = []
    for entry in entries:
        if entry.kind == kind:
            try:
                found.append(record.model_validate(entry.body))
            except ValidationError:
                unread.append(f"ledger.jsonl:{entry.seq}: the record is called {kind} and is none")
    return found


def _cited(outcome: StoryOutcome | WaveOutcome | GateOutcome) -> tuple[str, ...]:
    """All evidence of an outcome, that of its criteria too."""
    criteria = outcome.criteria if isinstance(outcome, StoryOutcome) else ()
    return (*outcome.evidence, *(digest for item in criteria for digest in item.evidence))


@dataclass(frozen=True, slots=True)
class _Gatherer:
    case: Case
    execution_digest: str
    evidence: Evidence
    witness: Witness
    verify: Verify

    def gathered(self, entries: tuple[Entry, ...], problems: tuple[str, ...]) -> Case:
        lapsed: dict[str, Lapse] = {}
        unread: list[str] = []
        known = {story.id: story.story for story in self.case.schedule.stories}
        told = [outcome for outcome in _bodies(entries, "story", StoryOutcome, unread) if outcome.story in known]
        stories = self._latest(told, lambda o: o.story, lapsed)
        waves = self._latest(_bodies(entries, "wave", WaveOutcome, unread), lambda o: o.wave, lapsed)
        finals = self._latest(_bodies(entries, "gate", GateOutcome, unread), lambda _: "final_gate", lapsed)
        measurements = _bodies(entries, "measurement", Measurement, unread)
        if self.case.target is not None:
            witness = self.witness
            stories = self._borne_out(stories, lambda o: witness.story(o, known[o.story]), lapsed)
            waves = self._borne_out(waves, witness.wave, lapsed)
            finals = self._borne_out(finals, witness.final, lapsed)
        return self.case.model_copy(
            update={
                "stories": stories,
                "waves": waves,
                "final_gate": finals.get("final_gate"),
                "reports": self._reports(measurements),
                "lapsed": lapsed,
                "signoffs": recorded_signoffs(entries, self.case.planning.allowed_signers, self.verify),
                "broken": (*problems, *unread, *self._clock(entries)),
            }
        )

    def _latest(
        self, outcomes: Iterable[Outcome], key: Callable[[Outcome], str], lapsed: dict[str, Lapse]
    ) -> dict[str, Outcome]:
        """The latest outcome of each that counts by plan and order; why there is none, where there is only another."""
        found: dict[str, Outcome] = {}
        for outcome in outcomes:
            reason = self._elsewhere(outcome)
            if not reason:
                found[key(outcome)] = outcome
                lapsed.pop(key(outcome), None)
            elif outcome.commit is not None and key(outcome) not in found:
                lapsed[key(outcome)] = Lapse(stale=True, reason=reason)
        return found

    def _elsewhere(self, outcome: StoryOutcome | WaveOutcome | GateOutcome) -> str:
        if outcome.plan != self.execution_digest:
            return "it was shown under another execution plan"
        if (outcome.commit is None) != (self.case.target is None):
            return "it is about no commit"
        terms = self.case.policy.freshness
        return self._of_another_tree(outcome) or moved_on(outcome.commit, self.case.circumstances, terms)

    def _of_another_tree(self, outcome: StoryOutcome | WaveOutcome | GateOutcome | Measurement) -> str:
        """Why an outcome cannot be about the commit that it names, as far as that is known: its tree is another."""
        target = self.case.target
        if target is None or outcome.tree == target.tree:
            return ""
        same = outcome.commit == target.commit or self.case.circumstances.changes.get(outcome.commit or "") == ()
        return f"it names another tree than that of {str(outcome.commit)[:12]}" if same else ""

    def _borne_out(
        self, outcomes: dict[str, Outcome], doubt: Callable[[Outcome], str], lapsed: dict[str, Lapse]
    ) -> dict[str, Outcome]:
        found: dict[str, Outcome] = {}
        for key, outcome in outcomes.items():
            reason, stale = doubt(outcome), False
            if not reason:
                reason, stale = self._aged(_cited(outcome))
            if reason:
                lapsed[key] = Lapse(stale=stale, reason=reason)
            else:
                found[key] = outcome
        return found

    def _aged(self, evidence: tuple[str, ...], days: float | None = None) -> tuple[str, bool]:
        """(why it is too old, whether that is so). Outcomes that show nothing may cite nothing, and do not age."""
        try:
            ended = self.witness.ended(evidence)
        except Unsound as unsound:
            return str(unsound), False
        if early := not_yet(ended, self.case.circumstances):
            return early, False
        reason = too_old(ended, self.case.circumstances, days or self.case.policy.freshness.max_age_days)
        return reason, bool(reason)

    def _clock(self, entries: tuple[Entry, ...]) -> tuple[str, ...]:
        if not entries:
            return ()
        last, now = entries[-1], self.case.circumstances.as_of
        try:
            late = moment(last.at) > moment(now)
        except ValueError:
            return (f"ledger.jsonl:{last.seq}: {last.at[:40]!r} is no time",)
        return (f"the clock says {now}, and the last record is of {last.at}",) if late else ()

    def _reports(self, measurements: Iterable[Measurement]) -> dict[str, Assessment]:
        taken: dict[str, list[Measurement]] = {name: [] for name in ASSESSORS}
        for measurement in measurements:
            taken.setdefault(measurement.report, []).append(measurement)
        return {name: self._report(name, taken[name]) for name in ASSESSORS}

    def _terms(self, name: str) -> ReportTerms:
        if name == ESS:
            return ReportTerms(max_age_days=self.case.policy.ess.max_age_days)
        return self.case.policy.reports.of(name)

    def _report(self, name: str, taken: list[Measurement]) -> Assessment:
        if self.case.target is None:
            return Assessment(report=name, state="missing", reason="there is no target, so no commit to measure")
        terms = self._terms(name)
        if not terms.measures and name != ESS:
            reason = f"readiness.yaml names no measures for it (reports: {name}: measures)"
            return Assessment(report=name, state="missing", reason=reason)
        demand = demand_of(name, terms.measures)
        stale = ""
        for measurement in reversed(taken):
            moved = self._of_another_tree(measurement) or moved_on(
                measurement.commit, self.case.circumstances, self.case.policy.freshness, terms.covers
            )
            if measurement.demand != demand:
                stale = stale or "it was measured by other commands than readiness.yaml names now"
            elif moved:
                stale = stale or moved
            else:
                return self._assessed(name, measurement)
        if stale:
            return Assessment(report=name, state="stale", reason=stale)
        return Assessment(report=name, state="missing", reason=NO_REPORT)

    def _assessed(self, name: str, measurement: Measurement) -> Assessment:
        terms = self._terms(name)
        bare = Assessment(report=name, state="no_runner", commit=measurement.commit, evidence=measurement.evidence)
        if measurement.reason:
            return bare.model_copy(update={"reason": measurement.reason})
        reason, stale = self._aged(measurement.evidence, terms.max_age_days)
        if reason:
            return bare.model_copy(update={"state": "stale" if stale else "failed", "reason": reason})
        try:
            material = Material(
                report=name,
                commit=measurement.commit,
                envelopes=self.witness.measurement(measurement, terms.measures),
                read=self.evidence.bytes_of,
                tree=self.case.circumstances.files,
                planning=self.case.planning,
                policy=self.case.policy,
                as_of=self.case.circumstances.as_of,
            )
            assessment = ASSESSORS[name](material)
        except Unsound as unsound:
            return bare.model_copy(update={"state": "failed", "reason": str(unsound)})
        issues = (*assessment.issues, *stand_ins(material))
        known = {"commit": measurement.commit, "evidence": measurement.evidence, "issues": issues}
        return assessment.model_copy(update=known)
