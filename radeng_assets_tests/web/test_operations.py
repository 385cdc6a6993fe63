"""A service in use, in a real browser: what edits start by themselves, and what a red wave looks like everywhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from radeng_assets_tests.conftest import ARTIFACTS
from radeng_assets_tests.folders import CHECK, PLAN, PROOFS, make_target, write_folder
from radeng_assets_tests.web.pages import ask, launch, started
from radeng_assets_tests.web.server import web_ui

PATIENCE_S = 180
"""How long a busy machine may take over what a quiet one does in a minute; nothing is asserted about the time."""


@dataclass(frozen=True)
class Service:
    """``radeng ui`` over a target that lacks what A-2 promises."""

    address: str
    plan: Path

    def edit(self, old: str, new: str) -> None:
        """Change the execution plan by hand."""
        document = self.plan / "EXECUTION-PLAN.yaml"
        text = document.read_text("utf-8")
        assert old in text
        document.write_text(text.replace(old, new, 1), encoding="utf-8")

    def sensor_runs(self) -> dict[str, frozenset[str]]:
        """What each run of the plan's sensor that has ended materialized."""
        runs = ask(
            self.address,
            """{ runsOrError(filter: {tags: [{key: "dagster/sensor_name", value: "plan_edit_sensor"}]}) {
                 ... on Runs { results { id status assetMaterializations { assetKey { path } } } } } }""",
        )["runsOrError"]["results"]
        assert not [run for run in runs if run["status"] in ("FAILURE", "CANCELED")]
        return {
            run["id"]: frozenset(event["assetKey"]["path"][-1] for event in run["assetMaterializations"])
            for run in runs
            if run["status"] == "SUCCESS"
        }

    def ticks(self) -> list[str]:
        """Why the plan's sensor skipped, the latest first."""
        query = """query ($on: SensorSelector!) { sensorOrError(sensorSelector: $on) {
          ... on Sensor { sensorState { ticks(limit: 20) { status skipReason } } } } }"""
        on = {
            "repositoryName": "__repository__",
            "repositoryLocationName": "radeng_assets",
            "sensorName": "plan_edit_sensor",
        }
        found = ask(self.address, query, on=on)["sensorOrError"]["sensorState"]["ticks"]
        return [tick["skipReason"] or "" for tick in found]

    def served_as_written(self) -> bool | None:
        """The check on the plan as the page has it."""
        query = """{ assetCheckExecutions(
          assetKey: {path: ["execution_plan"]}, checkName: "served_as_written", limit: 1
        ) { evaluation { success } } }"""
        found = ask(self.address, query)["assetCheckExecutions"]
        return found[0]["evaluation"]["success"] if found and found[0]["evaluation"] else None


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    root = tmp_path_factory.mktemp("service")
    first, second = PROOFS.split("  A-2:")
    plan = write_folder(root / "plan", PLAN, f"{first}  A-2:{second.replace(CHECK, 'test -f docs/countdown.md', 1)}")
    target = make_target(root / "target")
    ARTIFACTS.mkdir(exist_ok=True)
    flags = ("--target", str(target), "--agent", "none")
    with web_ui(plan, root / "home", ARTIFACTS / "web-ui-service.log", *flags) as address:
        yield Service(address, plan)


def until(happened: Callable[[], object], what: str) -> None:
    """Wait for a condition, asking it again and again."""
    deadline = time.monotonic() + PATIENCE_S
    while not happened():
        assert time.monotonic() < deadline, what
        time.sleep(0.5)


class TestEdits:
    """In order, on one service."""

    def test_points_materialize_what_reads_and_judges_them_and_nothing_else(self, service: Service) -> None:
        until(lambda: any("as it was" in why for why in service.ticks()), "the sensor looked at the folder")
        service.edit("points: 2", "points: 5")
        until(service.sensor_runs, "a run of the sensor's")
        touched = {"execution_plan", "plan_audit", "traceability", "progress", "production_readiness"}
        assert list(service.sensor_runs().values()) == [touched]

    def test_a_broken_save_turns_a_check_red_and_starts_nothing(self, service: Service) -> None:
        service.edit("  - id: wave-2", "  id: wave-2")
        until(lambda: service.served_as_written() is False, "the check failed")
        until(lambda: "broken" in service.ticks()[0], "the sensor says so")
        assert len(service.sensor_runs()) == 1
        service.edit("  id: wave-2", "  - id: wave-2")
        until(lambda: service.served_as_written() is True, "the check passes again")
        until(lambda: "as it was" in service.ticks()[0], "the folder is as it was")
        assert len(service.sensor_runs()) == 1


class TestARedWave:
    """Wave-1, in which A-2 is not done, on each page that shows waves."""

    @pytest.fixture(scope="class")
    @classmethod
    def run(cls, service: Service, page: Page) -> str:
        run = launch(page, service.address, "story_outputs", "wave-1")
        page.goto(f"{service.address}/runs/{run}")
        expect(page.get_by_text("Failure", exact=True).first).to_be_visible()
        return run

    def test_the_runs_steps_are_drawn_over_time(self, service: Service, page: Page, run: str) -> None:
        for words in ("Errored (1)", "Succeeded (4)", "story_outputs_wave_gate"):
            expect(page.get_by_text(words, exact=True).first).to_be_visible()
        page.screenshot(path=ARTIFACTS / "run-gantt.png")

    def test_the_lineage_by_wave_is_red_where_a_criterion_is(self, service: Service, page: Page, run: str) -> None:
        page.goto(f"{service.address}/locations/radeng_assets/asset-groups/wave_1")
        expect(page.get_by_text("A_2").first).to_be_visible()
        for words in ("1 / 1 Passed", "0 / 1 Passed", "Never materialized"):
            expect(page.get_by_text(words, exact=True).first).to_be_visible()
        page.screenshot(path=ARTIFACTS / "red-wave.png")
        page.goto(f"{service.address}/assets/story/A_2?view=checks&checkDetail=criterion_1")
        expect(page.get_by_text("Failed", exact=True).first).to_be_visible()
        page.screenshot(path=ARTIFACTS / "red-criterion.png")

    def test_a_checks_detail_says_why(self, service: Service, page: Page, run: str) -> None:
        page.goto(f"{service.address}/assets/story_outputs?view=checks&checkDetail=wave_gate")
        expect(page.get_by_text("not done: A-2").first).to_be_visible()
        page.screenshot(path=ARTIFACTS / "check-detail.png")

    def test_the_partitions_tell_the_waves_that_ran_from_those_that_did_not(
        self, service: Service, page: Page, run: str
    ) -> None:
        page.goto(f"{service.address}/assets/story_outputs?view=partitions")
        for words in ("wave-1", "wave-2", "Materialized (1)", "Missing (1)"):
            expect(page.get_by_text(words, exact=True).first).to_be_visible()
        page.screenshot(path=ARTIFACTS / "partitions.png")

    def test_the_pool_page_shows_the_agents(self, service: Service, page: Page, run: str) -> None:
        page.goto(f"{service.address}/deployment/concurrency/agents")
        expect(page.get_by_text("agents").first).to_be_visible()
        page.screenshot(path=ARTIFACTS / "pool.png")

    def test_only_people_and_the_sensor_started_runs(self, service: Service, run: str) -> None:
        assert started(service.address) == {run}
