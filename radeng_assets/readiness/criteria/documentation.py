"""``documentation``: the required documents exist at the commit and are more than stubs."""

from __future__ import annotations

from radeng_assets.readiness.case import Case
from radeng_assets.readiness.criteria.reports import judge_report
from radeng_assets.readiness.verdict import CriterionVerdict

ID = "documentation"


def judge(case: Case) -> CriterionVerdict:
    """Judge the criterion. Unit: required documents."""
    unmeasured = "Let the documents be collected (reports: documentation in readiness.yaml)."
    return judge_report(case, ID, case.reports["documentation"], unmeasured=unmeasured)
