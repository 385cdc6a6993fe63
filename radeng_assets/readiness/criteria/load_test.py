"""``load_test``: a load test with enough agents stayed under the plan's error rate."""

from __future__ import annotations

from radeng_assets.readiness.case import Case
from radeng_assets.readiness.criteria.reports import judge_report
from radeng_assets.readiness.verdict import CriterionVerdict

ID = "load_test"


def judge(case: Case) -> CriterionVerdict:
    """Judge the criterion. Unit: error rate as a fraction, at the plan's largest number of agents."""
    testing = case.planning.testing_requirements
    levels = sorted(testing.load, key=lambda level: level.agents.value) if testing else []
    largest = levels[-1] if levels else None
    return judge_report(
        case,
        ID,
        missing="no load-test report is recorded for this commit",
        next_step="Run the load test on this commit and record its report.",
        threshold=largest.error_rate.value if largest and largest.error_rate else None,
    )
