"""``plan_audit`` and ``traceability``: the documents held against each other."""

from collections.abc import Sequence

import dagster as dg
import pandas as pd

from radeng_assets.orchestration.assets.documents import document_assets
from radeng_assets.orchestration.display import findings_counts, findings_table, table
from radeng_assets.orchestration.names import DOCUMENTS, OWNER, READS
from radeng_assets.orchestration.site import Site
from radeng_assets.planning.findings import Finding, has_errors
from radeng_assets.planning.folder import FILES, README, VERIFICATION
from radeng_assets.planning.rules.book import FAMILIES, READING, family_about
from radeng_assets.planning.trace.matrix import trace
from radeng_assets.planning.trace.table import COLUMNS, traceability_table

PLAN_AUDIT = "plan_audit"
TRACEABILITY = "traceability"

_LISTED = 500
"""Most findings that one table of the web UI lists; the asset's value holds them all."""


def plan_audit(site: Site) -> dg.AssetsDefinition:
    """The audit as an asset, with one check a family. Its errors block the waves where the policy says so."""

    @dg.asset(
        name=PLAN_AUDIT,
        group_name=DOCUMENTS,
        owners=[OWNER],
        kinds={"audit"},
        deps=[asset.key for asset in document_assets(site)],
        check_specs=[
            dg.AssetCheckSpec(
                family,
                asset=PLAN_AUDIT,
                description=f"{family_about(family)} No open finding of level error.",
                blocking=site.policy.audit_blocks,
            )
            for family in (READING, *FAMILIES)
        ],
        metadata={READS: list(FILES)},
        description="Every finding about the planning folder, with file and line, by family of rules.",
    )
    def build():
        result = site.audit()
        families = result.by_family()
        return dg.MaterializeResult(
            value=result,
            metadata={
                **findings_counts(result.findings),
                "accepted": len(result.accepted),
                "by_family": table(
                    ("family", "errors", "warnings", "infos"),
                    ((family, *_counts(findings)) for family, findings in families.items()),
                ),
                "plan": table(("what", "there"), tuple(result.plan.model_dump().items())),
                "findings": findings_table(result.findings[:_LISTED]),
            },
            check_results=[_check(family, findings) for family, findings in families.items()],
            data_version=dg.DataVersion(site.planning.digest),
        )

    return build


def _check(family: str, findings: Sequence[Finding]) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        check_name=family,
        passed=not has_errors(findings),
        severity=dg.AssetCheckSeverity.ERROR,
        metadata={"findings": findings_table(findings[:_LISTED]), **findings_counts(findings)},
    )


def _counts(findings: Sequence[Finding]) -> tuple[int, ...]:
    severities = [finding.severity for finding in findings]
    return tuple(severities.count(severity) for severity in ("error", "warning", "info"))


def traceability(site: Site) -> dg.AssetsDefinition:
    """The matrix as a table: what links, and, in a column of its own, what is only suggested."""

    @dg.asset(
        name=TRACEABILITY,
        group_name=DOCUMENTS,
        owners=[OWNER],
        kinds={"table"},
        deps=[asset.key for asset in document_assets(site)],
        metadata={READS: [README, VERIFICATION]},
        description="Gaps, risks, criteria and success criteria with the stories, proofs and reports that answer them. "
        "Suggestions stand apart and count nowhere.",
    )
    def build():
        matrix = trace(site.planning)
        rows = traceability_table(matrix)
        answered = [row for kind in ("gap", "risk") for row in matrix.of(kind)]
        return dg.MaterializeResult(
            value=pd.DataFrame(rows, columns=list(COLUMNS)),
            metadata={
                "links": table(COLUMNS, rows[:_LISTED]),
                "gaps_and_risks": len(answered),
                "without_a_story": sum(1 for row in answered if not row.counted),
            },
            data_version=dg.DataVersion(site.planning.digest),
        )

    return build
