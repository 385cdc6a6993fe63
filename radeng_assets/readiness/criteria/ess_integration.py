"""``ess_integration``: the code index answers, with the service up and with it down."""

from __future__ import annotations

from radeng_assets.readiness.case import Case
from radeng_assets.readiness.criteria.reports import judge_report
from radeng_assets.readiness.verdict import CriterionVerdict

ID = "ess_integration"


def judge(case: Case) -> CriterionVerdict:
    """Judge the criterion. A fallback that nobody exercised is a claim."""
    return judge_report(
        case,
        ID,
        missing="no code-index snapshot is recorded for this commit",
        next_step="Build the code index of this commit, and exercise both the service and its fallback.",
    )
