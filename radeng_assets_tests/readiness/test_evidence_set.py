"""The evidence set: equal for equal results, other for anything that changed, and the change has a name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.evidence.outcomes import Tokens
from radeng_assets.readiness.circumstances import Target
from radeng_assets.readiness.evidence_set import EvidenceSet, ShownCriterion, ShownReport, ShownStory, difference
from radeng_assets.readiness.judge import to_sign
from radeng_assets_tests.readiness.cases import TARGET, TODAY, case_of, issue, policy_of, waiver, write_plan


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_plan(tmp_path / "plan", policy_of(waiver(issue())), "ada ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA\n")


def test_it_outlives_a_run_that_shows_the_same(folder: Path) -> None:
    case = case_of(folder, issue())
    again = {"session": "another", "evidence": ("sha256:" + "9" * 64,), "reason": "took 3 s"}
    cost = {"tokens": Tokens(input=9), "cost_usd": "1.00", "attempts": 2, "status": "verified", "mode": "claude"}
    stories = {name: one.model_copy(update={**again, **cost, "commit": "d" * 40}) for name, one in case.stories.items()}
    reports = {
        name: one.model_copy(update={"measured": 0.93, "evidence": again["evidence"]})
        for name, one in case.reports.items()
    }
    reports["ess"] = case.reports["ess"]
    assert case.final_gate is not None
    rerun = case.model_copy(
        update={
            "stories": stories,
            "reports": reports,
            "waves": {name: one.model_copy(update=again) for name, one in case.waves.items()},
            "final_gate": case.final_gate.model_copy(update=again),
            "circumstances": case.circumstances.model_copy(update={"as_of": f"{TODAY}T23:00:00Z"}),
        }
    )
    assert to_sign(rerun) == to_sign(case)
    assert to_sign(rerun).digest == to_sign(case).digest


FILES = ("EXECUTION-PLAN.yaml", "README.md", "RISK-ASSESSMENT.md", "readiness.yaml", "verification.yaml")


@pytest.mark.parametrize("name", [*FILES, "allowed_signers"])
def test_one_byte_of_any_file_is_named(name: str, folder: Path) -> None:
    before = to_sign(case_of(folder, issue()))
    file = folder / name
    file.write_bytes(file.read_bytes() + b"\n")
    after = to_sign(case_of(folder, issue()))
    assert difference(before, after) == (f"{name} of the plan",)
    file.unlink()
    if name != "EXECUTION-PLAN.yaml":
        assert f"{name} of the plan (gone)" in difference(before, to_sign(case_of(folder, issue())))


def test_another_commit_is_named_by_what_changed(folder: Path) -> None:
    before = to_sign(case_of(folder))
    after = to_sign(case_of(folder, target=Target(commit="d" * 40, tree="8" * 40)))
    assert difference(before, after, ["app.py"]) == ("app.py of the target",)
    assert difference(before, after) == ("the target's commit (cccccccccccc → dddddddddddd)",)
    assert difference(before, to_sign(case_of(folder, target=None))) != ()


def test_another_issue_under_the_same_status_is_a_change(folder: Path) -> None:
    before = to_sign(case_of(folder, issue(), issue("token = abc")))
    after = to_sign(case_of(folder, issue(), issue("token = xyz")))
    assert [words.rpartition(" ")[2] for words in difference(before, after)] == ["(gone)", "(new)"]


def test_what_holds_no_more_is_named(folder: Path) -> None:
    case = case_of(folder)
    before = to_sign(case)
    stories = {**case.stories, "A-1": case.stories["A-1"].model_copy(update={"status": "failed", "criteria": ()})}
    waves = {name: one for name, one in case.waves.items() if name != "wave-2"}
    changed = to_sign(case.model_copy(update={"stories": stories, "waves": waves, "final_gate": None}))
    assert difference(before, changed) == (
        "stories_completed (verified → unverified)",
        "story A-1 (done → failed)",
        "the number of proved criteria of A-1 (1 → 0)",
        "the gate of wave-2 (passed → not_run)",
        "the final gate (passed → missing)",
    )


NAMES = st.sampled_from(["a", "b"])
WORDS = st.sampled_from(["passed", "failed"])
DIGESTS = st.lists(st.sampled_from(["sha256:" + "1" * 64, "sha256:" + "2" * 64]), unique=True).map(
    lambda found: tuple(sorted(found))
)
SETS: st.SearchStrategy[EvidenceSet] = st.builds(
    EvidenceSet,
    plan=NAMES,
    files=st.dictionaries(NAMES, WORDS),
    execution=NAMES,
    target=st.none() | st.builds(Target, commit=NAMES, tree=NAMES),
    criteria=st.dictionaries(
        NAMES, st.builds(ShownCriterion, status=WORDS, threshold=st.none() | st.sampled_from([0.8, 0.8 + 2**-53]))
    ),
    stories=st.dictionaries(NAMES, st.builds(ShownStory, status=WORDS, proved=st.integers(0, 1))),
    gates=st.dictionaries(NAMES, WORDS),
    final_gate=WORDS,
    reports=st.dictionaries(NAMES, st.builds(ShownReport, state=WORDS, issues=DIGESTS, waived=DIGESTS)),
)


@given(one=SETS, data=st.data())
def test_whatever_tells_two_sets_apart_has_a_name(one: EvidenceSet, data: st.DataObject) -> None:
    field = data.draw(st.sampled_from(sorted(EvidenceSet.model_fields)))
    value: Any = getattr(data.draw(SETS), field)
    other = one.model_copy(update={field: value})
    assert bool(difference(one, other)) == (one != other)
    assert difference(one, one) == ()


def test_what_is_signed_is_the_target(folder: Path) -> None:
    assert to_sign(case_of(folder)).target == TARGET
