"""The database is killed while agents work: either the run never ends over it, or the next one goes on where it was."""

from __future__ import annotations

import os
import select
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from radeng_assets.database import ADDRESS
from radeng_assets.evidence.ledger import Ledger
from radeng_assets.execution.standin.reply import Reply
from radeng_assets.execution.standin.server import Request, StandIn
from radeng_assets.home import Home
from radeng_assets_tests.cli.test_agents import PATIENCE_S, Run, arguments, statuses, works_at
from radeng_assets_tests.execution.conftest import KEY
from radeng_assets_tests.execution.models import answered, honest, story_of
from radeng_assets_tests.orchestration.test_waves_side_by_side import AGENTS, Ended, World
from radeng_assets_tests.postgres_server import PASSWORD, Server
from radeng_assets_tests.processes import radeng_json

FEW = 12
"""Connections of the server, of which it keeps three for itself: fewer than processes that take part in a run."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    server = Server(max_connections=FEW).start()
    monkeypatch.setenv(ADDRESS, server.guarded())
    yield server
    server.stop()


def told(run: subprocess.Popen[str], words: str) -> str:
    """What a run has said on stderr when it has come to some words."""
    assert run.stderr is not None
    said = ""
    while words not in said:
        line = run.stderr.readline()
        assert line, said
        said += line
    return said


def files_with(secret: str, folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]


def test_a_restart_in_the_middle_of_two_waves_is_ridden_out(server: Server, tmp_path: Path) -> None:
    world = World(tmp_path)
    for name in ("begun", "held"):
        os.mkfifo(world.room / name)
    listening = os.open(world.room / "begun", os.O_RDWR)
    run = world.start("--waves", "left,right")
    heard, _, _ = select.select([listening], [], [], PATIENCE_S)
    assert heard, run.communicate()[1]
    agent = int((world.room / "L-1.pid").read_text("utf-8"))
    assert PASSWORD.encode() not in Path(f"/proc/{agent}/environ").read_bytes()
    assert ADDRESS.encode() not in Path(f"/proc/{agent}/environ").read_bytes()
    server.kill()
    # L-1 ends while there is no database, so its step has something to tell it.
    (world.room / "held").write_text("go on\n", encoding="utf-8")
    said = told(run, "waiting for the database: nothing answers there")
    server.start()
    ended = Ended.of(run)
    os.close(listening)
    assert ended.code == 0, said + ended.err
    assert "Traceback" not in said + ended.err
    assert {story for story, status in ended.statuses.items() if status == "verified"} == {"L-1", "R-1", "R-2"}
    ledger = Ledger(world.home / "ledger.jsonl")
    assert ledger.verify() == ()
    assert sorted(str(entry.body["story"]) for entry in ledger.entries("attempt")) == ["L-1", "R-1", "R-2"]
    crowds = [int(line) for line in (world.room / "crowds").read_text("utf-8").split()]
    assert 2 <= max(crowds) <= AGENTS
    assert world.slots_in_use == 0
    with dg.DagsterInstance.from_config(str(world.home)) as instance:
        runs = instance.get_runs(dg.RunsFilter(job_name="wave_job"))
        assert [one.status for one in runs] == [dg.DagsterRunStatus.SUCCESS] * 2
        assert not files_with(PASSWORD, world.home)
        assert PASSWORD not in str(instance.info_dict())


def test_what_was_paid_before_the_database_went_away_is_not_paid_again(server: Server, tmp_path: Path) -> None:
    works = works_at(tmp_path)
    config = Home(works.home).prepare().config
    text = config.read_text("utf-8")
    config.write_text(text.replace(f"env: {ADDRESS}}}", f"env: {ADDRESS}}}, patience_s: 2"), encoding="utf-8")
    asked, gone = threading.Event(), threading.Event()

    def script(request: Request) -> Reply:
        if request.number == 7:
            asked.set()
            assert gone.wait(PATIENCE_S)
        return honest(request)

    wave = ("--waves", "wave-1")
    with StandIn(script, key=KEY) as api:
        extra = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": api.url}
        broken = Run(works, *wave, **extra)
        assert asked.wait(PATIENCE_S)
        server.kill()
        gone.set()
        out, err = broken.process.communicate(timeout=PATIENCE_S)
        assert broken.process.returncode == 1, err
        assert not out
        words = err.decode()
        assert "the database went away: nothing answers there. Run again when it is back" in words
        assert "Traceback" not in words
        server.start()
        code, verdict = radeng_json(*arguments(works, "claude"), *wave, cwd=works.root, **extra)
        turns = Counter((story_of(request.body), answered(request.body)) for request in api.requests)
    assert code == 0
    assert {status for story, status in statuses(verdict).items() if story.startswith("A-")} == {"verified"}
    # Every turn of every story was asked for, and paid, exactly once.
    assert set(turns.values()) == {1}
    ledger = Ledger(works.home / "ledger.jsonl")
    assert ledger.verify() == ()
    begun = [str(entry.body["story"]) for entry in ledger.entries("attempt")]
    assert sorted(begun) == sorted({story for story, _ in turns})
    assert not files_with(PASSWORD, works.home)
