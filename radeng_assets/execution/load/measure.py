"""One level of a load test: the stand-in as a process, the bare loop, then the fleet on a broker, and what was seen."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import psutil

from radeng_assets.evidence.outcomes import Tokens
from radeng_assets.execution.broker.audit import audit_of
from radeng_assets.execution.broker.client import BASE_URL, KEY, Broker
from radeng_assets.execution.load.bare import BareLoop
from radeng_assets.execution.load.figures import at_once, percentile, upper_bound
from radeng_assets.execution.load.fleet import Fleet, Worked, load_policy
from radeng_assets.execution.load.limits import Limit
from radeng_assets.execution.load.report import Bare, Latency, Level, Memory
from radeng_assets.execution.load.scenario import Scenario
from radeng_assets.execution.process import command_environment

SAMPLE_S = 0.1
"""How often memory is looked at."""

_DUMMY = "radeng-load-stand-in"
"""The key that the broker is charged with: it opens nothing."""


@dataclass(frozen=True, slots=True)
class Rig:
    """Where levels are measured: ``place`` is a folder that is emptied before and after."""

    place: Path
    stopping: Callable[[], bool]

    def level(self, scenario: Scenario, limit: Limit) -> Level:
        """Measure one. Raises ``NoBroker``."""
        shutil.rmtree(self.place, ignore_errors=True)
        self.place.mkdir(parents=True, exist_ok=True)
        try:
            # Not the same folder twice: the broker of a test that was killed may live on for a while, and write.
            scratch = Path(tempfile.mkdtemp(dir=self.place))
            with stand_in(scenario) as url:
                bare = self._bare(scenario, url, scratch / "bare")
                return self._fleet(scenario, limit, url, bare, scratch)
        finally:
            shutil.rmtree(self.place, ignore_errors=True)

    def _bare(self, scenario: Scenario, url: str, scratch: Path) -> Bare:
        began = time.monotonic()
        answered = asyncio.run(BareLoop(scenario, url, scratch).work())
        return Bare(wall_s=time.monotonic() - began, answered=answered)

    def _fleet(self, scenario: Scenario, limit: Limit, url: str, bare: Bare, scratch: Path) -> Level:
        home = scratch / "home"
        home.mkdir()
        broker = Broker.ensure(home, load_policy(scenario), {KEY: _DUMMY, BASE_URL: url})
        try:
            fleet = Fleet(scenario, broker, scratch / "fleet", self.stopping)
            with MemoryWatch.on(broker.pid) as watch:
                began, cpu = time.monotonic(), time.process_time()
                worked = asyncio.run(fleet.work())
                wall, cpu = time.monotonic() - began, time.process_time() - cpu
        finally:
            broker.end()
        answered = sum(min(one.report.turns, scenario.turns) for one in worked)
        turns = [span for one in worked for span in one.turns]
        audit = [entry.body for entry in audit_of(home).entries("turn")]
        return Level(
            agents=scenario.agents,
            limit=limit,
            calls=scenario.calls,
            errors=scenario.calls - answered,
            error_bound=upper_bound(scenario.calls - answered, scenario.calls),
            lost=tuple(f"{one.name}: {one.lost}" for one in worked if one.lost),
            distinct=len({str(body["scope"]) for body in audit if body["what"] == "settled"}),
            peak_agents=at_once((one.turns[0][0], one.turns[-1][1]) for one in worked if one.turns),
            peak_calls=at_once(turns),
            tries=sum(int(str(body["tries"])) for body in audit),
            injected=scenario.faults,
            latency=latency_of([end - begin for begin, end in turns]),
            tokens=tokens_of(worked),
            tokens_expected=scenario.tokens,
            memory=watch.memory,
            wall_s=wall,
            cpu_s=cpu,
            bare=bare,
        )


def latency_of(seconds: list[float]) -> Latency | None:
    """The percentiles; ``None`` where nothing was answered."""
    if not seconds:
        return None
    return Latency(p50=percentile(seconds, 0.5), p95=percentile(seconds, 0.95), p99=percentile(seconds, 0.99))


def tokens_of(worked: tuple[Worked, ...]) -> Tokens:
    """What the agents report together, from the broker's books."""
    used = [one.report.tokens for one in worked]
    return Tokens(input=sum(one.input for one in used), output=sum(one.output for one in used))


@contextmanager
def stand_in(scenario: Scenario) -> Generator[str]:
    """The stand-in of the API with a scenario's script, as a process; its URL."""
    command = [sys.executable, "-m", "radeng_assets.execution.standin", "radeng_assets.execution.load.scenario:script"]
    with subprocess.Popen(
        [*command, scenario.model_dump_json()],
        env=command_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process.stdout.readline().strip() if process.stdout else ""
        finally:
            process.communicate()  # closes its standard input, and so ends it


@dataclass
class MemoryWatch:
    """Looks at the memory of this process and of one other while its context lasts, and keeps the highest."""

    processes: tuple[psutil.Process, ...]
    memory: Memory = field(default_factory=lambda: Memory(agents=0, broker=0, together=0))

    @classmethod
    def on(cls, other: int) -> Self:
        """A watch on this process and on another."""
        return cls((psutil.Process(os.getpid()), psutil.Process(other)))

    def __enter__(self) -> Self:
        self._done = threading.Event()
        self._look()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(SAMPLE_S):
            self._look()

    def _look(self) -> None:
        try:
            own, other = (process.memory_info().rss for process in self.processes)
        except psutil.NoSuchProcess:
            return  # the broker is gone; the agents say so themselves
        last = self.memory
        self.memory = Memory(
            agents=max(own, last.agents), broker=max(other, last.broker), together=max(own + other, last.together)
        )
