"""``radeng backup`` and ``radeng restore``: the home of a real run, elsewhere, gives the same verdict."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from unittest import mock

import dagster as dg
import pytest

from radeng_assets.database import ADDRESS
from radeng_assets.home import Home
from radeng_assets_tests.cli.conftest import Judged
from radeng_assets_tests.conftest import ROOT
from radeng_assets_tests.docs.fences import fences
from radeng_assets_tests.postgres_server import BIN, Server
from radeng_assets_tests.processes import environment, radeng_here, radeng_json_here


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


@dg.job
def nothing() -> None:
    """A run to copy."""


def test_the_pages_own_lines_copy_a_database_and_put_it_back(
    postgres: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both lines of docs/retention.md as they stand there, with Postgres's own programs."""
    (block,) = (fence for fence in fences(ROOT / "docs" / "retention.md") if "pg_dump" in fence.text)
    copy, put_back = block.text.splitlines()
    url = postgres.database()
    monkeypatch.setenv(ADDRESS, url.replace("postgresql://", "postgresql+psycopg2://"))

    def shell(line: str) -> None:
        path = f"{BIN}:{os.environ['PATH']}"
        done = subprocess.run(["bash", "-euc", line], cwd=tmp_path, env=environment(PATH=path), check=False)
        assert done.returncode == 0, line

    home = Home(tmp_path / "home").prepare()
    with dg.DagsterInstance.from_config(str(home.path)) as instance:
        run = nothing.execute_in_process(instance=instance).run_id
        shell(copy)
        instance.delete_run(run)
        assert instance.get_run_by_id(run) is None
    shell(put_back)
    with dg.DagsterInstance.from_config(str(home.path)) as instance:
        assert instance.get_run_by_id(run) is not None
        assert instance.all_logs(run)


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
