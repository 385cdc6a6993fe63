"""``documentation``: the required documents exist at the commit and are more than stubs."""

from __future__ import annotations

from radeng_assets.readiness.case import Case
from radeng_assets.readiness.criteria.reports import judge_report
from radeng_assets.readiness.verdict import CriterionVerdict

ID = "documentation"


def judge(case: Case) -> CriterionVerdict:
    """Judge the criterion."""
    return judge_report(
        case,
        ID,
        missing="no documentation report is recorded for this commit",
        next_step="Check the required documents on this commit and record the report.",
    )
