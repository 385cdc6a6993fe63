"""Reports about the target: what was measured on a commit, or the plain statement that nothing was.

Each report asset looks up what is recorded for the target's commit. A report that nobody recorded is
materialized as ``missing``: visible in the lineage, with a failing check, and never a pass.
"""

from dataclasses import dataclass

import dagster as dg

from radeng_assets.evidence.outcomes import ReportOutcome
from radeng_assets.orchestration.names import EVIDENCE, OWNER, STORY_OUTPUTS
from radeng_assets.orchestration.site import Site

MEASURED = "measured"


@dataclass(frozen=True, slots=True)
class _Report:
    """One report asset: the criterion that it feeds, what it hangs on, what it would hold."""

    name: str
    criterion: str
    deps: tuple[str, ...]
    partitioned: bool
    description: str


REPORTS = (
    _Report(
        "coverage_report",
        "test_coverage",
        (STORY_OUTPUTS, "testing_requirements"),
        True,
        "Line coverage measured by a wave's post_wave gate, against the plan's targets.",
    ),
    _Report(
        "load_test_report",
        "load_test",
        ("testing_requirements",),
        False,
        "Error rate and latency at the plan's numbers of agents.",
    ),
    _Report(
        "security_report",
        "security_audit",
        ("testing_requirements",),
        False,
        "Secret scan, dependency audit and static analysis of the commit.",
    ),
    _Report(
        "documentation_report",
        "documentation",
        ("master_plan",),
        False,
        "Whether the required documents exist at the commit and say something.",
    ),
)


def report_assets(site: Site, partitions: dg.PartitionsDefinition[str]) -> list[dg.AssetsDefinition]:
    """The four reports."""
    return [_asset(site, report, partitions) for report in REPORTS]


def _asset(site: Site, report: _Report, partitions: dg.PartitionsDefinition[str]) -> dg.AssetsDefinition:
    @dg.asset(
        name=report.name,
        group_name=EVIDENCE,
        owners=[OWNER],
        kinds={"report"},
        deps=list(report.deps),
        partitions_def=partitions if report.partitioned else None,
        check_specs=[
            dg.AssetCheckSpec(
                MEASURED,
                asset=report.name,
                description="Measured on the target's commit, and passed.",
            )
        ],
        description=report.description,
    )
    def build():
        outcome = _recorded(site, report)
        failed = outcome.state == "failed"
        check = dg.AssetCheckResult(
            check_name=MEASURED,
            passed=outcome.state == "passed",
            severity=dg.AssetCheckSeverity.ERROR if failed else dg.AssetCheckSeverity.WARN,
            description=outcome.reason,
        )
        return dg.MaterializeResult(
            value=outcome,
            metadata={"state": outcome.state, "reason": outcome.reason},
            check_results=[check],
        )

    return build


def _recorded(site: Site, report: _Report) -> ReportOutcome:
    found = site.case().reports.get(report.criterion)
    if found is not None:
        return found
    return ReportOutcome(
        report=report.criterion,
        state="missing",
        commit=None,
        reason=f"No {report.name.replace('_', ' ')} is recorded for the commit in question.",
    )
