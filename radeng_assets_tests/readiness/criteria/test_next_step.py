"""What a criterion that rests on a report says is to be done: for each reason why it does not hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from radeng_assets.evidence.states import State
from radeng_assets.readiness.criteria import security_audit
from radeng_assets.readiness.reports.assessment import Assessment, Issue
from radeng_assets_tests.readiness.cases import case_of, issue, write_plan

NAME = "Name the scanners in readiness.yaml (reports: security)."
AGAIN = "Measure the product as it is now."
WHOLE = "Mend what kept the measures from showing that it holds: the reason says what."
OPEN = "Mend what is open, or have it waived in readiness.yaml."
RUN = "Then run again: radeng run."
EVIDENCE = ("sha256:" + "1" * 64,)


@pytest.mark.parametrize(
    ("state", "evidence", "issues", "steps"),
    [
        ("missing", (), (), (NAME,)),
        ("missing", EVIDENCE, (), (WHOLE,)),
        ("timeout", EVIDENCE, (), (WHOLE,)),
        ("failed", EVIDENCE, (), (WHOLE,)),
        ("stale", EVIDENCE, (), (AGAIN,)),
        ("passed", EVIDENCE, (issue(),), (OPEN,)),
        ("stale", EVIDENCE, (issue(),), (AGAIN, OPEN)),
        ("missing", EVIDENCE, (issue(),), (WHOLE, OPEN)),
    ],
)
def test_each_reason_has_its_step(
    state: State, evidence: tuple[str, ...], issues: tuple[Issue, ...], steps: tuple[str, ...], tmp_path: Path
) -> None:
    case = case_of(write_plan(tmp_path / "plan"))
    found = Assessment(report="security", state=state, evidence=evidence, issues=issues)
    judged = security_audit.judge(case.model_copy(update={"reports": {**case.reports, "security": found}}))
    assert judged.next == " ".join((*steps, RUN))


def test_what_holds_needs_no_step(tmp_path: Path) -> None:
    assert security_audit.judge(case_of(write_plan(tmp_path / "plan"))).next == ""


def test_without_a_target_that_comes_first(tmp_path: Path) -> None:
    judged = security_audit.judge(case_of(write_plan(tmp_path / "plan"), issue(), target=None))
    assert "--target" in judged.next
