"""What the criteria about reports share: a report about this very commit, or none."""

from __future__ import annotations

from radeng_assets.readiness.case import Case
from radeng_assets.readiness.claims import NEED_TARGET, claim_of, stated
from radeng_assets.readiness.verdict import CriterionStatus, CriterionVerdict


def judge_report(
    case: Case, criterion: str, *, missing: str, next_step: str, threshold: float | None = None
) -> CriterionVerdict:
    """A criterion that holds when the report of its name is about the target's commit and passed.

    ``missing`` says what is not there, ``next_step`` how it would come to be; ``threshold`` is in the report's unit.
    A report about another commit only is stale. One that failed contradicts a ticked box; every other state than passed
    leaves the criterion unverified.
    """
    report = case.reports.get(criterion)
    claimed = claim_of(case, criterion)
    if report is None:
        stale = case.target is not None and criterion in case.stale_reports
        return CriterionVerdict(
            id=criterion,
            status="stale" if stale else "unverified",
            claimed=claimed,
            threshold=threshold,
            reason=_absence(case, missing, stale),
            next=next_step if case.target else NEED_TARGET,
        )
    status: CriterionStatus = "unverified"
    item = stated(case, criterion)
    if report.state == "passed":
        status = "verified"
    elif report.state == "failed" and item is not None and item.ticked:
        status = "contradicted"
    elif report.state == "stale":
        status = "stale"
    return CriterionVerdict(
        id=criterion,
        status=status,
        claimed=claimed,
        measured=report.measured,
        threshold=threshold,
        evidence=report.evidence,
        reason=report.reason or report.state,
        next="" if status == "verified" else next_step,
    )


def _absence(case: Case, missing: str, stale: bool) -> str:
    if case.target is None:
        return "there is no target, so no commit to measure"
    return f"{missing}; the last one is about another commit" if stale else missing
