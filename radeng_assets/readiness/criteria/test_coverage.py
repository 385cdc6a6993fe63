"""``test_coverage``: measured line coverage of the commit reaches the plan's targets, and recovery was tested."""

from __future__ import annotations

from radeng_assets.readiness.case import Case
from radeng_assets.readiness.criteria.reports import judge_report
from radeng_assets.readiness.reports.coverage_targets import threshold_of
from radeng_assets.readiness.verdict import CriterionVerdict

ID = "test_coverage"


def judge(case: Case) -> CriterionVerdict:
    """Judge the criterion. Unit: fraction of lines.

    The tests of recovery (``chaos``) count here, where a plan's testing requirements have them.
    """
    found = judge_report(
        case,
        ID,
        case.reports["coverage"],
        unmeasured="Name the commands that measure coverage in readiness.yaml (reports: coverage, chaos).",
        beside=[case.reports["chaos"]] if _demands_chaos(case) else (),
    )
    # What is demanded is known before anything was measured.
    return found.model_copy(update={"threshold": threshold_of(case.policy, case.planning)})


def _demands_chaos(case: Case) -> bool:
    """Whether the plan asks for tests of recovery, or the policy measures any."""
    testing = case.planning.testing_requirements
    files = testing.files if testing else ()
    named = any("chaos" in f"{file.path.value} {file.section.value}".lower() for file in files)
    return named or bool(case.policy.reports.chaos.measures)
