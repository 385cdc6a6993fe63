"""The verdict: a pure function of evidence, in which nothing unknown is a pass."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.canonical import canonical
from radeng_assets.ess.terms import EssTerms
from radeng_assets.evidence.ledger import Ledger
from radeng_assets.evidence.outcomes import (
    CriterionOutcome,
    GateOutcome,
    ReportOutcome,
    StoryOutcome,
    WaveOutcome,
)
from radeng_assets.evidence.states import STATES, State
from radeng_assets.planning.folder import Planning, read_planning, read_sources
from radeng_assets.planning.schedule import Schedule, compile_schedule
from radeng_assets.readiness.case import Case, Target, gather
from radeng_assets.readiness.judge import CRITERIA, judge
from radeng_assets.readiness.policy import Policy
from radeng_assets.readiness.progress import progress_of
from radeng_assets.readiness.verdict import CriterionVerdict, Verdict, assemble
from radeng_assets.record import Record
from radeng_assets_tests.folders import PLAN, write_folder

TARGET = Target(commit="c" * 40, tree="t" * 40)
THIS = "sha256:this"
UI = """\
ui_integration:
  - id: UI-1
    title: Show it
    points: 1
    agent: developer
    dependencies: []
    tasks: []
    acceptance_criteria: [It shows]
