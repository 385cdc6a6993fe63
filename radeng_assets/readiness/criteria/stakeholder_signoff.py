"""``stakeholder_signoff``: the required people approved this very evidence."""

from __future__ import annotations

from radeng_assets.readiness.case import Case
from radeng_assets.readiness.criteria.reports import judge_report
from radeng_assets.readiness.verdict import CriterionVerdict

ID = "stakeholder_signoff"


def judge(case: Case) -> CriterionVerdict:
    """Judge the criterion."""
    return judge_report(
        case,
        ID,
        missing="nobody has signed the evidence of this commit",
        next_step="Let the stakeholders sign once the other criteria hold.",
    )
