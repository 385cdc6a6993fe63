from __future__ import annotations

from pathlib import Path

import pytest

from radeng_assets.planning.folder import Planning
from radeng_assets.planning.trace.coverage import gap_stories, links_of, risk_stories
from radeng_assets.planning.trace.links import proof_links
from radeng_assets.planning.trace.matrix import trace
from radeng_assets.planning.trace.table import traceability_table
from radeng_assets_tests.planning.trace.documents import GAPS, PLAN, read_folder


def stated(planning: Planning) -> list[tuple[str, str, str, str, str, bool]]:
    return [(link.kind, link.source, link.target, link.how, str(link.at), link.known) for link in links_of(planning)]


def test_keys_of_the_plan_and_of_verification_are_links_with_their_places(tmp_path: Path) -> None:
    planning = read_folder(
        tmp_path,
        plan=PLAN.replace(
            "        title: Rate limiting\n", "        title: Rate limiting\n        mitigates: [R-001]\n"
        ),
        verification="stories:\n  W1-S1:\n    addresses: [LOG-1]\n    mitigates: [R-001]\n",
    )
    assert stated(planning) == [
        ("story-risk", "W1-S2", "R-001", "mitigates", "EXECUTION-PLAN.yaml:11", True),
        ("story-gap", "W1-S1", "LOG-1", "addresses", "verification.yaml:3", True),
        ("story-risk", "W1-S1", "R-001", "mitigates", "verification.yaml:4", True),
    ]
    assert {gap: [link.source for link in links] for gap, links in gap_stories(planning).items()} == {
        "LOG-1": ["W1-S1"],
        "TAX-1": [],
    }
    assert {risk: [link.source for link in links] for risk, links in risk_stories(planning).items()} == {
        "R-001": ["W1-S2", "W1-S1"]
    }


def test_a_link_to_something_that_nobody_described_is_kept_and_counts_for_nothing(tmp_path: Path) -> None:
    verification = "stories:\n  W1-S1:\n    addresses: [LOG-9]\n    mitigates: [R-009, LOG-1]\n"
    planning = read_folder(tmp_path, verification=verification)
    assert [(target, known) for _, _, target, _, _, known in stated(planning)] == [
        ("LOG-9", False),
        ("R-009", False),
        ("LOG-1", False),
    ]
    assert not any(gap_stories(planning).values())
    assert not any(risk_stories(planning).values())


def test_a_story_that_the_plan_lacks_links_nothing(tmp_path: Path) -> None:
    verification = "stories:\n  W1-S1:\n    addresses: [LOG-1]\n    mitigates: [R-001]\n"
    planning = read_folder(tmp_path, verification=verification).model_copy(update={"execution_plan": None})
    assert gap_stories(planning) == {"LOG-1": (), "TAX-1": ()}
    assert risk_stories(planning) == {"R-001": ()}
    matrix = trace(planning)
    assert [(link.source, link.target) for link in matrix.dangling] == [("W1-S1", "LOG-1"), ("W1-S1", "R-001")]
    assert [row[3] for row in traceability_table(matrix)] == [""] * 5


def test_a_gap_wave_is_a_link_that_says_no_story(tmp_path: Path) -> None:
    gaps = GAPS + "---\nwave_assignment:\n  wave_1:\n    gaps: [LOG-1, LOG-7]\n"
    planning = read_folder(tmp_path, gaps=gaps)
    assert [(kind, source, target, how, known) for kind, source, target, how, _, known in stated(planning)] == [
        ("wave-gap", "wave_1", "LOG-1", "wave_assignment", True),
        ("wave-gap", "wave_1", "LOG-7", "wave_assignment", False),
    ]
    assert gap_stories(planning)["LOG-1"] == ()


def test_equal_ids_are_links(tmp_path: Path) -> None:
    planning = read_folder(tmp_path, gaps=GAPS.replace("TAX-1", "W1-S2"))
    (link,) = gap_stories(planning)["W1-S2"]
    assert (link.source, link.how, str(link.at)) == ("W1-S2", "equal id", "EXECUTION-PLAN.yaml:9")


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Close LOG-1", True),
        ("Close (LOG-1).", True),
        ("LOG-1/TAX-7: close", True),
        ("Close LOG-12", False),
        ("Close XLOG-1", False),
        ("Close X-LOG-1", False),
        ("Close LOG-1-b", False),
        ("Close LOG-1.b", False),
        ("Close log-1", False),
    ],
)
def test_a_story_that_names_the_id_verbatim_is_a_link(tmp_path: Path, line: str, names: bool) -> None:
    planning = read_folder(tmp_path, plan=PLAN.replace("Requests over the limit are refused", f'"{line}"'))
    links = gap_stories(planning)["LOG-1"]
    assert [(link.source, link.how, str(link.at)) for link in links] == (
        [("W1-S2", "named", "EXECUTION-PLAN.yaml:13")] if names else []
    )


def test_ids_are_also_looked_for_in_the_master_plans_same_story(tmp_path: Path) -> None:
    master = "# Plan\n\n## Story 1: Rate limits\n\n**ID**: W1-S2\n\n### Tasks\n- Task 1: Cures R-001\n"
    planning = read_folder(tmp_path, master=master)
    (link,) = risk_stories(planning)["R-001"]
    assert (link.source, link.how, str(link.at)) == ("W1-S2", "named", "MASTER-IMPLEMENTATION-PLAN.md:8")
    elsewhere = read_folder(tmp_path, master=master.replace("W1-S2", "W7-S1"))
    assert risk_stories(elsewhere)["R-001"] == ()


@pytest.mark.parametrize("name", ["limit", "7"])
def test_an_id_that_is_an_ordinary_word_is_never_taken_for_named(tmp_path: Path, name: str) -> None:
    plan = PLAN.replace("over the limit are", "over the limit of 7 are")
    planning = read_folder(tmp_path, plan=plan, gaps=GAPS.replace("TAX-1", f'"{name}"'))
    assert gap_stories(planning)[name] == ()


def test_proofs_link_criteria_by_number(tmp_path: Path) -> None:
    verification = "stories:\n  W1-S1:\n    criteria:\n      2: {command: make test}\n"
    planning = read_folder(tmp_path, verification=verification)
    (link,) = proof_links(planning.execution_plan, planning.verification)
    assert (link.kind, link.source, link.target, link.known) == (
        "proof-criterion",
        "verification.yaml:4",
        "W1-S1#2",
        True,
    )
    (link,) = proof_links(None, planning.verification)
    assert not link.counts
