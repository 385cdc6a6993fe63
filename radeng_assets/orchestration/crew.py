"""The processes that carry waves out: started when a wave needs one, kept for the next, ended with the crew.

Each is in a session of its own, so that an interrupt of the terminal reaches the conductor alone, who passes it on by
closing the lines: then all halt, and the crew waits for them.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from typing import Self

import psutil

from radeng_assets.orchestration.wave_work import WaveEnd

HALT_S = 60.0
"""How long a process has to halt by itself before it is killed. Its steps need about a second."""


SPARE = 2
"""How many processes are kept free: two waves often follow on one."""


class NotStarted(Exception):  # noqa: N818  # named for what happened
    """A wave's process ended before it could take an order; what it said is on stderr."""


@dataclass(slots=True)
class _Worker:
    """``wave`` is what it carries out; ``warm`` whether it has started and may be given orders."""

    process: subprocess.Popen[bytes]
    line: Connection
    wave: str | None = None
    warm: bool = False

    @classmethod
    def start(cls) -> Self:
        ours, theirs = Pipe()
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-m", "radeng_assets.orchestration.wave_worker", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
        return cls(process, ours)

    def bury(self) -> None:
        """Wait until the process and its steps are gone; kill what is left."""
        self.line.close()
        steps = _session(self.process.pid)
        try:
            self.process.wait(HALT_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        _, left = psutil.wait_procs(steps, HALT_S)
        for step in left:
            step.kill()


def _session(leader: int) -> list[psutil.Process]:
    """The processes of a session, without its leader."""
    found: list[psutil.Process] = []
    for process in psutil.process_iter():
        try:
            if process.pid != leader and os.getsid(process.pid) == leader:
                found.append(process)
        except (ProcessLookupError, psutil.NoSuchProcess):
            continue
    return found


@dataclass(slots=True)
class Crew:
    """Up to ``size`` processes. ``settle`` is called after one was killed and buried, to close what it left open."""

    size: int
    session: str
    settle: Callable[[], None]
    workers: list[_Worker] = field(default_factory=list[_Worker])

    @property
    def waves(self) -> tuple[str, ...]:
        """What is being carried out."""
        return tuple(worker.wave for worker in self.workers if worker.wave is not None)

    def recruit(self) -> None:
        """Start one more process where the size allows it and few are free. One at a time: the first is warm first."""
        warming = any(not worker.warm for worker in self.workers)
        if len(self.workers) < self.size and not warming and self.free < SPARE:
            self.workers.append(_Worker.start())

    @property
    def free(self) -> int:
        """How many processes wait for an order."""
        return sum(1 for worker in self.workers if worker.warm and worker.wave is None)

    def give(self, wave: str, before: tuple[str, ...] = ()) -> bool:
        """Let a free process carry a wave out, once those ``before`` it are over. False if none is free."""
        for worker in self.workers:
            if worker.warm and worker.wave is None:
                worker.line.send((wave, self.session, before))
                worker.wave = wave
                return True
        return False

    def news(self, within: float) -> tuple[WaveEnd, ...]:
        """Wait for something to happen for so many seconds, and tell whose runs have ended. Raises ``NotStarted``."""
        ready = wait([worker.line for worker in self.workers], within)
        heard = [self._hear(worker) for worker in list(self.workers) if worker.line in ready]
        return tuple(end for end in heard if end is not None)

    def _hear(self, worker: _Worker) -> WaveEnd | None:
        try:
            end: WaveEnd | None = worker.line.recv()
        except (EOFError, ConnectionResetError):
            return self._lost(worker)
        worker.warm = True
        worker.wave = None
        return end

    def _lost(self, worker: _Worker) -> WaveEnd | None:
        self.workers.remove(worker)
        worker.bury()
        self.settle()
        if not worker.warm:
            raise NotStarted(f"the process of a wave ended with {worker.process.returncode} before it had begun")
        return WaveEnd(wave=worker.wave, killed=True) if worker.wave is not None else None

    def dismiss(self) -> None:
        """Let every process halt, at once where it carries a wave out, and wait until all are gone."""
        for worker in self.workers:
            worker.line.close()
        for worker in self.workers:
            worker.bury()
        self.workers.clear()
