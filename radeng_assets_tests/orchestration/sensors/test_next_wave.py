"""Waves open by themselves where a person switched that on, where the gates before them passed, and once."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from radeng_assets.orchestration.build import build_defs
from radeng_assets_tests.folders import commit, write_folder
from radeng_assets_tests.orchestration.sensors.desk import Desk, carry_out

pytestmark = pytest.mark.storages

SENSOR = "next_wave_sensor"


@pytest.fixture
def desk(tmp_path: Path, target: Path) -> Desk:
    return Desk(tmp_path, write_folder(tmp_path / "plan"), target)


def held(tmp_path: Path, target: Path, policy: str) -> Desk:
    plan = write_folder(tmp_path / "plan")
    (plan / "readiness.yaml").write_text(policy, encoding="utf-8")
    return Desk(tmp_path, plan, target)


def opened(desk: Desk) -> list[str | None]:
    return [request.partition_key for request in desk.tick(SENSOR).run_requests or ()]


def words(desk: Desk) -> str:
    return desk.tick(SENSOR).skip_message or ""


def test_waves_open_one_after_another_each_once(desk: Desk) -> None:
    looks = [desk.look(SENSOR) for _ in range(10)]
    keys = {request.run_key for found in looks for request in found.run_requests or ()}
    assert len(keys) == 1
    assert opened(desk) == ["wave-1"]
    carry_out(desk, "wave-1")
    assert opened(desk) == ["wave-2"]
    carry_out(desk, "wave-2")
    assert words(desk) == "Every wave was opened."


def test_a_run_that_is_on_is_waited_for(desk: Desk) -> None:
    desk.instance.create_run_for_job(
        build_defs(desk.site).resolve_job_def("wave_job"),
        tags={"dagster/partition": "wave-1"},
        status=dg.DagsterRunStatus.STARTED,
    )
    assert words(desk) == "wave-1: a run of it is on; wave-2: waits for wave-1"


def test_a_gate_that_did_not_pass_opens_nothing(desk: Desk, target: Path) -> None:
    (target / "check.py").write_text("raise SystemExit(1)\n", encoding="utf-8")
    commit(target, "Break it")
    carry_out(desk, "wave-1")
    assert words(desk) == "wave-2: waits for wave-1"


def test_a_new_commit_is_verified_anew_where_no_agent_works(desk: Desk, target: Path) -> None:
    carry_out(desk, "wave-1")
    (target / "more.py").write_text("", encoding="utf-8")
    head = commit(target, "More")
    (request,) = list(desk.tick(SENSOR).run_requests or ())
    assert request.partition_key == "wave-1"
    assert (request.run_key or "").endswith(f":wave-1:{head}")


def test_a_held_wave_waits_for_a_person(tmp_path: Path, target: Path) -> None:
    desk = held(tmp_path, target, "waves: {hold: [wave-2]}\n")
    assert opened(desk) == ["wave-1"]
    carry_out(desk, "wave-1")
    assert words(desk) == "wave-2: a person opens it (readiness.yaml: waves: hold)"
    carry_out(desk, "wave-2")  # which a person does
    assert words(desk) == "Every wave was opened."


@pytest.mark.parametrize(
    "policy",
    ["waves: {hold: [wave-22]}\n", "waves: {hold: {wave-2: yes}}\n", "waves: {holds: [wave-2]}\n", "waves: [\n"],
)
def test_a_hold_that_nobody_can_be_certain_of_holds_everything(tmp_path: Path, target: Path, policy: str) -> None:
    assert words(held(tmp_path, target, policy)).startswith("Nobody knows for certain which waves are held: ")


def test_a_broken_plan_and_the_kill_switch_open_nothing(desk: Desk) -> None:
    (desk.plan / "EXECUTION-PLAN.yaml").write_text("{", encoding="utf-8")
    for _ in range(3):
        desk.tick("plan_edit_sensor")
    assert words(desk).startswith("The planning folder is broken")
    desk.site.home.stop.pull("enough")
    assert words(desk) == "Everything is halted: enough"


def test_an_audit_that_blocks_opens_nothing(tmp_path: Path, target: Path) -> None:
    desk = held(tmp_path, target, "audit_blocks: true\n")
    plan = (desk.plan / "EXECUTION-PLAN.yaml").read_text("utf-8")
    (desk.plan / "EXECUTION-PLAN.yaml").write_text(plan.replace("total_points: 6", "total_points: 7"), "utf-8")
    desk.restart()
    assert words(desk).startswith("The audit blocks: ")


def test_a_ledger_that_was_edited_opens_nothing(desk: Desk) -> None:
    carry_out(desk, "wave-1")
    ledger = desk.settings.home / "ledger.jsonl"
    ledger.write_bytes(ledger.read_bytes().replace(b'"gate":"passed"', b'"gate":"failed"', 1))
    assert words(desk) == "The ledger's chain is broken."


def test_a_rehearsal_walks_on_over_what_was_rehearsed(tmp_path: Path) -> None:
    desk = Desk(tmp_path, write_folder(tmp_path / "plan"))
    assert opened(desk) == ["wave-1"]
    carry_out(desk, "wave-1")
    assert opened(desk) == ["wave-2"]
