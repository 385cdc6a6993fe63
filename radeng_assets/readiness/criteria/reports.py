"""What the criteria about reports share: an assessment of measured evidence, and what stands in the way besides."""

from __future__ import annotations

from collections.abc import Sequence

from radeng_assets.evidence.states import State, combine
from radeng_assets.readiness.acceptance import accept, waived
from radeng_assets.readiness.case import Case
from radeng_assets.readiness.claims import NEED_TARGET, claim_of, stated
from radeng_assets.readiness.reports.assessment import Assessment
from radeng_assets.readiness.verdict import HOLDING, CriterionStatus, CriterionVerdict


def judge_report(
    case: Case,
    criterion: str,
    assessment: Assessment,
    *,
    unmeasured: str,
    beside: Sequence[Assessment] = (),
    obstacles: Sequence[str] = (),
) -> CriterionVerdict:
    """A criterion that holds when its report, and those ``beside`` it, pass with nothing open against them.

    It is ``waived`` where something speaks against it and all of that is waived. ``unmeasured`` says what to do where
    there is no evidence; ``obstacles`` are other reasons why it cannot be verified, which nobody can waive. Open issues
    that speak against a ticked box are a contradiction.
    """
    reports = (assessment, *beside)
    acceptance = accept(case, reports)
    issues = acceptance.open
    states: list[State] = [report.state for report in reports]
    if issues:
        states.append("failed")
    state = combine(states)
    reasons = [report.reason or report.state for report in reports if report.reason or report.state != "passed"]
    if issues:
        worst = "; ".join(f"{issue.grade}: {issue.message}" for issue in issues[:3])
        reasons.append(worst + (f"; and {len(issues) - 3} more" if len(issues) > 3 else ""))
    reasons += waived(acceptance.applied)
    status = _status(case, criterion, state, bool(obstacles))
    if status == "verified" and acceptance.applied:
        status = "waived"
    return CriterionVerdict(
        id=criterion,
        status=status,
        claimed=claim_of(case, criterion),
        measured=assessment.measured,
        threshold=assessment.threshold,
        evidence=tuple(dict.fromkeys(digest for report in reports for digest in report.evidence)),
        reason="; ".join([*dict.fromkeys(reasons), *obstacles]) or state,
        next="" if status in HOLDING else _next(reports, bool(issues), unmeasured) if case.target else NEED_TARGET,
    )


def _next(reports: Sequence[Assessment], issues: bool, unmeasured: str) -> str:
    """What to do, for each reason why the reports do not hold."""
    unmet = [report for report in reports if report.state != "passed"]
    steps: list[str] = []
    if any(not report.evidence for report in unmet):
        steps.append(unmeasured)
    if any(report.evidence and report.state == "stale" for report in unmet):
        steps.append("Measure the product as it is now.")
    if any(report.evidence and report.state != "stale" for report in unmet):
        steps.append("Mend what kept the measures from showing that it holds: the reason says what.")
    if issues:
        steps.append("Mend what is open, or have it waived in readiness.yaml.")
    return " ".join([*(steps or [unmeasured]), "Then run again: radeng run."])


def _status(case: Case, criterion: str, state: State, obstructed: bool) -> CriterionStatus:
    item = stated(case, criterion)
    if state == "failed" and item is not None and item.ticked:
        return "contradicted"
    if state == "stale":
        return "stale"
    return "verified" if state == "passed" and not obstructed else "unverified"
