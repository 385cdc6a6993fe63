"""``test_coverage``: measured line coverage of the commit is at least the plan's minimum."""

from __future__ import annotations

from radeng_assets.readiness.case import Case
from radeng_assets.readiness.criteria.reports import judge_report
from radeng_assets.readiness.verdict import CriterionVerdict

ID = "test_coverage"


def judge(case: Case) -> CriterionVerdict:
    """Judge the criterion. Unit: fraction of lines.

    The threshold is the policy's, else the execution plan's ``test_coverage_minimum``.
    """
    plan = case.planning.execution_plan
    stated = plan.constraints.test_coverage_minimum if plan else None
    threshold = case.policy.coverage_minimum or (stated.value if stated else None)
    return judge_report(
        case,
        ID,
        missing="no coverage report is recorded for this commit",
        next_step="Let the post_wave gate write a coverage report, and name its file in readiness.yaml.",
        threshold=threshold,
    )
