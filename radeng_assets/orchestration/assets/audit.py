"""``plan_audit`` and ``traceability``: the documents held against each other."""

import dagster as dg
import pandas as pd

from radeng_assets.orchestration.assets.documents import document_assets
from radeng_assets.orchestration.display import findings_counts, findings_table, table
from radeng_assets.orchestration.names import DOCUMENTS, OWNER
from radeng_assets.orchestration.site import Site
from radeng_assets.planning.audit import audit
from radeng_assets.planning.documents.execution_plan import ExecutionPlan
from radeng_assets.planning.documents.gap_analysis import GapAnalysis
from radeng_assets.planning.findings import has_errors
from radeng_assets.planning.trace import explicit_links

PLAN_AUDIT = "plan_audit"
TRACEABILITY = "traceability"


def plan_audit(site: Site) -> dg.AssetsDefinition:
    """The audit as an asset."""

    @dg.asset(
        name=PLAN_AUDIT,
        group_name=DOCUMENTS,
        owners=[OWNER],
        kinds={"audit"},
        deps=[asset.key for asset in document_assets(site)],
        check_specs=[
            dg.AssetCheckSpec(
                "no_errors",
                asset=PLAN_AUDIT,
                description="No finding of level error in any document.",
            )
        ],
        description="Every finding about the planning folder, with file and line.",
    )
    def build():
        result = audit(site.planning)
        check = dg.AssetCheckResult(
            check_name="no_errors",
            passed=not has_errors(result.findings),
            severity=dg.AssetCheckSeverity.ERROR,
            metadata={"findings": findings_table(result.findings)},
        )
        return dg.MaterializeResult(
            value=result,
            metadata={
                "findings": findings_table(result.findings),
                **findings_counts(result.findings),
                "plan": table(("what", "there"), tuple(result.plan.model_dump().items())),
            },
            check_results=[check],
            data_version=dg.DataVersion(site.planning.digest),
        )

    return build


def traceability() -> dg.AssetsDefinition:
    """The explicit links as a table."""

    @dg.asset(
        name=TRACEABILITY,
        group_name=DOCUMENTS,
        owners=[OWNER],
        kinds={"table"},
        description="Explicit links: which story addresses which gap, mitigates which risk, and where it says so.",
    )
    def build(execution_plan: ExecutionPlan, gap_analysis: GapAnalysis):
        links = explicit_links(execution_plan, gap_analysis)
        columns = ("kind", "source", "target", "how", "at")
        rows = [(link.kind, link.source, link.target, link.how, str(link.at)) for link in links]
        return dg.MaterializeResult(
            value=pd.DataFrame(rows, columns=list(columns)),
            metadata={"links": table(columns, rows)},
        )

    return build
