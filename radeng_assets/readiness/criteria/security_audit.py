"""``security_audit``: scanners that ran to their end found nothing high or critical on the commit."""

from __future__ import annotations

from radeng_assets.readiness.case import Case
from radeng_assets.readiness.criteria.reports import judge_report
from radeng_assets.readiness.verdict import CriterionVerdict

ID = "security_audit"


def judge(case: Case) -> CriterionVerdict:
    """Judge the criterion. Unit: findings of grade high or critical."""
    unmeasured = "Name the scanners in readiness.yaml (reports: security)."
    return judge_report(case, ID, case.reports["security"], unmeasured=unmeasured)
