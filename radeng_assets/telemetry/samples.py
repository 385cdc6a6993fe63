"""Samples: the values of every metric, from the record and the present. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from importlib.metadata import version
from typing import get_args

from radeng_assets.evidence.outcomes import GateState, StoryStatus
from radeng_assets.execution.attempts import AttemptEnding
from radeng_assets.execution.broker.line import Refusal
from radeng_assets.readiness.signoff import Decision
from radeng_assets.readiness.verdict import CriterionStatus, GateStatus
from radeng_assets.telemetry.activity import TOKEN_CLASSES, Activity, ActivityKind
from radeng_assets.telemetry.chronicle import Chronicle
from radeng_assets.telemetry.course import GIVEN_UP
from radeng_assets.telemetry.present import Present, is_open_attempt

RECORD_KINDS = (
    "ticket", "attempt", "attempt_end", "showing", "story", "wave", "over", "gate", "measurement", "signoff",
)  # fmt: skip
"""Kinds of records that are told apart; any other is ``other``."""

_RESULTS = {
    "settled": "settled",
    "kept": "kept",
    "no usage: charged the reservation": "charged",
    **{kind: kind.removeprefix("radeng_") for kind in get_args(Refusal)},
}
_STATUS = re.compile(r"status ([45])\d\d")

Labels = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """A value of a metric; the labels' values stand in the order of its names. A histogram has ``observed``."""

    metric: str
    labels: Labels = ()
    value: float = 0.0
    observed: tuple[float, ...] = ()


def samples_of(chronicle: Chronicle, course: Iterable[Activity], present: Present) -> Iterator[Sample]:
    """Every sample there is. What is not known has none: no series is better than a false 0."""
    activities = tuple(course)
    yield from _record(chronicle)
    yield from _outcomes(activities)
    yield from _turns(activities)
    yield from _durations(activities)
    yield from _now(activities, present)
    yield from _verdict(present)
    yield from _broker(chronicle, present)


def _record(chronicle: Chronicle) -> Iterator[Sample]:
    yield Sample("radeng_build_info", (version("radeng-assets"),), 1)
    kinds = Counter(entry.kind if entry.kind in RECORD_KINDS else "other" for entry in chronicle.entries)
    yield from _counts("radeng_ledger_records_total", kinds, RECORD_KINDS)


def _outcomes(course: tuple[Activity, ...]) -> Iterator[Sample]:
    yield Sample("radeng_runs_total", (), sum(activity.kind == "run" for activity in course))
    yield from _counts("radeng_wave_outcomes_total", _states(course, "wave"), (*get_args(GateState), GIVEN_UP))
    yield from _counts("radeng_story_outcomes_total", _states(course, "story"), get_args(StoryStatus))
    yield from _counts("radeng_attempts_total", _states(course, "attempt"), get_args(AttemptEnding))
    yield from _counts("radeng_signoffs_total", _states(course, "signoff"), get_args(Decision))
    measured = Counter((one.name, one.state) for one in course if one.kind == "measurement")
    yield from (Sample("radeng_measurements_total", labels, count) for labels, count in measured.items())


def _turns(course: tuple[Activity, ...]) -> Iterator[Sample]:
    turns: Counter[Labels] = Counter()
    tokens: Counter[Labels] = Counter()
    cost: defaultdict[str, Decimal] = defaultdict(Decimal)
    for call in course:
        if call.kind != "call" or call.used is None:
            continue
        turns[call.name, call.state] += 1
        cost[call.name] += Decimal(call.used.cost_usd)
        for kind in TOKEN_CLASSES:
            tokens[call.name, kind] += int(getattr(call.used, kind))
    yield from (Sample("radeng_turns_total", labels, count) for labels, count in turns.items())
    yield from (Sample("radeng_tokens_total", labels, count) for labels, count in tokens.items())
    yield from (Sample("radeng_cost_usd_total", (model,), float(spent)) for model, spent in cost.items())


