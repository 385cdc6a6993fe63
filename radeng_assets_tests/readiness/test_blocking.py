"""Blocking issues: closed by proven stories alone, and opened again by anything that takes the proof away."""

from __future__ import annotations

from pathlib import Path

import pytest

from radeng_assets.evidence.outcomes import StoryOutcome, StoryStatus
from radeng_assets.planning.folder import Planning, read_planning, read_sources
from radeng_assets.planning.schedule import compile_schedule
from radeng_assets.planning.source import Source
from radeng_assets.readiness.blocking import blockers, open_blockers
from radeng_assets.readiness.case import Case
from radeng_assets.readiness.circumstances import Circumstances, Target
from radeng_assets.readiness.criteria import stories_completed
from radeng_assets.readiness.policy import BlockingTie, Policy, read_policy
from radeng_assets_tests.conftest import ROOT
from radeng_assets_tests.folders import PLAN, PROOFS, write_folder

GAPS = """\
category: Counting
gaps:
  - id: CNT-001
    title: It does not count
    severity: HIGH
  - id: CNT-002
    title: It does not count down
    severity: HIGH
"""
LISTED = 'blocking_issues:\n  - "It cannot count (CNT-001)"\n---\n'
TABLE = """\
# Plan

## Critical Blocking Issues

| Issue | Severity | Document Reference | Status |
|-------|----------|--------------------|--------|
| It cannot count at all | HIGH | GAP-ANALYSIS.yaml (CNT-001, CNT-002) | {status} |
"""
ADDRESSED = PROOFS.replace("  A-2:\n", "    addresses: [CNT-001]\n  A-2:\n    addresses: [CNT-002]\n")
ROW = "It cannot count at all (README.md:7): "
TARGET = Target(commit="c" * 40, tree="d" * 40)


def planned(folder: Path, *, readme: str = "", gaps: str = GAPS, proofs: str = ADDRESSED, master: str = "") -> Planning:
    write_folder(folder, PLAN, proofs)
    texts = {
        "README.md": readme,
        "COMPREHENSIVE-GAP-ANALYSIS.yaml": gaps,
        "MASTER-IMPLEMENTATION-PLAN.md": master,
    }
    for name, text in texts.items():
        if text:
            (folder / name).write_text(text, encoding="utf-8")
    return read_planning(read_sources(folder))


def case(planning: Planning, ties: tuple[BlockingTie, ...] = (), **statuses: StoryStatus) -> Case:
    assert planning.execution_plan is not None
    schedule, _ = compile_schedule(planning.execution_plan)
    assert schedule is not None
    stories = {
        name.replace("_", "-"): StoryOutcome(
            story=name.replace("_", "-"), wave="wave-1", status=status, mode="none", plan="p", session="s"
        )
        for name, status in statuses.items()
    }
    return Case(
        planning=planning,
        schedule=schedule,
        policy=Policy(blocking=ties),
        sound=True,
        circumstances=Circumstances(as_of="2026-11-01T00:00:00+00:00", target=TARGET),
        stories=stories,
    )


@pytest.mark.parametrize("status", ["", "closed", "RESOLVED", "done [x]"])
def test_an_issue_is_closed_by_the_stories_of_all_its_gaps_and_not_by_its_status(tmp_path: Path, status: str) -> None:
    planning = planned(tmp_path / "plan", readme=TABLE.format(status=status))
    assert open_blockers(case(planning, A_1="verified", A_2="already_satisfied")) == ()
    assert open_blockers(case(planning)) == (f"{ROW}A-1 of CNT-001 is not shown to be done",)
    assert open_blockers(case(planning, A_1="verified")) == (f"{ROW}A-2 of CNT-002 is not shown to be done",)


@pytest.mark.parametrize("status", ["failed", "blocked", "rehearsed", "not_run"])
def test_a_story_that_is_not_done_closes_nothing(tmp_path: Path, status: StoryStatus) -> None:
    planning = planned(tmp_path / "plan", readme=TABLE.format(status="closed"))
    assert open_blockers(case(planning, A_1="verified", A_2=status))


@pytest.mark.parametrize(
    "status", ["OPEN", "reopened", "Re-opened on Monday", "in progress", "[ ]", "no", "not closed"]
)
def test_a_status_that_says_open_is_believed(tmp_path: Path, status: str) -> None:
    planning = planned(tmp_path / "plan", readme=TABLE.format(status=status))
    done = case(planning, A_1="verified", A_2="verified")
    assert open_blockers(done) == (f"{ROW}it is said to be open (README.md:7)",)


def test_a_reopened_issue_is_open_wherever_it_says_so(tmp_path: Path) -> None:
    planning = planned(tmp_path / "plan", gaps=LISTED.replace("It cannot", "REOPENED: it cannot") + GAPS)
    assert len(open_blockers(case(planning, A_1="verified", A_2="verified"))) == 1


