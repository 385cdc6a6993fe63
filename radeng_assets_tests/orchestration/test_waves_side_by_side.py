"""Waves in processes of their own: they overlap, share the agents, and end in order however they end."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dagster as dg
import psutil
import pytest

from radeng_assets_tests.folders import make_target, write_folder
from radeng_assets_tests.processes import environment

AGENTS = 3

AGENT = """
import fcntl, os, pathlib, sys, time
room, story = pathlib.Path(sys.argv[1]), os.environ["RADENG_STORY_ID"]
meets = {"L-1": "R-1", "R-1": "L-1"}

def crowd(change):
    with (room / "crowds").open("a+") as notes:
        fcntl.flock(notes, fcntl.LOCK_EX)
        notes.seek(0)
        last = int((notes.read().split() or ["0"])[-1])
        notes.write(f"{last + change}\\n")

crowd(1)
(room / f"{story}.pid").write_text(str(os.getpid()))
try:
    if story == "X-1":
        sys.exit(1)
    if meets.get(story) and not (room / "alone").exists():
        deadline = time.monotonic() + 90
        while not (room / (meets[story] + ".pid")).exists():
            if time.monotonic() > deadline:
                sys.exit(1)
            time.sleep(0.05)
    if story == "L-1" and (room / "begun").exists():
        (room / "begun").write_text("L-1\\n")
        signal_that_never_comes = (room / "held").read_text()
    made = pathlib.Path("made", f"{story}.txt")
    made.parent.mkdir(exist_ok=True)
    made.write_text(story)
finally:
    crowd(-1)
