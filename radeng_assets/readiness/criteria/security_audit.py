"""``security_audit``: scanners that ran to their end found nothing high or critical on the commit."""

from __future__ import annotations

from radeng_assets.readiness.case import Case
from radeng_assets.readiness.criteria.reports import judge_report
from radeng_assets.readiness.verdict import CriterionVerdict

ID = "security_audit"


def judge(case: Case) -> CriterionVerdict:
    """Judge the criterion. Unit: findings of level high or critical."""
    return judge_report(
        case,
        ID,
        missing="no security scan is recorded for this commit",
        next_step="Run the scanners on this commit and record their reports.",
        threshold=0.0,
    )