"""


@pytest.fixture(scope="module")
def planning(tmp_path_factory: pytest.TempPathFactory) -> Planning:
    folder = write_folder(tmp_path_factory.mktemp("plan"), PLAN + UI)
    (folder / "README.md").write_text(
        "# Plan\n\n## Success Criteria\n\n- [x] All 4 stories completed\n- [ ] Security audit passes\n",
        encoding="utf-8",
    )
    return read_planning(read_sources(folder))


@pytest.fixture(scope="module")
def schedule(planning: Planning) -> Schedule:
    assert planning.execution_plan is not None
    compiled, _ = compile_schedule(planning.execution_plan)
    assert compiled is not None
    return compiled


def done(story: str, wave: str, *, status: str = "already_satisfied", commit: str | None = TARGET.commit) -> Record:
    passed = status in ("already_satisfied", "verified")
    return StoryOutcome.model_validate(
        {
            "story": story,
            "wave": wave,
            "status": status,
            "mode": "none",
            "plan": THIS,
            "session": "s",
            "commit": commit,
            "criteria": [
                CriterionOutcome(number=1, text="It works", state="passed" if passed else "failed").model_dump()
            ],
            "evidence": ["sha256:" + story.encode().hex().ljust(64, "0")],
        }
    )


def closed(wave: str, *, gate: str = "passed") -> Record:
    return WaveOutcome.model_validate(
        {"wave": wave, "gate": gate, "mode": "none", "plan": THIS, "session": "s", "commit": TARGET.commit}
    )


def report(name: str, state: State = "passed") -> Record:
    measured = 100.0 if name == "ess_integration" else None
    return ReportOutcome(
        report=name, state=state, commit=TARGET.commit, measured=measured, evidence=("sha256:" + "1" * 64,)
    )


REPORTS = (
    "test_coverage",
    "load_test",
    "security_audit",
    "ui_integration",
    "ess_integration",
    "documentation",
    "stakeholder_signoff",
)

EVERYTHING: dict[str, Record] = {
    "A-1": done("A-1", "wave-1"),
    "A-2": done("A-2", "wave-1"),
    "B-1": done("B-1", "wave-2"),
    "UI-1": done("UI-1", "ui-integration"),
    "wave-1": closed("wave-1"),
    "wave-2": closed("wave-2"),
    "ui-integration": closed("ui-integration"),
    "final": GateOutcome(phase="post_final", state="passed", plan=THIS, session="s", commit=TARGET.commit),
    **{f"report {name}": report(name) for name in REPORTS},
}
"""All evidence that makes the plan READY, by what it shows."""

KINDS: dict[type[Record], str] = {
    StoryOutcome: "story",
    WaveOutcome: "wave",
    GateOutcome: "gate",
    ReportOutcome: "report",
}


def case_of(
    records: dict[str, Record],
    path: Path,
    planning: Planning,
    schedule: Schedule,
    *,
    target: Target | None = TARGET,
    sound: bool = True,
    plan: str = THIS,
) -> Case:
    ledger = Ledger(path / "ledger.jsonl")
    for record in records.values():
        ledger.append(KINDS[type(record)], record)
    return gather(
        ledger.entries(),
        planning=planning,
        schedule=schedule,
        execution_digest=plan,
        policy=Policy(),
        sound=sound,
        target=target,
    )


def statuses(verdict: Verdict) -> dict[str, str]:
    return {item.id: item.status for item in verdict.criteria}


def test_all_evidence_is_ready(tmp_path: Path, planning: Planning, schedule: Schedule) -> None:
    verdict = judge(case_of(EVERYTHING, tmp_path, planning, schedule))
    assert set(statuses(verdict).values()) == {"verified"}
    assert verdict.verdict == "READY"


@pytest.mark.parametrize("missing", EVERYTHING)
def test_one_piece_missing_is_not_ready(missing: str, tmp_path: Path, planning: Planning, schedule: Schedule) -> None:
    records = {name: record for name, record in EVERYTHING.items() if name != missing}
    assert judge(case_of(records, tmp_path, planning, schedule)).verdict == "NOT_READY"


@pytest.mark.parametrize("status", ["failed", "blocked", "rehearsed", "not_run"])
def test_one_story_not_done_is_not_ready(status: str, tmp_path: Path, planning: Planning, schedule: Schedule) -> None:
    records = {**EVERYTHING, "A-2": done("A-2", "wave-1", status=status)}
    verdict = judge(case_of(records, tmp_path, planning, schedule))
    assert verdict.verdict == "NOT_READY"
    # The README ticks the box: against a failure that is a contradiction, against not knowing it is nothing.
    assert statuses(verdict)["stories_completed"] == ("contradicted" if status == "failed" else "unverified")


@pytest.mark.parametrize("state", [state for state in STATES if state != "passed"])
@pytest.mark.parametrize("name", REPORTS)
def test_one_report_that_did_not_pass_is_not_ready(
    name: str, state: State, tmp_path: Path, planning: Planning, schedule: Schedule
) -> None:
    records = {**EVERYTHING, f"report {name}": report(name, state)}
    verdict = judge(case_of(records, tmp_path, planning, schedule))
    assert verdict.verdict == "NOT_READY"
    assert statuses(verdict)[name] not in ("verified", "waived")


@pytest.mark.parametrize("gate", ["failed", "blocked", "not_run", "rehearsed"])
def test_one_gate_that_did_not_pass_is_not_ready(
    gate: str, tmp_path: Path, planning: Planning, schedule: Schedule
) -> None:
    records = {**EVERYTHING, "wave-1": closed("wave-1", gate=gate)}
    verdict = judge(case_of(records, tmp_path, planning, schedule))
    assert verdict.verdict == "NOT_READY"
    shown = {wave.id: wave.gate for wave in verdict.waves}
    assert shown["wave-1"] == ("not_run" if gate == "rehearsed" else gate)
    assert shown["wave-2"] == "passed"


def test_a_damaged_plan_is_not_ready(tmp_path: Path, planning: Planning, schedule: Schedule) -> None:
    verdict = judge(case_of(EVERYTHING, tmp_path, planning, schedule, sound=False))
    assert verdict.verdict == "NOT_READY"
    assert "could not be read whole" in verdict.criteria[0].reason


def test_evidence_about_another_commit_is_stale(tmp_path: Path, planning: Planning, schedule: Schedule) -> None:
    moved = Target(commit="d" * 40, tree="t" * 40)
    verdict = judge(case_of(EVERYTHING, tmp_path, planning, schedule, target=moved))
    assert verdict.verdict == "NOT_READY"
    assert {name for name, status in statuses(verdict).items() if status == "stale"} == {
        "stories_completed",
        "ui_integration",
        "test_coverage",
        "load_test",
        "security_audit",
        "ess_integration",
        "documentation",
        "stakeholder_signoff",
    }
    assert "about another commit" in {item.id: item.reason for item in verdict.criteria}["ess_integration"]
    assert {story.status for wave in verdict.waves for story in wave.stories} == {"not_run"}


def test_evidence_under_another_plan_does_not_count(tmp_path: Path, planning: Planning, schedule: Schedule) -> None:
    verdict = judge(case_of(EVERYTHING, tmp_path, planning, schedule, plan="sha256:another"))
    assert verdict.verdict == "NOT_READY"
    assert verdict.criteria[0].measured == 0


def test_a_rehearsal_counts_for_nothing_with_a_target(tmp_path: Path, planning: Planning, schedule: Schedule) -> None:
    records = {**EVERYTHING, "A-1": done("A-1", "wave-1", status="rehearsed", commit=None)}
    verdict = judge(case_of(records, tmp_path, planning, schedule))
    assert statuses(verdict)["stories_completed"] == "unverified"


def test_the_latest_outcome_counts(tmp_path: Path, planning: Planning, schedule: Schedule) -> None:
    records = {**EVERYTHING, "again": done("A-1", "wave-1", status="failed")}
    assert judge(case_of(records, tmp_path, planning, schedule)).verdict == "NOT_READY"


def test_same_case_same_bytes(tmp_path: Path, planning: Planning, schedule: Schedule) -> None:
    first = judge(case_of(EVERYTHING, tmp_path / "a", planning, schedule))
    second = judge(case_of(EVERYTHING, tmp_path / "b", planning, schedule))
    assert canonical(first.document()) == canonical(second.document())
    fewer = {name: record for name, record in EVERYTHING.items() if name != "B-1"}
    assert judge(case_of(fewer, tmp_path / "c", planning, schedule)).digest != first.digest


def test_a_wave_behind_one_that_failed_is_blocked(tmp_path: Path, planning: Planning, schedule: Schedule) -> None:
    verdict = judge(case_of({"w": closed("wave-1", gate="failed")}, tmp_path, planning, schedule))
    shown = {wave.id: (wave.gate, wave.reason) for wave in verdict.waves}
    assert shown["wave-2"][0] == "blocked"
    assert "wave-1" in shown["wave-2"][1]
    assert shown["ui-integration"][0] == "not_run"


def test_the_eight_criteria_in_the_contracts_order(tmp_path: Path, planning: Planning, schedule: Schedule) -> None:
    verdict = judge(case_of({}, tmp_path, planning, schedule, target=None))
    assert [item.id for item in verdict.criteria] == list(CRITERIA)
    assert all(item.reason and item.next for item in verdict.criteria)
    assert verdict.criteria[0].claimed.startswith("All 4 stories completed (ticked, README.md:5")


def test_thresholds_come_from_the_plan(tmp_path: Path, planning: Planning, schedule: Schedule) -> None:
    case = case_of({}, tmp_path, planning, schedule)
    coverage = {item.id: item for item in judge(case).criteria}["test_coverage"]
    assert coverage.threshold == 0.8
    strict = case.model_copy(update={"policy": Policy(coverage_minimum=0.95)})
    assert {item.id: item for item in judge(strict).criteria}["test_coverage"].threshold == 0.95


criterion = st.builds(
    CriterionVerdict,
    id=st.just("x"),
    status=st.sampled_from(["verified", "contradicted", "unverified", "stale", "waived"]),
    reason=st.just("because"),
)


@given(st.lists(criterion, max_size=8))
def test_ready_if_and_only_if_all_are_verified_or_waived(criteria: list[CriterionVerdict]) -> None:
    case = Case(planning=Planning(digest="sha256:0"), schedule=Schedule(), policy=Policy(), sound=True)
    verdict = assemble(case, tuple(criteria))
    ready = bool(criteria) and all(item.status in ("verified", "waived") for item in criteria)
    assert (verdict.verdict == "READY") == ready


def test_progress_is_counted_and_not_claimed(tmp_path: Path, planning: Planning, schedule: Schedule) -> None:
    records = {
        "A-1": EVERYTHING["A-1"],
        "A-2": done("A-2", "wave-1", status="failed"),
        "w": closed("wave-1", gate="failed"),
    }
    progress = progress_of(case_of(records, tmp_path, planning, schedule))
    assert progress.summary.model_dump() == {
        "total_stories": 4,
        "completed": 1,
        "in_progress": 1,
        "pending": 2,
        "total_points": 7,
        "completed_points": 1,
        "percentage": 14,
    }
    assert progress.wave_status == {
        "wave-1": "in_progress",
        "wave-2": "pending",
        "ui-integration": "pending",
    }


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"measured": 84.0}, "veracity 84 of 100, at least 85"),
        ({"measured": None}, "not measured"),
        ({"evidence": ()}, "nobody exercised"),
    ],
)
def test_a_code_index_that_cannot_be_trusted_is_not_ready(
    change: dict[str, Any], words: str, tmp_path: Path, planning: Planning, schedule: Schedule
) -> None:
    shaken = report("ess_integration").model_copy(update=change)
    case = case_of({**EVERYTHING, "report ess_integration": shaken}, tmp_path, planning, schedule)
    found = {item.id: item for item in judge(case).criteria}["ess_integration"]
    assert (found.status, found.threshold) == ("unverified", 85)
    assert words in found.reason
    assert found.next
    if change.get("measured"):
        lenient = case.model_copy(update={"policy": Policy(ess=EssTerms(veracity_minimum=84))})
        assert {item.id: item.status for item in judge(lenient).criteria}["ess_integration"] == "verified"


def test_what_waits_for_another_systems_phase_says_so(tmp_path: Path, schedule: Schedule) -> None:
    folder = write_folder(tmp_path / "plan", PLAN + UI)
    (folder / "INTEGRATION-STATUS.md").write_text(
        "| Phase | Status | Blocks |\n|---|---|---|\n| 1: Parser | PENDING | A-1, A-2, wave-2 |\n", encoding="utf-8"
    )
    records = {"A-1": EVERYTHING["A-1"], "w": closed("wave-1", gate="failed")}
    verdict = judge(case_of(records, tmp_path, read_planning(read_sources(folder)), schedule))
    reasons = {story.id: story.reason for wave in verdict.waves for story in wave.stories}
    # What is shown to be done waits for nothing.
    assert "waits for" not in reasons["A-1"]
    assert "waits for phase 1 (Parser): it is PENDING" in reasons["A-2"]
    assert "which holds up its wave wave-2" in reasons["B-1"]
    assert "waits for phase" not in reasons["UI-1"]
    assert "A-2: waits for phase 1 (Parser): it is PENDING" in {w.id: w.reason for w in verdict.waves}["wave-1"]
