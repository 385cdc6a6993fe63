"""Dagster's "re-execute from failure": what failed is carried out again, what is done costs nobody anything."""

from __future__ import annotations

import json
from typing import Any

import dagster as dg
import pytest

from radeng_assets.evidence.ledger import Ledger
from radeng_assets.home import Home
from radeng_assets_tests.execution.works import HONEST, Works
from radeng_assets_tests.processes import python

DRIVER = """
import json, sys
from pathlib import Path
import dagster as dg
from radeng_assets.orchestration.wave_work import wave_job

def told(result, instance):
    steps = sorted(e.step_key for e in result.all_events if e.event_type_value == "STEP_START")
    skipped = [e.step_key for e in result.all_events if e.event_type_value == "STEP_SKIPPED"]
    kind = dg.DagsterEventType.ASSET_CHECK_EVALUATION
    logged = instance.all_logs(result.run_id, of_type=kind)
    checks = [log.dagster_event.asset_check_evaluation_data for log in logged]
    gates = [[c.passed, c.partition] for c in checks if c.check_name == "wave_gate"]
    return {"success": result.success, "steps": steps, "skipped": skipped, "gates": gates}

WAVE = {"dagster/partition": "wave-1"}

if __name__ == "__main__":
    with dg.DagsterInstance.get() as instance:
        job = dg.reconstructable(wave_job)
        with dg.execute_job(job, instance, tags=WAVE, raise_on_error=False) as first:
            before = told(first, instance)
        Path(sys.argv[1]).touch()
        options = dg.ReexecutionOptions.from_failure(first.run_id, instance)
        with dg.execute_job(job, instance, tags=WAVE, reexecution_options=options, raise_on_error=False) as again:
            print(json.dumps([before, told(again, instance)]))
"""

SULKING = f"""
import os, pathlib, sys
if os.environ["RADENG_STORY_ID"] == "A-1" and not (pathlib.Path(__file__).parent / "mended").exists():
    sys.exit("not today")
{HONEST}
"""
"""An agent that does not carry A-1 out until somebody has mended something."""


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> Works:
    works = Works(tmp_path_factory.mktemp("again"))
    policy = f"agents:\n  attempts: 1\n  readable: [{works.scripts}]\n"
    (works.folder / "readiness.yaml").write_text(policy, encoding="utf-8")
    return works


@pytest.fixture(scope="module")
def runs(works: Works) -> list[dict[str, Any]]:
    """The first run and its re-execution."""
    driver = works.root / "driver.py"
    driver.write_text(DRIVER, encoding="utf-8")
    Home(works.home).prepare()
    done = python(
        str(driver),
        str(works.scripts / "mended"),
        cwd=works.root,
        DAGSTER_HOME=str(works.home),
        RADENG_HOME=str(works.home),
        RADENG_PLAN_DIR=str(works.folder),
        RADENG_TARGET_REPO=str(works.target),
        RADENG_AGENT="command",
        RADENG_AGENT_COMMAND=works.script(SULKING),
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_a_story_that_stays_undone_fails_the_wave_and_holds_nothing_else_up(runs: list[dict[str, Any]]) -> None:
    first, _ = runs
    assert not first["success"]
    assert {f"story_outputs.A_{n}" for n in (1, 2, 3)} <= set(first["steps"])
    assert first["gates"] == [[False, "wave-1"]]


def test_other_waves_stories_are_no_part_of_its_runs(runs: list[dict[str, Any]]) -> None:
    for run in runs:
        assert "story_outputs.close_wave" in run["steps"]
        assert not run["skipped"]
        assert not [step for step in run["steps"] if step.startswith(("story_outputs.B", "story_outputs.C"))]


def test_from_failure_only_what_failed_is_carried_out_again(works: Works, runs: list[dict[str, Any]]) -> None:
    _, again = runs
    assert again["success"]
    assert not [step for step in again["steps"] if step.startswith("story_outputs.A_")]
    assert again["gates"] == [[True, "wave-1"]]
    attempts = [str(e.body["story"]) for e in Ledger(works.home / "ledger.jsonl").entries("attempt")]
    # A-3 needs A-1: nobody was asked for it the first time.
    assert sorted(attempts) == ["A-1", "A-1", "A-2", "A-3"]
    assert sorted(works.git("log", "--format=%s", "main..radeng/plan/integration").splitlines()) == [
        "A-1: Teach it to add",
        "A-2: Teach it to sub",
        "A-3: Teach it to mul",
    ]


def test_the_nodes_tell_of_the_second_time(works: Works, runs: list[dict[str, Any]]) -> None:
    assert len(runs) == 2
    with dg.DagsterInstance.from_config(str(works.home)) as instance:
        for node in ("A_1", "A_2", "A_3"):
            event = instance.get_latest_materialization_event(dg.AssetKey(["story", node]))
            assert event is not None
            assert event.asset_materialization is not None
            assert event.asset_materialization.metadata["status"].value == "verified"
