"""``load_test``: a load test with enough agents stayed under the plan's error rate."""

from __future__ import annotations

from radeng_assets.readiness.case import Case
from radeng_assets.readiness.criteria.reports import judge_report
from radeng_assets.readiness.verdict import CriterionVerdict

ID = "load_test"


def judge(case: Case) -> CriterionVerdict:
    """Judge the criterion. Unit: error rate as a fraction, at the plan's largest number of agents."""
    unmeasured = "Name a load test in readiness.yaml (reports: load)."
    return judge_report(case, ID, case.reports["load"], unmeasured=unmeasured)
