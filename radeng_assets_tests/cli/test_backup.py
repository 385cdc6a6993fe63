"""``radeng backup`` and ``radeng restore``: the home of a real run, elsewhere, gives the same verdict."""

from __future__ import annotations

import os
from pathlib import Path
from unittest import mock

import dagster as dg

from radeng_assets_tests.cli.conftest import Judged
from radeng_assets_tests.processes import radeng_here, radeng_json_here


def test_restored_elsewhere_the_verdict_is_the_same(judged: Judged, tmp_path: Path) -> None:
    file, new = tmp_path / "home.zip", tmp_path / "deep" / "new"
    code, written = radeng_json_here("backup", file, "--home", judged.home, cwd=tmp_path)
    assert code == 0
    before = radeng_json_here("verdict", "--home", judged.home, cwd=tmp_path)[1]
    judged.home.rename(tmp_path / "away")
    code, restored = radeng_json_here("restore", file, "--home", new, cwd=tmp_path)
    assert code == 0
    assert {**restored, "schema": ""} == {**written, "schema": ""}
    bundle = tmp_path / "bundle.zip"
    code, after = radeng_json_here("verdict", "--home", new, "--bundle", bundle, cwd=tmp_path)
    assert code == 0
    assert after["digest"] == before["digest"]
    assert radeng_json_here("verify", bundle, cwd=tmp_path)[1]["digest"] == before["digest"]
    with mock.patch.dict(os.environ, {"DAGSTER_HOME": str(new)}), dg.DagsterInstance.get() as instance:
        assert {run.job_name for run in instance.get_runs()} == {"planning_job", "wave_job", "readiness_job"}
        event = instance.get_latest_materialization_event(dg.AssetKey("production_readiness"))
        assert event is not None


def test_what_cannot_be_done_is_said(judged: Judged, tmp_path: Path) -> None:
    for args, words in (
        (("backup", tmp_path / "b.zip", "--home", tmp_path / "nowhere"), "there is no home"),
        (("backup", tmp_path / "no" / "b.zip", "--home", judged.home), "there is no folder"),
        (("restore", tmp_path / "b.zip", "--home", tmp_path / "new"), "there is no file"),
        (("restore", judged.plan / "EXECUTION-PLAN.yaml", "--home", tmp_path / "new"), "not a zip file"),
        (("restore", judged.plan / "EXECUTION-PLAN.yaml", "--home", judged.home), "holds something already"),
    ):
        done = radeng_here(*args, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert words in done.stderr
