"""A run sees the plan that it started with; a broken edit is shown, and the last good plan serves on."""

from __future__ import annotations

import json
from pathlib import Path

import dagster as dg
import pytest

from radeng_assets.planning.documents.execution_plan import UI_TRACK
from radeng_assets_tests.folders import PLAN, self_editing_folder, write_folder
from radeng_assets_tests.instances import bare_home
from radeng_assets_tests.processes import dagster, materialize_wave, radeng_json


def outcomes(home: Path, wave: str) -> list[str]:
    value = json.loads((home / "assets" / "story_outputs" / f"{wave}.json").read_text("utf-8"))
    return [story["story"] for story in value["stories"]]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return bare_home(tmp_path / "home")


def test_materialize_with_nothing_but_dagster_home(home: Path) -> None:
    """The UI track, which is a partition of its own."""
    arguments = ("asset", "materialize", "-m", "radeng_assets.definitions", "--select")
    done = dagster(*arguments, "story_outputs", "--partition", UI_TRACK, cwd=home, DAGSTER_HOME=str(home))
    assert done.returncode == 0, done.stderr[-3000:]
    assert outcomes(home, UI_TRACK) == ["UI-S1", "UI-S2", "UI-S3"]
    with dg.DagsterInstance.from_config(str(home)) as instance:
        (run,) = instance.get_runs()
        assert not instance.all_logs(run.run_id, of_type=dg.DagsterEventType.STEP_SKIPPED)  # other waves' stories
        assert len(instance.all_logs(run.run_id, of_type=dg.DagsterEventType.STEP_SUCCESS)) == 6
    done = dagster(*arguments, "story_outputs", "--partition", "wave-6", cwd=home, DAGSTER_HOME=str(home))
    assert done.returncode == 1
    assert "wave-4 has not run" in done.stderr
    assert "radeng run --waves" in done.stderr


def test_an_edit_between_two_steps_does_not_reach_the_run(home: Path, tmp_path: Path, target: Path) -> None:
    """The first story's own proof rewrites the plan, so that it is edited in mid-run for certain."""
    plan, edited = self_editing_folder(tmp_path)
    settings = {"RADENG_TARGET_REPO": str(target), "RADENG_AGENT": "none"}
    done = materialize_wave(home, plan, "wave-1", **settings)
    assert done.returncode == 0, done.stderr[-3000:]
    assert (plan / "EXECUTION-PLAN.yaml").read_text("utf-8") == edited
    assert outcomes(home, "wave-1") == ["A-1", "A-2"]
    # The next run reads the folder anew. A-3 has no proof there, so the gate fails; that is not the point.
    done = materialize_wave(home, plan, "wave-1", **settings)
    assert outcomes(home, "wave-1") == ["A-1", "A-3"], done.stderr[-3000:]


def test_a_broken_edit_serves_the_last_good_plan_and_fails_a_check(home: Path, tmp_path: Path) -> None:
    plan = write_folder(tmp_path / "plan")
    assert materialize_wave(home, plan, "wave-1").returncode == 0
    broken = PLAN.replace("  - id: wave-2", "  id: wave-2", 1)
    (plan / "EXECUTION-PLAN.yaml").write_text(broken, encoding="utf-8")
    done = materialize_wave(home, plan, "wave-2")
    assert done.returncode == 0, done.stderr[-3000:]
    assert outcomes(home, "wave-2") == ["B-1"]
    done = dagster(
        "asset",
        "materialize",
        "-m",
        "radeng_assets.definitions",
        "--select",
        "execution_plan",
        cwd=home,
        DAGSTER_HOME=str(home),
        RADENG_PLAN_DIR=str(plan),
    )
    assert done.returncode == 0
    with dg.DagsterInstance.from_config(str(home)) as instance:
        last = instance.get_runs(limit=1)[0].run_id
        said = instance.all_logs(last, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
        assert "yaml-broken" in str([log.dagster_event for log in said])
    # A run that names the folder does not get an older plan in silence.
    code, verdict = radeng_json("run", "--plan", plan, "--home", home, cwd=home)
    assert code in (0, 2)
    if code == 0:
        assert verdict["verdict"] == "NOT_READY"
        assert "could not be read whole" in verdict["criteria"][0]["reason"]
