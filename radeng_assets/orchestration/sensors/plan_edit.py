"""``plan_edit_sensor``: a sound edit of the planning folder is served and re-materialized, a broken one is reported."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

import dagster as dg
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus

from radeng_assets.evidence.envelope import timestamp
from radeng_assets.orchestration.assets.documents import SERVED, served_evaluation
from radeng_assets.orchestration.names import LOCATION
from radeng_assets.orchestration.site import Site
from radeng_assets.orchestration.touched import CHEAP, touched
from radeng_assets.orchestration.webserver import ask_to_reload
from radeng_assets.planning.edits import Memory
from radeng_assets.planning.folder import Sources, read_sources
from radeng_assets.planning.schedule import shape
from radeng_assets.planning.snapshot import PIN, ServedPlan, pin_of, pinned, thaw

NAME = "plan_edit_sensor"

INTERVAL_S = 5
"""Seconds between looks: reading a dozen files. Two looks make an edit count."""

ASK_AGAIN_S = 60.0
"""A web server that was asked to load the definitions again, and has not by then, is asked once more."""


def plan_edit_sensor(site: Site, specs: Sequence[dg.AssetSpec]) -> dg.SensorDefinition:
    """The sensor over a site's folder; ``specs`` are the lineage."""
    cheap = [spec.key for spec in specs if spec.group_name in CHEAP]

    @dg.sensor(
        name=NAME,
        asset_selection=dg.AssetSelection.assets(*cheap),
        minimum_interval_seconds=INTERVAL_S,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Looks at the planning folder by content. An edit that stands still materializes what it touches; "
        "one that changes waves or stories asks the web server to load the definitions again.",
    )
    def sensor(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        origin = context.code_location_origin
        location = origin.location_name if origin else LOCATION
        return _Tick(site, specs, context.cursor, location, lambda: _being_checked(context.instance)).result()

    return sensor


class _Tick:
    """One look. ``being_checked`` asks whether a run is about to say what the check on the plan says."""

    def __init__(
        self,
        site: Site,
        specs: Sequence[dg.AssetSpec],
        cursor: str | None,
        location: str,
        being_checked: Callable[[], bool],
    ) -> None:
        self.site, self.specs, self.location, self.being_checked = site, specs, location, being_checked
        self.settings = site.settings
        self.now = timestamp()
        self.served = site.now().served
        known = thaw(self.served.folder).states if self.served.folder else {}
        self.before = Memory.recall(cursor) or Memory.begin(known, self.now)
        self.sources: Sources = read_sources(self.settings.plan_dir)
        self.folder = self.sources.states
        self.memory = self.before.look(self.folder, self.now)

    def result(self) -> dg.SensorResult:
        edited = self.memory.edited(self.folder)
        if not edited and not self.memory.broken:
            return self._skip("the folder is as it was")
        if not self.memory.settled(self.before, self.now, self.settings.edit_quiet_s):
            return self._skip(f"edited, and not still yet: {', '.join(edited)}")
        pin = pin_of(self.sources, self.settings.plan_dir, self.settings.home)
        plan = pinned(pin, self.settings.home)
        events = self._reported(plan)
        same = shape(plan.schedule) == shape(self.site.served.schedule)
        if plan.digest != self.sources.digest:
            # Runs that start now are told that the folder is not what they serve; it is what these definitions are of.
            served = plan if same else self.served
            os.environ[PIN] = f"{served.folder.name if served.folder else ''},{plan.broken.name if plan.broken else ''}"
            return self._skip(f"the edit is broken, and the last good plan serves on. {_first(plan)}", events)
        if not same:
            return self._skip(self._structure_changed(), events)
        os.environ[PIN] = pin
        keys = touched(self.specs, edited)
        if not keys:
            return self._skip("the folder is as it was before the broken edit", events)
        self.memory = self.memory.passed_on(self.folder)
        request = dg.RunRequest(
            run_key=f"{self.sources.digest}:{self.memory.edition}",
            asset_selection=keys,
            tags={"radeng/edited": ", ".join(edited)[:200]},
        )
        return dg.SensorResult(run_requests=[request], cursor=self._cursor, asset_events=events)

    def _reported(self, plan: ServedPlan) -> list[dg.AssetCheckEvaluation]:
        """The check of the served plan, when an edit breaks it, breaks it otherwise, or mends it.

        Not while a run is at it: the page shows the word that was begun last, so ours would hide the run's, and is
        itself hidden as older than what the run materializes. The next look reports.
        """
        broken = self.sources.digest if plan.broken else ""
        if broken == self.memory.broken or self.being_checked():
            return []
        self.memory = self.memory.model_copy(update={"broken": broken})
        return [served_evaluation(plan)]

    def _structure_changed(self) -> str:
        """Asks for what a process cannot do by itself: its graph is made when definitions load."""
        changed = "the plan's waves or stories changed, and the definitions must be loaded again for it"
        address, digest = self.settings.webserver_url, self.sources.digest
        if address is None:
            return f"{changed}: reload the code location (no RADENG_WEBSERVER_URL is set that could be asked to)"
        if not self.memory.may_ask(digest, self.now, ASK_AGAIN_S):
            return f"{changed}: the web server was asked to at {self.memory.asked_at}"
        refused = ask_to_reload(address, self.location)
        if refused:
            return f"{changed}, and the web server does not: {refused}"
        self.memory = self.memory.model_copy(update={"asked": digest, "asked_at": self.now})
        return f"{changed}: the web server was asked to"

    def _skip(self, why: str, events: Sequence[dg.AssetCheckEvaluation] = ()) -> dg.SensorResult:
        return dg.SensorResult(
            skip_reason=dg.SkipReason(f"{why[0].upper()}{why[1:]}"), cursor=self._cursor, asset_events=[*events]
        )

    @property
    def _cursor(self) -> str:
        return self.memory.model_dump_json()


def _being_checked(instance: dg.DagsterInstance) -> bool:
    key = dg.AssetCheckKey(dg.AssetKey("execution_plan"), SERVED)
    last = instance.event_log_storage.get_latest_asset_check_execution_by_key([key]).get(key)
    if last is None or last.status != AssetCheckExecutionRecordStatus.PLANNED:
        return False
    run = instance.get_run_by_id(last.run_id)
    return run is not None and not run.is_finished


def _first(plan: ServedPlan) -> str:
    errors = [finding for finding in plan.broken_findings() if finding.severity == "error"]
    return f"{errors[0].at[0]}: {errors[0].message}" if errors and errors[0].at else ""
