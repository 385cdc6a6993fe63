"""The code index as assets: a snapshot for each wave, and both of its branches shown on the commit in question.

What an exercise of the branches showed stands in the ledger, where the verdict finds it.
"""

from collections.abc import Mapping
from typing import Any

import dagster as dg

from radeng_assets.ess.answer import Fault, FaultType
from radeng_assets.ess.showing import Occasion, measurement_of
from radeng_assets.ess.snapshot import Snapshot, take
from radeng_assets.evidence.envelope import Subject, timestamp
from radeng_assets.orchestration.assets.waves import session_of
from radeng_assets.orchestration.attendance import halt_with_run
from radeng_assets.orchestration.display import table
from radeng_assets.orchestration.freshness import fresh_for
from radeng_assets.orchestration.names import EVIDENCE, OWNER, STORY_OUTPUTS
from radeng_assets.orchestration.site import Site
from radeng_assets.orchestration.turn import await_turn
from radeng_assets.readiness.reports.ess import ESS

EXECUTION_PLAN = "execution_plan"
ESS_INDEX_SNAPSHOT = "ess_index_snapshot"
ESS_INTEGRATION_REPORT = "ess_integration_report"

FAULTS = 50
"""Most faults that the page lists."""


def ess_assets(site: Site, partitions: dg.PartitionsDefinition[str]) -> list[dg.AssetsDefinition]:
    """The snapshot of each wave, and the report on the commit in question."""
    return [_snapshot_asset(site, partitions), _report_asset(site)]


def _snapshot_asset(site: Site, partitions: dg.PartitionsDefinition[str]) -> dg.AssetsDefinition:
    @dg.asset(
        name=ESS_INDEX_SNAPSHOT,
        group_name=EVIDENCE,
        owners=[OWNER],
        kinds={"sqlite"},
        deps=[EXECUTION_PLAN],
        partitions_def=partitions,
        freshness_policy=fresh_for(site.policy.ess.max_age_days),
        description="The code index of the commit that a wave is about: what it holds, its veracity, and who answers.",
    )
    def build(context: dg.AssetExecutionContext):
        halt_with_run()
        await_turn(site, context)
        snapshot = _shown(site, session_of(context.run))
        return dg.MaterializeResult(value=snapshot, metadata=_metadata(snapshot))

    return build


def _report_asset(site: Site) -> dg.AssetsDefinition:
    @dg.asset(
        name=ESS_INTEGRATION_REPORT,
        group_name=EVIDENCE,
        owners=[OWNER],
        kinds={"report"},
        deps=[STORY_OUTPUTS, ESS_INDEX_SNAPSHOT],
        freshness_policy=fresh_for(site.policy.ess.max_age_days),
        description="Whether the code index of the commit in question answers, with the service up and with it down.",
    )
    def build(context: dg.AssetExecutionContext):
        snapshot = _shown(site, session_of(context.run))
        return dg.MaterializeResult(value=site.case().reports[ESS], metadata=_metadata(snapshot))

    return build


def _shown(site: Site, session: str) -> Snapshot:
    """Index the commit in question, exercise both branches and record what they showed; a rehearsal records nothing."""
    commit, access = site.campaign.standing(), site.ess
    if commit is None or access is None:
        return Snapshot(state="missing", reason="There is no target, so no commit to index.")
    started = timestamp()
    snapshot = take(access, commit.commit)
    subject = Subject(commit=commit.commit, tree=commit.tree)
    occasion = Occasion(started=started, ended=timestamp(), session=session, plan=site.served.execution_digest)
    site.home.ledger.append("measurement", measurement_of(snapshot, subject, occasion, site.home.store))
    return snapshot


def _metadata(snapshot: Snapshot) -> dict[str, Any]:
    """Numbers are plotted over the waves, tables are read. What is not known is left out: a 0 would be a claim."""
    gateway = snapshot.gateway
    shown: dict[str, Any] = {
        "state": snapshot.state,
        "reason": snapshot.reason,
        "commit": snapshot.commit or "(no target)",
        "gateway": f"{gateway.health or 'not configured'}: {gateway.reason}" if gateway.reason else "(not asked)",
    }
    if snapshot.counts and snapshot.reader and snapshot.veracity is not None:
        skipped = snapshot.counts.skipped
        counts: dict[str, int] = snapshot.counts.model_dump(exclude={"skipped"})
        listed = snapshot.faults[:FAULTS]
        shown |= {
            "source": snapshot.source or "",
            "index": snapshot.index or "",
            "model_pin": snapshot.reader.pin,
            "veracity": float(snapshot.veracity),
            **counts,
            "counts": _counts_table(counts, skipped, snapshot.fault_counts),
            "faults": table(("fault", "at", "message"), map(_row, listed)),
            "more_faults": sum(snapshot.fault_counts.values()) - len(listed),
        }
    return shown


def _counts_table(
    counts: Mapping[str, int], skipped: Mapping[str, int], faults: Mapping[FaultType, int]
) -> dg.TableMetadataValue:
    rows = [
        *counts.items(),
        *((f"not indexed wholly: {reason}", count) for reason, count in skipped.items()),
        *((f"faults: {name}", count) for name, count in faults.items()),
    ]
    return table(("what", "count"), rows)


def _row(fault: Fault) -> tuple[str, str, str]:
    place = fault.path if fault.line is None else f"{fault.path}:{fault.line}"
    return fault.type, place, fault.message
