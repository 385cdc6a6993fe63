"""Definitions from a site: one assembly for the code location, the command line and the tests."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import import_module

import dagster as dg

from radeng_assets.orchestration.assets.audit import plan_audit, traceability
from radeng_assets.orchestration.assets.documents import document_assets
from radeng_assets.orchestration.assets.ess import ess_assets
from radeng_assets.orchestration.assets.ess_checks import snapshot_checks
from radeng_assets.orchestration.assets.readiness import final_gate, production_readiness, progress
from radeng_assets.orchestration.assets.reports import report_assets
from radeng_assets.orchestration.assets.stories import criteria_checks, story_nodes
from radeng_assets.orchestration.assets.waves import story_outputs, wave_gate, wave_partitions
from radeng_assets.orchestration.fleet.executors import wave_executor
from radeng_assets.orchestration.io_manager import RecordIO
from radeng_assets.orchestration.jobs import executor, jobs, planning_job
from radeng_assets.orchestration.one_wave import without_foreign_steps
from radeng_assets.orchestration.sensors.next_wave import next_wave_sensor
from radeng_assets.orchestration.sensors.notices import run_failure_notice_sensor, verdict_notice_sensor
from radeng_assets.orchestration.sensors.plan_edit import plan_edit_sensor
from radeng_assets.orchestration.sensors.risk_review import risk_review_schedules
from radeng_assets.orchestration.sensors.target_commit import target_commit_sensor
from radeng_assets.orchestration.site import Site


@cache
def served_site() -> Site:
    """This process's site, and that of all processes which are forked from it."""
    return Site.current()


@cache
def served_defs() -> dg.Definitions:
    """Everything of this process's site, built once for it and for all processes that are forked from it."""
    site = served_site()
    if site.settings.mode == "claude":
        import_module("radeng_assets.execution.agents.claude.agent")  # seconds, once instead of in every story's step
    return build_defs(site)


def build_defs(site: Site) -> dg.Definitions:
    """Everything of one site.

    Where no usable plan was ever seen there are no waves: then only the documents and their audit are defined, so
    that the page still comes up and says what is wrong.
    """
    documents = [*document_assets(site), plan_audit(site), traceability(site)]
    resources = {"io_manager": RecordIO(base=str(site.home.assets))}
    schedule = site.served.schedule
    if not schedule.stories:
        return dg.Definitions(
            assets=documents,
            jobs=[planning_job()],
            sensors=[plan_edit_sensor(site, _specs(documents)), run_failure_notice_sensor(site)],
            resources=resources,
        )
    partitions = wave_partitions(site)
    criteria = criteria_checks(site)
    here, elsewhere = without_foreign_steps(executor(schedule.agents), schedule), wave_executor(site)
    assets = [
        *documents,
        *story_nodes(site),
        story_outputs(site, partitions),
        *ess_assets(site, partitions),
        *report_assets(site, partitions),
        final_gate(site),
        progress(site),
        production_readiness(site),
    ]
    return dg.Definitions(
        assets=assets,
        asset_checks=[wave_gate(site, partitions), snapshot_checks(site), *([criteria] if criteria else [])],
        jobs=jobs(without_foreign_steps(elsewhere, schedule) if elsewhere else here),
        sensors=[
            plan_edit_sensor(site, _specs(assets)),
            target_commit_sensor(site),
            next_wave_sensor(site),
            verdict_notice_sensor(site),
            run_failure_notice_sensor(site),
        ],
        schedules=risk_review_schedules(site),
        resources=resources,
        executor=here,
    )


def _specs(assets: Sequence[dg.AssetsDefinition | dg.AssetSpec]) -> list[dg.AssetSpec]:
    return [spec for asset in assets for spec in ([asset] if isinstance(asset, dg.AssetSpec) else asset.specs)]
