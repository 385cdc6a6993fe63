"""Reports about the target: measured on the commit in question, and assessed from what the commands left.

A report that nobody measures is materialized as ``missing``: visible in the lineage, with a failing check, and
never a pass.
"""

from dataclasses import dataclass

import dagster as dg

from radeng_assets.execution.gates import Stopped
from radeng_assets.orchestration.assets.waves import session_of
from radeng_assets.orchestration.attendance import halt_with_run
from radeng_assets.orchestration.display import table
from radeng_assets.orchestration.freshness import fresh_for
from radeng_assets.orchestration.names import EVIDENCE, OWNER, STORY_OUTPUTS
from radeng_assets.orchestration.site import Site
from radeng_assets.readiness.reports.assessment import Assessment

MEASURED = "measured"


@dataclass(frozen=True, slots=True)
class _Report:
    """One report asset: the report that it holds, what it hangs on."""

    name: str
    report: str
    deps: tuple[str, ...]
    partitioned: bool
    description: str


REPORTS = (
    _Report(
        "coverage_report",
        "coverage",
        (STORY_OUTPUTS, "testing_requirements"),
        True,
        "Line coverage after a wave's post_wave gate, against the plan's targets.",
    ),
    _Report(
        "chaos_report",
        "chaos",
        (STORY_OUTPUTS, "testing_requirements"),
        False,
        "Which tests of recovery ran, and what each came to.",
    ),
    _Report(
        "load_test_report",
        "load",
        (STORY_OUTPUTS, "testing_requirements"),
        False,
        "Error rate and latency at the plan's numbers of agents.",
    ),
    _Report(
        "security_report",
        "security",
        (STORY_OUTPUTS, "testing_requirements"),
        False,
        "Secret scan, dependency audit and static analysis of the commit.",
    ),
    _Report(
        "ui_report",
        "ui",
        (STORY_OUTPUTS, "testing_requirements"),
        False,
        "A run of the user interface in a browser: its tests and its screenshots.",
    ),
    _Report(
        "documentation_report",
        "documentation",
        (STORY_OUTPUTS, "master_plan"),
        False,
        "Whether the required documents exist at the commit and say something.",
    ),
)


def report_assets(site: Site, partitions: dg.PartitionsDefinition[str]) -> list[dg.AssetsDefinition]:
    """All reports."""
    return [_asset(site, report, partitions) for report in REPORTS]


def _asset(site: Site, report: _Report, partitions: dg.PartitionsDefinition[str]) -> dg.AssetsDefinition:
    @dg.asset(
        name=report.name,
        group_name=EVIDENCE,
        owners=[OWNER],
        kinds={"report"},
        deps=list(report.deps),
        partitions_def=partitions if report.partitioned else None,
        freshness_policy=fresh_for(
            site.policy.reports.of(report.report).max_age_days or site.policy.freshness.max_age_days
        ),
        check_specs=[
            dg.AssetCheckSpec(
                MEASURED,
                asset=report.name,
                description="Measured on the target's commit, and passed.",
            )
        ],
        description=report.description,
    )
    def build(context: dg.AssetExecutionContext):
        halt_with_run()
        measure(site, report.report, context)
        assessment = site.case().reports[report.report]
        return dg.MaterializeResult(
            value=assessment, metadata=_metadata(assessment), check_results=[_check(assessment)]
        )

    return build


def measure(site: Site, report: str, context: dg.AssetExecutionContext) -> None:
    """Take a report's measures in a run. A halt is an end in order, not a fault: nothing is recorded or shown then."""
    try:
        site.measure(report, session_of(context.run), context.run.run_id)
    except Stopped as stopped:
        context.log.warning(f"Halted: {stopped}. It is measured when there is a run again.")


def _check(assessment: Assessment) -> dg.AssetCheckResult:
    passed = assessment.state == "passed" and not assessment.issues
    failed = assessment.state == "failed" or bool(assessment.issues)
    return dg.AssetCheckResult(
        check_name=MEASURED,
        passed=passed,
        severity=dg.AssetCheckSeverity.ERROR if failed else dg.AssetCheckSeverity.WARN,
        description=assessment.reason or assessment.state,
    )


def _metadata(assessment: Assessment) -> dict[str, dg.MetadataValue | str | float]:
    """Numbers are plotted over the waves, tables are read. What is not known is left out: a 0 would be a claim."""
    shown: dict[str, dg.MetadataValue | str | float] = {
        "state": assessment.state,
        "reason": assessment.reason,
        "commit": assessment.commit or "(none)",
    }
    if assessment.measured is not None:
        shown["measured"] = assessment.measured
    if assessment.threshold is not None:
        shown["threshold"] = assessment.threshold
    if assessment.issues:
        rows = [(issue.grade, issue.rule, issue.subject, issue.message, issue.digest) for issue in assessment.issues]
        shown["issues"] = table(("grade", "rule", "subject", "message", "digest (for a waiver)"), rows)
    if assessment.findings:
        rows = [(f.severity, f.rule, f.subject, f.message) for f in assessment.findings[:100]]
        shown["findings"] = table(("severity", "rule", "subject", "message"), rows)
    shown |= assessment.numbers
    return shown | {one.title.lower(): table(one.columns, one.rows) for one in assessment.tables}