def _durations(course: tuple[Activity, ...]) -> Iterator[Sample]:
    yield from _observed("radeng_attempt_duration_seconds", course, "attempt", lambda one: (one.state,))
    yield from _observed("radeng_turn_duration_seconds", course, "call", lambda one: (one.name,))
    yield from _observed("radeng_gate_duration_seconds", course, "gate", lambda one: (one.name, one.state))
    yield from _observed("radeng_proof_duration_seconds", course, "proof", lambda one: (one.name, one.state))


def _now(course: tuple[Activity, ...], present: Present) -> Iterator[Sample]:
    yield Sample("radeng_agents_running", (), present.running)
    yield Sample("radeng_attempts_open", (), sum(map(is_open_attempt, course)))
    yield Sample("radeng_stopped", (), present.stopped)
    if present.readiness is not None:
        yield from (Sample("radeng_check_ok", (check.name,), check.ok) for check in present.readiness.checks)
    if present.findings is not None:
        yield from (Sample("radeng_findings", (level,), count) for level, count in present.findings.items())


def _verdict(present: Present) -> Iterator[Sample]:
    verdict = present.verdict
    if verdict is None:
        return
    yield Sample("radeng_verdict_ready", (), verdict.verdict == "READY")
    if present.verdict_at is not None:
        yield Sample("radeng_verdict_timestamp_seconds", (), present.verdict_at / 1000)
    for criterion in verdict.criteria:
        for status in get_args(CriterionStatus):
            yield Sample("radeng_criterion_status", (criterion.id, status), criterion.status == status)
        if criterion.measured is not None:
            yield Sample("radeng_criterion_measured", (criterion.id,), criterion.measured)
        if criterion.threshold is not None:
            yield Sample("radeng_criterion_threshold", (criterion.id,), criterion.threshold)
    for name, oldest in present.evidence.items():
        yield Sample("radeng_evidence_age_seconds", (name,), max(0.0, (present.at - oldest) / 1000))
    stories = Counter(story.status for wave in verdict.waves for story in wave.stories)
    yield from _counts("radeng_stories", stories, get_args(StoryStatus))
    yield from _counts("radeng_waves", Counter(wave.gate for wave in verdict.waves), get_args(GateStatus))


def _broker(chronicle: Chronicle, present: Present) -> Iterator[Sample]:
    yield Sample("radeng_broker_up", (), present.broker is not None)
    if present.broker is not None:
        yield Sample("radeng_broker_in_flight", (), present.broker.in_flight)
        yield Sample("radeng_broker_circuit_open", (), present.broker.circuit_open)
    results = Counter(result_of(str(entry.body.get("what"))) for entry in chronicle.requests if entry.kind == "turn")
    yield from (Sample("radeng_broker_requests_total", (result,), count) for result, count in results.items())


def result_of(what: str) -> str:
    """What the audit says of a request, as one of few words."""
    status = _STATUS.fullmatch(what)
    return f"http_{status[1]}xx" if status else _RESULTS.get(what, "other")


def _states(course: tuple[Activity, ...], kind: ActivityKind) -> Counter[str]:
    return Counter(one.state for one in course if one.kind == kind and one.over)


def _counts(metric: str, counted: Mapping[str, int], known: Iterable[str]) -> Iterator[Sample]:
    """A sample for each value that there can be, 0 among them: an alert on an increase needs a first value."""
    yield from (Sample(metric, (name,), counted.get(name, 0)) for name in dict.fromkeys((*known, *counted)))


def _observed(
    metric: str, course: tuple[Activity, ...], kind: ActivityKind, labels: Callable[[Activity], Labels]
) -> Iterator[Sample]:
    found: defaultdict[Labels, list[float]] = defaultdict(list)
    for activity in course:
        if activity.kind == kind and activity.over:
            found[labels(activity)].append(activity.seconds)
    yield from (Sample(metric, names, observed=tuple(seconds)) for names, seconds in found.items())
