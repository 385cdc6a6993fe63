"""``radeng load``: the whole of it as a process, small and fast. How fast it is, is no test's business."""

from __future__ import annotations

import json
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from radeng_assets.cli.app import app
from radeng_assets.execution.stop import StopSwitch
from radeng_assets_tests.processes import radeng, radeng_json

SMALL = ("load", "--agents", "3", "--turn-seconds", "0,0.05", "--overhead", "1000")


def plan(folder: Path, limits: str) -> Path:
    folder.mkdir()
    (folder / "TESTING-REQUIREMENTS.md").write_text(f"# Tests\n\n## Load\n\n- 3 agents: {limits}\n", "utf-8")
    return folder


class TestWithin:
    """A level that holds, with faults on the way."""

    @pytest.fixture(scope="class")
    @classmethod
    def home(cls, tmp_path_factory: pytest.TempPathFactory) -> Path:
        return tmp_path_factory.mktemp("load")

    @pytest.fixture(scope="class")
    @classmethod
    def done(cls, home: Path) -> tuple[int, dict[str, Any]]:
        limits = plan(home / "plan", "< 20% error rate, < 60s p99 latency")
        faults = ("--throttled", "0.1", "--resets", "0.1")
        return radeng_json(*SMALL, *faults, "--plan", limits, "--home", home / "h", cwd=home)

    def test_is_the_contracts_document(self, done: tuple[int, dict[str, Any]]) -> None:
        code, document = done
        assert (code, document["within"]) == (0, True)
        assert document["schema"] == "radeng/load/v1"
        assert document["limits_from"] == "plan"
        (level,) = document["levels"]
        assert level["limit"] == {"agents": 3, "error_rate": 0.2, "p99_s": 60.0}
        assert level["shortfalls"] == []

    def test_nothing_is_lost_and_nothing_paid_twice(self, done: tuple[int, dict[str, Any]]) -> None:
        (level,) = done[1]["levels"]
        assert (level["calls"], level["errors"], level["lost"]) == (30, 0, [])
        assert level["error_bound"] == pytest.approx(1 - 0.05 ** (1 / 30))
        assert level["tokens"] == level["tokens_expected"] == {"input": 3 * (3000 + 150 * 55), "output": 1200}
        assert level["bare"]["answered"] == 30

    def test_every_fault_was_met_and_carried_through(self, done: tuple[int, dict[str, Any]]) -> None:
        (level,) = done[1]["levels"]
        injected = level["injected"]
        assert injected["throttled"] > 0 < injected["resets"]
        assert level["tries"] == level["calls"] + injected["throttled"] + injected["resets"]

    def test_all_were_there_at_once(self, done: tuple[int, dict[str, Any]]) -> None:
        (level,) = done[1]["levels"]
        assert level["distinct"] == level["peak_agents"] == 3
        assert 1 <= level["peak_calls"] <= 3
        assert level["latency"]["p50"] <= level["latency"]["p95"] <= level["latency"]["p99"]
        memory = level["memory"]
        assert 0 < memory["broker"] < memory["together"] <= memory["agents"] + memory["broker"]

    def test_the_record_is_kept_and_nothing_else(self, home: Path, done: tuple[int, dict[str, Any]]) -> None:
        (record,) = (home / "h" / "load").glob("*.json")
        assert json.loads(record.read_text("utf-8")) == done[1]
        assert {path.name for path in record.parent.iterdir()} == {record.name, "lock"}


@contextmanager
def haunted(folder: Path) -> Generator[None]:
    """A folder in which somebody goes on writing: the broker of a load test that was killed a moment ago."""
    over = threading.Event()

    def write() -> None:
        while not over.is_set():
            with suppress(OSError):  # somebody empties it meanwhile
                folder.mkdir(parents=True, exist_ok=True)
                (folder / "budget").touch()

    ghost = threading.Thread(target=write)
    ghost.start()
    try:
        yield
    finally:
        over.set()
        ghost.join()


def test_a_level_over_its_limit_is_exit_1_and_said(tmp_path: Path) -> None:
    limits = plan(tmp_path / "plan", "< 20% error rate, < 1ms p99 latency")
    calm = ("--throttled", "0", "--resets", "0", "--turn-seconds", "0.01,0.02")
    with haunted(tmp_path / "h" / "load" / "work" / "home"):
        done = radeng(*SMALL, *calm, "--plan", limits, "--home", tmp_path / "h", cwd=tmp_path)
    assert done.returncode == 1
    assert "0 of 30" in done.stdout
    assert "3 agents: p99 is" in done.stdout
    (record,) = (tmp_path / "h" / "load").glob("*.json")
    assert str(record) in done.stderr


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--agents", "ten"), "--agents"),
        (("--agents", "10,0"), "--agents"),
        (("--turn-seconds", "4,1"), "--turn-seconds"),
        (("--turn-seconds", "nan,1"), "--turn-seconds"),
        (("--plan", "nowhere"), "no plan"),
    ],
)
def test_bad_flags(tmp_path: Path, args: tuple[str, ...], words: str) -> None:
    done = CliRunner().invoke(app, ["load", "--home", str(tmp_path / "h"), *args])
    assert done.exit_code == 2
    assert words in done.stderr
    assert not done.stdout


def test_a_halted_home_is_not_loaded(tmp_path: Path) -> None:
    StopSwitch(tmp_path / "STOP").pull("the fire drill")
    done = CliRunner().invoke(app, ["load", "--home", str(tmp_path)])
    assert done.exit_code == 2
    assert "the fire drill" in done.stderr