def test_a_gap_that_nobody_addresses_or_describes_keeps_it_open(tmp_path: Path) -> None:
    done = {"A_1": "verified", "A_2": "verified", "B_1": "verified"}
    less = planned(
        tmp_path / "less", readme=TABLE.format(status=""), proofs=ADDRESSED.replace("[CNT-002]", "[CNT-001]")
    )
    assert open_blockers(case(less, **done)) == (f"{ROW}no story addresses CNT-002",)  # type: ignore[arg-type]
    unknown = planned(tmp_path / "unknown", readme=TABLE.format(status="").replace("CNT-002", "CNT-009"))
    assert open_blockers(case(unknown, **done)) == (f"{ROW}nobody describes the gap CNT-009",)  # type: ignore[arg-type]


def test_every_story_that_addresses_a_gap_must_be_done(tmp_path: Path) -> None:
    proofs = ADDRESSED.replace("  B-1:\n", "  B-1:\n    addresses: [CNT-001]\n")
    planning = planned(tmp_path / "plan", readme=TABLE.format(status=""), proofs=proofs)
    assert open_blockers(case(planning, A_1="verified", A_2="verified")) == (
        f"{ROW}B-1 of CNT-001 is not shown to be done",
    )


def test_free_text_is_closed_by_the_gap_that_it_names_or_that_the_policy_ties_it_to(tmp_path: Path) -> None:
    named = planned(tmp_path / "named", gaps=LISTED + GAPS)
    assert open_blockers(case(named, A_1="verified")) == ()
    bare = planned(tmp_path / "bare", gaps=LISTED.replace(" (CNT-001)", "") + GAPS)
    told = open_blockers(case(bare, A_1="verified"))
    assert told == (
        "It cannot count (COMPREHENSIVE-GAP-ANALYSIS.yaml:2): it names no gap, so nothing could close it "
        "(readiness.yaml: blocking)",
    )
    tie = BlockingTie(issue="It  cannot count", gaps=("CNT-001",))
    assert open_blockers(case(bare, (tie,), A_1="verified")) == ()
    assert open_blockers(case(bare, (tie,), A_1="failed"))
    assert open_blockers(case(bare, (tie.model_copy(update={"issue": "It cannot"}),), A_1="verified"))
    assert open_blockers(case(bare, (tie.model_copy(update={"gaps": ()}),), A_1="verified"))


def test_a_tie_adds_to_the_gaps_that_an_issue_names_and_takes_none_away(tmp_path: Path) -> None:
    planning = planned(tmp_path / "plan", readme=TABLE.format(status=""))
    easy = BlockingTie(issue="It cannot count at all", gaps=("CNT-001",))
    assert open_blockers(case(planning, (easy,), A_1="verified"))


def test_the_master_plans_boxes_on_what_blocks_count_as_claims(tmp_path: Path) -> None:
    master = "# Master\n\n## Blocking issues\n\n- [{}] It counts (CNT-001)\n"
    ticked = planned(tmp_path / "ticked", master=master.format("x"))
    assert [str(one.issue.at) for one in blockers(ticked)] == ["MASTER-IMPLEMENTATION-PLAN.md:5"]
    assert open_blockers(case(ticked)) != ()
    assert open_blockers(case(ticked, A_1="verified")) == ()
    empty = planned(tmp_path / "empty", master=master.format(" "))
    assert open_blockers(case(empty, A_1="verified")) != ()


def test_an_open_issue_keeps_the_criterion_from_holding(tmp_path: Path) -> None:
    planning = planned(tmp_path / "plan", readme=TABLE.format(status=""))
    found = stories_completed.judge(case(planning))
    assert f"blocking issue: {ROW}A-1 of CNT-001 is not shown to be done" in found.reason


def test_a_plan_without_blocking_issues_is_blocked_by_none(tmp_path: Path) -> None:
    assert open_blockers(case(planned(tmp_path / "plan"))) == ()


def test_the_policy_reads_ties_and_refuses_half_ones() -> None:
    text = 'blocking:\n  - {issue: "It cannot count", gaps: [CNT-001]}\n  - {issue: "It cannot"}\n'
    policy, findings = read_policy(Source("readiness.yaml", text, "0" * 64, text.encode()))
    assert policy.blocking == (BlockingTie(issue="It cannot count", gaps=("CNT-001",)),)
    assert [(finding.rule, finding.at[0].line) for finding in findings] == [("missing-key", 3)]


def test_the_bundled_plan_names_nine_and_none_can_be_closed_yet() -> None:
    planning = read_planning(read_sources(ROOT / "plans" / "rad-engineer-v2"))
    everything = {story.id.value.replace("-", "_"): "verified" for story in planning.execution_plan.stories}  # type: ignore[union-attr]
    told = open_blockers(case(planning, **everything))  # type: ignore[arg-type]
    assert len(told) == 9
    assert sum("no story addresses" in words for words in told) == 5
    assert sum("it names no gap" in words for words in told) == 4
