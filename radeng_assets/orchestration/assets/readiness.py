"""The end of the lineage: the final gate, progress, and the verdict with its eight checks."""

import dagster as dg

from radeng_assets.orchestration.assets.audit import PLAN_AUDIT, TRACEABILITY
from radeng_assets.orchestration.assets.ess import ESS_INDEX_SNAPSHOT, ESS_INTEGRATION_REPORT
from radeng_assets.orchestration.assets.reports import REPORTS, measure
from radeng_assets.orchestration.assets.stories import last_stories
from radeng_assets.orchestration.assets.waves import session_of
from radeng_assets.orchestration.display import markdown, table
from radeng_assets.orchestration.freshness import fresh_for
from radeng_assets.orchestration.names import EVIDENCE, OWNER, READINESS, READS, STORY_OUTPUTS
from radeng_assets.orchestration.page import page_facts
from radeng_assets.orchestration.site import Site
from radeng_assets.planning.folder import ALLOWED_SIGNERS, POLICY, README
from radeng_assets.readiness.judge import CRITERIA, judge
from radeng_assets.readiness.page.facts import PageFacts
from radeng_assets.readiness.page.tables import figures_of, tables_of
from radeng_assets.readiness.progress import progress_of
from radeng_assets.readiness.verdict import CriterionVerdict

FINAL_GATE = "final_gate"
PROGRESS = "progress"
PRODUCTION_READINESS = "production_readiness"


def final_gate(site: Site) -> dg.AssetsDefinition:
    """The plan's ``post_final`` commands on the target's commit."""

    @dg.asset(
        name=FINAL_GATE,
        group_name=EVIDENCE,
        owners=[OWNER],
        kinds={"git"},
        deps=[STORY_OUTPUTS],
        description="The plan's post_final commands, run on the commit in question after the waves.",
    )
    def build(context: dg.AssetExecutionContext):
        outcome = site.campaign.final_gate(session_of(context.run))
        # A wave's coverage is of the commit that the wave ended on; the verdict needs that of the last one.
        measure(site, "coverage", context)
        return dg.MaterializeResult(value=outcome, metadata={"state": outcome.state, "reason": outcome.reason})

    return build


def progress(site: Site) -> dg.AssetsDefinition:
    """The plan's own progress structure, counted from the ledger."""

    @dg.asset(
        name=PROGRESS,
        group_name=READINESS,
        owners=[OWNER],
        kinds={"table"},
        deps=[STORY_OUTPUTS, *last_stories(site)],
        description="How far the plan has come, counted from recorded outcomes and nothing else.",
    )
    def build():
        value = progress_of(site.case())
        return dg.MaterializeResult(
            value=value,
            metadata={
                "summary": markdown("progress", value.summary.model_dump()),
                "waves": table(("wave", "status"), tuple(value.wave_status.items())),
                "completed": value.summary.completed,
                "percentage": value.summary.percentage,
            },
        )

    return build


def production_readiness(site: Site) -> dg.AssetsDefinition:
    """The verdict."""

    @dg.asset(
        name=PRODUCTION_READINESS,
        group_name=READINESS,
        owners=[OWNER],
        kinds={"verdict"},
        deps=[
            PLAN_AUDIT,
            TRACEABILITY,
            STORY_OUTPUTS,
            PROGRESS,
            FINAL_GATE,
            ESS_INDEX_SNAPSHOT,
            ESS_INTEGRATION_REPORT,
            *(report.name for report in REPORTS),
        ],
        check_specs=[
            dg.AssetCheckSpec(
                criterion,
                asset=PRODUCTION_READINESS,
                description=f"Success criterion {criterion} is verified or waived.",
            )
            for criterion in CRITERIA
        ],
        freshness_policy=fresh_for(site.policy.freshness.max_age_days),
        metadata={READS: [README, POLICY, ALLOWED_SIGNERS]},
        description="READY or NOT_READY, judged over recorded evidence; one check for each success criterion.",
    )
    def build():
        site.remember()
        case = site.case()
        verdict = judge(case)
        return dg.MaterializeResult(
            value=verdict,
            metadata=_verdict_metadata(page_facts(site, case, verdict)),
            check_results=[_criterion_result(criterion) for criterion in verdict.criteria],
        )

    return build


def _verdict_metadata(facts: PageFacts) -> dict[str, dg.MetadataValue | str | float]:
    """What the page for stakeholders says (``radeng report``), as figures and tables."""
    return {**figures_of(facts), **{one.title.lower(): table(one.columns, one.rows) for one in tables_of(facts)}}


def _criterion_result(criterion: CriterionVerdict) -> dg.AssetCheckResult:
    metadata: dict[str, str | float] = {
        "status": criterion.status,
        "claimed": criterion.claimed,
        "next": criterion.next,
        "evidence": ", ".join(criterion.evidence) or "none",
    }
    if criterion.measured is not None:
        metadata["measured"] = criterion.measured
    if criterion.threshold is not None:
        metadata["threshold"] = criterion.threshold
    return dg.AssetCheckResult(
        check_name=criterion.id,
        passed=criterion.status in ("verified", "waived"),
        severity=dg.AssetCheckSeverity.ERROR,
        description=criterion.reason,
        metadata=metadata,
    )
