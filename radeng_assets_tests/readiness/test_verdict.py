"""The verdict: a pure function of evidence, in which nothing unknown is a pass."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.canonical import canonical
from radeng_assets.ess.terms import EssTerms
from radeng_assets.evidence.states import STATES, State
from radeng_assets.planning.folder import Planning
from radeng_assets.planning.schedule import Schedule
from radeng_assets.readiness.case import Case
from radeng_assets.readiness.circumstances import Circumstances, Target
from radeng_assets.readiness.judge import CRITERIA, judge
from radeng_assets.readiness.policy import Policy
from radeng_assets.readiness.progress import progress_of
from radeng_assets.readiness.verdict import CriterionVerdict, Verdict, assemble
from radeng_assets_tests.readiness.dossier import NOW, STORIES, TARGET, WAVES, Dossier, assessed, at

CRITERION_OF = {
    "coverage": "test_coverage",
    "load": "load_test",
    "security": "security_audit",
    "ui": "ui_integration",
    "ess": "ess_integration",
    "documentation": "documentation",
}


@pytest.fixture
def dossier(tmp_path: Path) -> Dossier:
    return Dossier.at(tmp_path)


def statuses(verdict: Verdict) -> dict[str, str]:
    return {item.id: item.status for item in verdict.criteria}


def of(case: Case, criterion: str) -> CriterionVerdict:
    return {item.id: item for item in judge(case).criteria}[criterion]


def unsigned(verdict: Verdict) -> set[str]:
    """The criteria that do not hold, but for the sign-off, which has tests of its own."""
    return {name for name, status in statuses(verdict).items() if status != "verified"} - {"stakeholder_signoff"}


def test_all_evidence_is_ready_but_for_the_people(dossier: Dossier) -> None:
    dossier.everything()
    assert unsigned(judge(dossier.case())) == set()


@pytest.mark.parametrize("missing", [*STORIES, *WAVES, "final"])
def test_one_piece_missing_is_not_ready(missing: str, dossier: Dossier) -> None:
    dossier.everything(but=missing)
    assert "stories_completed" in unsigned(judge(dossier.case()))


@pytest.mark.parametrize("status", ["failed", "blocked", "rehearsed", "not_run"])
def test_one_story_not_done_is_not_ready(status: str, dossier: Dossier) -> None:
    dossier.everything(but="A-2")
    dossier.story("A-2", status)
    # The README ticks the box: against a failure that is a contradiction, against not knowing it is nothing.
    expected = "contradicted" if status == "failed" else "unverified"
    assert statuses(judge(dossier.case()))["stories_completed"] == expected


@pytest.mark.parametrize("state", [state for state in STATES if state != "passed"])
@pytest.mark.parametrize("name", CRITERION_OF)
def test_one_report_that_did_not_pass_is_not_ready(name: str, state: State, dossier: Dossier) -> None:
    dossier.everything()
    verdict = judge(dossier.case({name: assessed(name, state)}))
    assert unsigned(verdict) == {CRITERION_OF[name]}


@pytest.mark.parametrize("gate", ["failed", "blocked", "not_run", "rehearsed"])
def test_one_gate_that_did_not_pass_is_not_ready(gate: str, dossier: Dossier) -> None:
    dossier.everything(but="wave-1")
    dossier.wave("wave-1", gate)
    verdict = judge(dossier.case())
    assert "stories_completed" in unsigned(verdict)
    shown = {wave.id: wave.gate for wave in verdict.waves}
    assert shown["wave-1"] == ("not_run" if gate == "rehearsed" else gate)
    assert shown["wave-2"] == "passed"


def test_a_damaged_plan_is_not_ready(dossier: Dossier) -> None:
    dossier.everything()
    assert "could not be read whole" in of(dossier.case(sound=False), "stories_completed").reason


def test_evidence_about_another_commit_is_stale(dossier: Dossier) -> None:
    dossier.everything()
    moved = Target(commit="d" * 40, tree="8" * 40)
    verdict = judge(dossier.case(target=moved, changes={TARGET.commit: ("counter.py",)}))
    assert {statuses(verdict)[name] for name in ("stories_completed", "ui_integration")} == {"stale"}
    assert "counter.py changed" in verdict.criteria[0].reason
    assert {story.status for wave in verdict.waves for story in wave.stories} == {"not_run"}


def test_a_commit_that_the_target_lost_shows_nothing(dossier: Dossier) -> None:
    dossier.everything()
    moved = Target(commit="d" * 40, tree="8" * 40)
    found = of(dossier.case(target=moved, changes={TARGET.commit: None}), "stories_completed")
    assert (found.status, "does not have any more" in found.reason) == ("stale", True)


def test_the_same_tree_under_another_commit_is_as_good(dossier: Dossier) -> None:
    dossier.everything()
    moved = Target(commit="d" * 40, tree=TARGET.tree)
    assert unsigned(judge(dossier.case(target=moved, changes={TARGET.commit: ()}))) == set()


def test_what_the_team_calls_unrelated_makes_nothing_stale(dossier: Dossier) -> None:
    dossier.everything()
    moved = Target(commit="d" * 40, tree="8" * 40)
    lenient = Policy.model_validate({"freshness": {"unrelated": ["notes/**"]}})
    for changed, fresh in ((("notes/a.md",), True), (("notes/a.md", "counter.py"), False)):
        case = dossier.case(target=moved, policy=lenient, changes={TARGET.commit: changed})
        assert (statuses(judge(case))["stories_completed"] == "verified") is fresh


@pytest.mark.parametrize(("later", "status"), [(0, "verified"), (1, "verified"), (2, "stale")])
def test_evidence_lasts_as_long_as_the_policy_says(later: int, status: str, dossier: Dossier) -> None:
    dossier.everything()
    case = dossier.case(as_of=at(days=30, seconds=later))
    assert statuses(judge(case))["stories_completed"] == status


def test_a_clock_that_was_set_back_shows_nothing(dossier: Dossier) -> None:
    dossier.everything()
    verdict = judge(dossier.case(as_of=at(days=-1)))
    assert "verified" not in statuses(verdict).values()
    assert "the clock says" in verdict.criteria[0].reason


def test_evidence_under_another_plan_does_not_count(dossier: Dossier) -> None:
    dossier.everything()
    found = of(dossier.case(plan="sha256:another"), "stories_completed")
    assert (found.status, found.measured) == ("stale", 0)
    assert "another execution plan" in found.reason


def test_a_rehearsal_counts_for_nothing_with_a_target(dossier: Dossier) -> None:
    dossier.everything(but="A-1")
    dossier.story("A-1", "rehearsed", commit=None, tree=None)
    assert statuses(judge(dossier.case()))["stories_completed"] == "unverified"


def test_the_latest_outcome_counts(dossier: Dossier) -> None:
    dossier.everything()
    dossier.story("A-1", "failed")
    assert "stories_completed" in unsigned(judge(dossier.case()))


def test_same_case_same_bytes(tmp_path: Path) -> None:
    digests: list[bytes] = []
    for name in ("a", "b"):
        dossier = Dossier.at(tmp_path / name)
        dossier.everything()
        digests.append(canonical(judge(dossier.case()).document()))
    assert digests[0] == digests[1]
    fewer = Dossier.at(tmp_path / "c")
    fewer.everything(but="B-1")
    assert canonical(judge(fewer.case()).document()) != digests[0]


def test_a_wave_behind_one_that_failed_is_blocked(dossier: Dossier) -> None:
    dossier.wave("wave-1", "failed")
    shown = {wave.id: (wave.gate, wave.reason) for wave in judge(dossier.case()).waves}
    assert shown["wave-2"][0] == "blocked"
    assert "wave-1" in shown["wave-2"][1]
    assert shown["ui-integration"][0] == "not_run"


def test_the_eight_criteria_in_the_contracts_order(dossier: Dossier) -> None:
    verdict = judge(dossier.case(target=None))
    assert [item.id for item in verdict.criteria] == list(CRITERIA)
    assert all(item.reason and item.next for item in verdict.criteria)
    assert verdict.criteria[0].claimed.startswith("All 4 stories completed (ticked, README.md:5")


criterion = st.builds(
    CriterionVerdict,
    id=st.just("x"),
    status=st.sampled_from(["verified", "contradicted", "unverified", "stale", "waived"]),
    reason=st.just("because"),
)


@given(st.lists(criterion, max_size=8))
def test_ready_if_and_only_if_all_are_verified_or_waived(criteria: list[CriterionVerdict]) -> None:
    case = Case(
        planning=Planning(digest="sha256:0"),
        schedule=Schedule(),
        policy=Policy(),
        sound=True,
        circumstances=Circumstances(as_of=NOW),
    )
    verdict = assemble(case, tuple(criteria))
    ready = bool(criteria) and all(item.status in ("verified", "waived") for item in criteria)
    assert (verdict.verdict == "READY") == ready


def test_progress_is_counted_and_not_claimed(dossier: Dossier) -> None:
    dossier.story("A-1")
    dossier.story("A-2", "failed")
    dossier.wave("wave-1", "failed")
    progress = progress_of(dossier.case())
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
def test_a_code_index_that_cannot_be_trusted_is_not_ready(change: dict[str, Any], words: str, dossier: Dossier) -> None:
    dossier.everything()
    case = dossier.case({"ess": assessed("ess", **change)})
    found = of(case, "ess_integration")
    assert (found.status, found.threshold) == ("unverified", 85)
    assert words in found.reason
    assert found.next
    if change.get("measured"):
        lenient = case.model_copy(update={"policy": Policy(ess=EssTerms(veracity_minimum=84))})
        assert of(lenient, "ess_integration").status == "verified"
