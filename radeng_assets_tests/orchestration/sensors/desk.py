"""One plan, one home, one instance on disk, and sensors that are ticked by hand, each with its own cursor."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import dagster as dg
from dagster._core.definitions.sensor_definition import SensorExecutionData

from radeng_assets.orchestration.build import build_defs
from radeng_assets.orchestration.site import Site
from radeng_assets.planning.snapshot import PIN, served_plan
from radeng_assets.readiness.judge import judge
from radeng_assets.settings import Settings
from radeng_assets_tests.instances import new_instance

_ASK_THE_INSTANCE = ("target_commit_sensor", "next_wave_sensor")

_EMPTY = dg.DagsterInstance.ephemeral()
"""For those who only want to know that nothing is going on."""


class Desk:
    """Definitions are those of one process, until ``restart``."""

    def __init__(self, folder: Path, plan: Path, target: Path | None = None, webserver: str | None = None) -> None:
        self.plan = plan
        self.settings = Settings(
            plan_dir=plan,
            home=folder / "home",
            target_repo=str(target) if target else None,
            edit_quiet_s=0,
            webserver_url=webserver,
        )
        self.settings.home.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.cursors: dict[str, str | None] = {}
        self.restart()

    @cached_property
    def instance(self) -> dg.DagsterInstance:
        """Made when first asked for: it costs more than all the rest."""
        (self.folder / "instance").mkdir()
        return new_instance(self.folder / "instance")

    def restart(self) -> None:
        """A new process of the code location: it pins the folder anew."""
        os.environ.pop(PIN, None)
        self.site = Site(self.settings, served_plan(self.plan, self.settings.home))
        self.defs = build_defs(self.site)

    def look(self, sensor: str) -> SensorExecutionData:
        """One tick whose result is lost: the cursor stays."""
        context = dg.build_sensor_context(
            instance=self.instance if sensor in _ASK_THE_INSTANCE or "instance" in vars(self) else _EMPTY,
            cursor=self.cursors.get(sensor),
            definitions=self.defs,
            sensor_name=sensor,
        )
        return self.defs.get_repository_def().get_sensor_def(sensor).evaluate_tick(context)

    def tick(self, sensor: str) -> SensorExecutionData:
        """One tick."""
        found = self.look(sensor)
        self.cursors[sensor] = found.cursor
        return found

    def run(self, request: dg.RunRequest) -> dg.ExecuteInProcessResult:
        """What a run worker does: definitions anew, of the plan that is pinned in the environment."""
        job = build_defs(self.site.now()).resolve_implicit_global_asset_job_def()
        subset = job.get_subset(asset_selection=set(request.asset_selection or ()))
        tags = {**request.tags, **({"dagster/run_key": request.run_key} if request.run_key else {})}
        return subset.execute_in_process(instance=self.instance, tags=tags, raise_on_error=False)


def carry_out(desk: Desk, wave: str) -> None:
    """What a wave's run does, without Dagster around it."""
    campaign = desk.site.now().campaign
    campaign.open_wave(wave, wave)
    for story in desk.site.served.schedule.wave(wave).stories:
        campaign.carry_out(wave, story.id, wave)
    campaign.close_wave(wave, wave)


def judge_now(desk: Desk) -> None:
    """What a run of ``production_readiness`` leaves, without Dagster around it."""
    site = desk.site.now()
    site.home.assets.mkdir(exist_ok=True)
    site.home.verdict.write_text(judge(site.case()).model_dump_json(), encoding="utf-8")
    desk.instance.report_runless_asset_event(dg.AssetMaterialization("production_readiness"))


def names(requests: Sequence[dg.RunRequest]) -> list[set[str]]:
    """The assets of each request."""
    return [{key.to_user_string() for key in request.asset_selection or ()} for request in requests]
