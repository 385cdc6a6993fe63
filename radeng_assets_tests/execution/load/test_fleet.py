"""The fleet on real brokers: who is lost is found, whatever it says itself."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from filelock import FileLock

from radeng_assets.execution.load.fleet import Fleet, load_policy
from radeng_assets.execution.load.limits import REFERENCE, Limit
from radeng_assets.execution.load.report import Terms
from radeng_assets.execution.load.run import Busy, LoadTest
from radeng_assets.execution.load.scenario import Scenario, script
from radeng_assets.execution.standin.reply import Fault, Reply
from radeng_assets.execution.standin.server import Request
from radeng_assets_tests.execution.conftest import Start

CALM = Scenario(agents=3, turns=10, fastest_s=0, slowest_s=0, throttled=0, resets=0)
TERMS = Terms(fastest_s=0, slowest_s=0, throttled=0, resets=0, seed=4, overhead=1000)

LOOSE = Limit(agents=1, error_rate=0.3, p99_s=60.0)


def test_an_agent_that_claims_and_left_nothing_is_lost_and_so_is_one_that_broke(start: Start, tmp_path: Path) -> None:
    honest = script(CALM.model_dump_json())

    def model(request: Request) -> Reply:
        first = str(request.body["messages"][0])
        if "agent-2: " in first:
            return Reply("Done, believe me.")
        if "agent-3: " in first:
            return Reply(fault=Fault("status", status=400))
        return honest(request)

    _, broker = start(model, load_policy(CALM))
    one, two, three = asyncio.run(Fleet(CALM, broker, tmp_path / "fleet", lambda: False).work())
    assert (one.lost, one.report.turns, len(one.turns)) == ("", 10, 10)
    assert two.report.ending == "claimed"
    assert "files" in two.lost
    assert "does not accept the request" in three.lost
    assert three.turns == []


def test_halted_agents_are_lost_and_the_record_says_so(tmp_path: Path) -> None:
    said: list[str] = []
    report, path = LoadTest(tmp_path, TERMS, lambda: True, said.append).run([3], (LOOSE,))
    (level,) = report.levels
    assert report.limits_from == "plan"
    assert level.calls == level.errors == 3 * 10
    assert (level.error_bound, level.latency, level.ratio, level.peak_agents) == (1.0, None, None, 0)
    assert len(level.lost) == 3
    assert "halted" in level.lost[0]
    assert level.bare.answered == level.calls
    assert not report.within
    assert "agents lost: 3" in said[-1]
    assert path.read_text("utf-8").startswith("{")
    assert sorted(p.name for p in path.parent.iterdir()) == sorted([path.name, "lock"])


def test_agents_take_as_many_turns_as_show_the_error_rate(tmp_path: Path) -> None:
    test = LoadTest(tmp_path, TERMS, lambda: False, print)
    assert [test.scenario(limit.agents, limit).turns for limit in (*REFERENCE, LOOSE)] == [30, 10, 10, 10]
    assert test.scenario(3, REFERENCE[0]).turns == 100


def test_two_at_once_would_measure_each_other(tmp_path: Path) -> None:
    (tmp_path / "load").mkdir()
    with FileLock(tmp_path / "load" / "lock"), pytest.raises(Busy):
        LoadTest(tmp_path, TERMS, lambda: False, print).run([1], ())
