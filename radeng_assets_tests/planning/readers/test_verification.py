from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radeng_assets.planning.documents.execution_plan import ExecutionPlan
from radeng_assets.planning.documents.verification import Verification
from radeng_assets.planning.findings import Finding
from radeng_assets.planning.located import Fact, values
from radeng_assets.planning.readers.execution_plan import read_execution_plan
from radeng_assets.planning.readers.verification import read_verification
from radeng_assets.planning.source import Source
from radeng_assets_tests.planning.mutations import Edit, damage, edits

FILE = "verification.yaml"
PLAN_FILE = "EXECUTION-PLAN.yaml"

PLAN = """\
waves:
  - id: w
    stories:
      - id: A-1
        acceptance_criteria:
          - It counts
          - "It: stops"
          - "3 of 4 hold"
      - id: B-1
        criteria: [same, same, "1"]
"""

VERIFICATION = """\
workspace:
  setup: ["make deps"]
stories:
  A-1:
    criteria:
      1: {command: "make count"}
      "It: stops": {command: "make stop", timeout_s: 90}
      "3": "make hold"
    addresses: [SDK-001]
    mitigates: R-001
"""


@pytest.fixture(scope="module")
def plan() -> ExecutionPlan:
    plan, findings = read_execution_plan(Source(PLAN_FILE, PLAN, ""))
    assert findings == ()
    return plan


def read(text: str, plan: ExecutionPlan | None) -> tuple[Verification, tuple[Finding, ...]]:
    return read_verification(Source(FILE, text, ""), plan)


def proofs(text: str, plan: ExecutionPlan | None) -> tuple[list[tuple[int, str]], list[Finding]]:
    verification, findings = read(text, plan)
    found = [proof for story in verification.stories for proof in story.proofs]
    return [(proof.criterion.value, proof.command.value) for proof in found], list(findings)


def said(findings: list[Finding]) -> list[tuple[str, str, list[tuple[str, int | None]]]]:
    return [(finding.rule, finding.subject, [(place.file, place.line) for place in finding.at]) for finding in findings]


def test_criteria_are_named_by_number_or_by_text(plan: ExecutionPlan):
    verification, findings = read(VERIFICATION, plan)
    assert findings == ()
    assert values(verification.setup) == ("make deps",)
    story = verification.of("A-1")
    assert story is not None
    assert story.story == Fact("A-1", FILE, 4)
    assert [proof.criterion for proof in story.proofs] == [
        Fact(1, FILE, 6),
        Fact(2, FILE, 7),
        Fact(3, FILE, 8),
    ]
    assert [proof.command for proof in story.proofs] == [
        Fact("make count", FILE, 6),
        Fact("make stop", FILE, 7),
        Fact("make hold", FILE, 8),
    ]
    assert story.proofs[1].timeout_s == Fact(90.0, FILE, 7)
    assert values(story.addresses) == ("SDK-001",)
    assert values(story.mitigates) == ("R-001",)
    assert verification.of("B-1") is None


def test_a_criterion_whose_text_is_a_number_is_meant_by_that_number(plan: ExecutionPlan):
    assert proofs("stories: {B-1: {criteria: {1: run}}}", plan) == ([(3, "run")], [])


def test_an_unknown_story_is_an_error_and_unused(plan: ExecutionPlan):
    verification, findings = read("stories:\n  C-1:\n    addresses: [X]\n  A-1: ~\n", plan)
    assert verification.stories == ()
    assert said(list(findings)) == [("unknown-story", "C-1", [(FILE, 2)])]


@pytest.mark.parametrize("key", ["It stops counting", "0", "4", "-1", "1.0", "9" * 5000, "''"])
def test_an_unknown_criterion_is_an_error_that_cites_both_files(plan: ExecutionPlan, key: str):
    found, findings = proofs(f"stories:\n  A-1:\n    criteria:\n      ? {key}\n      : run\n", plan)
    assert found == []
    assert said(findings) == [("unknown-criterion", "A-1", [(FILE, 4), (PLAN_FILE, 4)])]
    assert findings[0].severity == "error"
    assert len(findings[0].message) < 300


def test_a_text_that_several_criteria_share_names_none_of_them(plan: ExecutionPlan):
    found, findings = proofs("stories:\n  B-1:\n    criteria:\n      same: run\n", plan)
    assert found == []
    assert said(findings) == [("unknown-criterion", "B-1", [(FILE, 4), (PLAN_FILE, 9)])]
    assert "[1, 2]" in findings[0].message


def test_a_criterion_proved_twice_is_an_error_that_cites_both_files(plan: ExecutionPlan):
    found, findings = proofs("stories: {A-1: {criteria: {1: first, It counts: second}}}", plan)
    assert found == [(1, "first")]
    assert said(findings) == [
        ("duplicate-proof", "A-1", [(FILE, 1), (FILE, 1), (PLAN_FILE, 6)]),
    ]


def test_without_a_plan_numbers_are_kept_and_texts_cannot_be_looked_up():
    found, findings = proofs("stories: {Z: {criteria: {7: run, It counts: x}}}", None)
    assert found == [(7, "run")]
    assert said(findings) == [("unknown-criterion", "Z", [(FILE, 1)])]


@pytest.mark.parametrize(
    ("proof", "rule"),
    [
        ("{timeout_s: 3}", "missing-key"),
        ("~", "missing-key"),
        ("''", "missing-key"),
        ("[run]", "wrong-kind"),
        ("{command: [a, b]}", "wrong-kind"),
        ("{command: run, timeout_s: soon}", "wrong-value"),
        ("{command: run, timeout_s: 0}", "wrong-value"),
        ("{command: run, timeout_s: -5}", "wrong-value"),
        ("{command: run, cwd: x}", "unread-key"),
    ],
)
def test_a_proof_that_cannot_be_read_is_said(plan: ExecutionPlan, proof: str, rule: str):
    found, findings = proofs(f"stories:\n  A-1:\n    criteria:\n      1: {proof}\n", plan)
    assert found == ([(1, "run")] if "command: run" in proof else [])
    assert rule in {finding.rule for finding in findings}
    assert {finding.at[0].line for finding in findings} == {4}


@pytest.mark.parametrize("text", ["x", "- a", "stories: [a]", "workspace: x", "storys: {}", "stories: {A-1: x}"])
def test_a_file_that_is_something_else_is_findings(plan: ExecutionPlan, text: str):
    verification, findings = read(text, plan)
    assert verification.stories == ()
    assert findings


def test_two_documents_may_hold_the_two_sections(plan: ExecutionPlan):
    verification, findings = read(VERIFICATION.replace("stories:", "---\nstories:"), plan)
    assert findings == ()
    assert len(verification.stories) == 1
    assert len(verification.setup) == 1


@settings(max_examples=200, deadline=None)
@given(damages=edits(), known=st.booleans())
def test_a_damaged_file_never_raises_and_no_proof_is_lost_in_silence(
    plan: ExecutionPlan, damages: list[Edit], known: bool
):
    text = damage(VERIFICATION, [edit for edit in damages if edit[0] not in REMOVALS])
    verification, findings = read(text, plan if known else None)
    found = sum(len(story.proofs) for story in verification.stories)
    commented_out = text.count("#")
    assert found + commented_out >= 3 or findings


REMOVALS = ("delete line", "cut end")