"""
"""L-1 and R-1, of two waves, wait for each other; X-1 fails; L-1 tells when it holds, where somebody listens."""

WAVES = {"left": ("L-1",), "right": ("R-1", "R-2"), "broken": ("X-1",), "behind": ("Y-1",)}
NEEDS = {"behind": "broken"}


@dataclass
class World:
    """A plan of four waves, a target and a room in which the agents leave their traces."""

    root: Path
    room: Path = field(init=False)

    def __post_init__(self) -> None:
        self.room = self.root / "room"
        self.room.mkdir()
        make_target(self.root / "target")
        (self.root / "agent.py").write_text(AGENT, encoding="utf-8")
        plan = f"global:\n  constraints:\n    - max_parallel_agents: {AGENTS}\n  quality_gates:\n"
        plan += "".join(
            f'    {gate}: ["git rev-parse HEAD"]\n' for gate in ("pre_story", "post_story", "post_wave", "post_final")
        )
        plan += "waves:\n"
        proofs = "stories:\n"
        for wave, stories in WAVES.items():
            plan += f"  - id: {wave}\n    parallel: true\n    dependencies: [{NEEDS.get(wave, '')}]\n    stories:\n"
            for story in stories:
                made = f"made/{story}.txt"
                plan += f"      - id: {story}\n        points: 1\n        agent: developer\n"
                plan += f"        tasks: [{{id: '1', description: Make it, files: [{made}]}}]\n"
                plan += "        acceptance_criteria: [It is made]\n"
                proofs += f"  {story}: {{criteria: {{1: test -f {made}}}}}\n"
        write_folder(self.root / "plan", plan, proofs)
        policy = 'agents: {sandbox: "off", attempts: 1}\n'
        (self.root / "plan" / "readiness.yaml").write_text(policy, encoding="utf-8")

    @property
    def home(self) -> Path:
        return self.root / "home"

    def start(self, *args: str) -> subprocess.Popen[str]:
        """``radeng run`` in the background."""
        command = [sys.executable, "-m", "radeng_assets.cli", "run", "--plan", "plan", "--target", "target"]
        return subprocess.Popen(
            [*command, "--agent", "command", "--home", "home", "--json", *args],
            cwd=self.root,
            env=environment(RADENG_AGENT_COMMAND=f"{sys.executable} {self.root / 'agent.py'} {self.room}"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
        )

    def interrupted(self, *args: str, by: Callable[[subprocess.Popen[str]], None]) -> Ended:
        """A run to which something happens when L-1 is being carried out, which would never end by itself."""
        for name in ("begun", "held"):
            os.mkfifo(self.room / name)
        listening = os.open(self.room / "begun", os.O_RDWR)
        run = self.start(*args)
        heard, _, _ = select.select([listening], [], [], 180)
        assert heard, run.communicate()[1]
        family = psutil.Process(run.pid).children(recursive=True)
        agent = int((self.room / "L-1.pid").read_text("utf-8"))
        by(run)
        ended = Ended.of(run)
        os.close(listening)
        for name in ("begun", "held"):
            (self.room / name).unlink()
        gone, alive = psutil.wait_procs(family, 30)
        assert gone
        assert not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]
        assert not psutil.pid_exists(agent)
        assert self.slots_in_use == 0
        return ended

    @property
    def slots_in_use(self) -> int:
        with dg.DagsterInstance.from_config(str(self.home)) as instance:
            return instance.event_log_storage.get_concurrency_info("agents").active_slot_count


@dataclass(frozen=True)
class Ended:
    """What a run printed, and its exit code."""

    code: int
    out: str
    err: str

    @classmethod
    def of(cls, run: subprocess.Popen[str]) -> Ended:
        out, err = run.communicate(timeout=300)
        return cls(run.returncode, out, err)

    @property
    def statuses(self) -> dict[str, str]:
        verdict: dict[str, Any] = json.loads(self.out)
        return {story["id"]: story["status"] for wave in verdict["waves"] for story in wave["stories"]}


def test_independent_waves_overlap_and_share_the_agents(tmp_path: Path) -> None:
    world = World(tmp_path)
    ended = Ended.of(world.start())
    assert ended.code == 0, ended.err
    # L-1 and R-1 were carried out, so each has met the other: their waves were open at the same time.
    done = {story for story, status in ended.statuses.items() if status == "verified"}
    assert done == {"L-1", "R-1", "R-2"}
    # A wave that failed keeps none from running but those that need it, and they say so.
    assert "behind cannot open" in ended.err
    crowds = [int(line) for line in (world.room / "crowds").read_text("utf-8").split()]
    assert 2 <= max(crowds) <= AGENTS
    assert crowds[-1] == 0


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = World(tmp_path_factory.mktemp("halted"))
    (world.room / "alone").touch()
    return world


def workers(run: subprocess.Popen[str]) -> list[psutil.Process]:
    found = psutil.Process(run.pid).children()
    return [process for process in found if "radeng_assets.orchestration.wave_worker" in process.cmdline()]


class TestHalted:
    """In order, on one home: a wave's process is killed, then the whole run is asked to halt, then it may end."""

    WAVES = ("--waves", "left")

    def test_a_killed_wave_leaves_nothing_behind(self, world: World) -> None:
        def kill(run: subprocess.Popen[str]) -> None:
            (worker,) = workers(run)
            worker.kill()

        ended = world.interrupted(*self.WAVES, by=kill)
        assert ended.code == 0, ended.err
        assert "The process of left was killed" in ended.err
        assert ended.statuses["L-1"] == "not_run"

    def test_a_signal_halts_all_and_the_exit_code_says_so(self, world: World) -> None:
        ended = world.interrupted(*self.WAVES, by=lambda run: run.terminate())
        assert ended.code == 128 + signal.SIGTERM, ended.err
        assert "goes on where it was" in ended.err
        assert "Traceback" not in ended.err
        assert not ended.out

    def test_the_whole_run_killed_takes_its_waves_with_it(self, world: World) -> None:
        ended = world.interrupted(*self.WAVES, by=lambda run: run.kill())
        assert ended.code == -signal.SIGKILL

    def test_the_next_run_goes_on_where_it_was(self, world: World) -> None:
        ended = Ended.of(world.start(*self.WAVES))
        assert ended.code == 0, ended.err
        assert ended.statuses["L-1"] == "verified"
        # The attempt that was cut short three times is the one that ended.
        attempts = [
            line for line in (world.home / "ledger.jsonl").read_text("utf-8").splitlines() if '"kind":"attempt"' in line
        ]
        assert len(attempts) == 1
        with dg.DagsterInstance.from_config(str(world.home)) as instance:
            runs = instance.get_runs(dg.RunsFilter(job_name="wave_job"))
        assert all(run.is_finished for run in runs)
