"""The processes that carry waves out: started when a wave needs one, kept for the next, ended with the crew.

All are forked from one server that is apart from the terminal, so that an interrupt reaches the conductor alone, who
passes it on by closing the lines: then all halt, and the crew waits for them.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerProcess
from typing import Self

import psutil

from radeng_assets.orchestration.wave_work import WaveEnd, work

HALT_S = 60.0
"""How long a process has to halt by itself before it is killed. Its steps need about a second."""


class NotStarted(Exception):  # noqa: N818  # named for what happened
    """A wave's process could not be started, or ended before it took an order; what was said is on stderr."""


@dataclass(slots=True)
class _Worker:
    """``wave`` is what it carries out; ``begun`` whether it has said that it takes orders."""

    process: ForkServerProcess
    line: Connection
    wave: str | None = None
    begun: bool = False

    @classmethod
    def start(cls) -> Self:
        context = multiprocessing.get_context("forkserver")
        ours, theirs = context.Pipe()
        process = context.Process(target=work, args=(theirs,))
        try:
            process.start()
        except (OSError, EOFError) as error:
            raise NotStarted(f"the server that waves' processes are forked from has ended ({error!r})") from error
        theirs.close()
        return cls(process, ours)

    def bury(self) -> None:
        """Wait until the process and its steps are gone; kill what is left."""
        self.line.close()
        steps = _group(self.process.pid)
        self.process.join(HALT_S)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        _, left = psutil.wait_procs(steps, HALT_S)
        for step in left:
            step.kill()


def _group(leader: int | None) -> list[psutil.Process]:
    """The processes of a group, without its leader."""
    found: list[psutil.Process] = []
    for process in psutil.process_iter():
        try:
            if process.pid != leader and os.getpgid(process.pid) == leader:
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

    def give(self, wave: str, before: tuple[str, ...] = ()) -> bool:
        """Let a process carry a wave out, once those ``before`` it are over. False if all are busy."""
        free = next((worker for worker in self.workers if worker.wave is None), None)
        if free is None and len(self.workers) == self.size:
            return False
        if free is None:
            free = _Worker.start()
            self.workers.append(free)
        free.line.send((wave, self.session, before))
        free.wave = wave
        return True

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
        if end is not None:
            worker.wave = None
        worker.begun = True
        return end

    def _lost(self, worker: _Worker) -> WaveEnd | None:
        self.workers.remove(worker)
        worker.bury()
        self.settle()
        if not worker.begun:
            raise NotStarted(f"the process of a wave ended with {worker.process.exitcode} before it had begun")
        return WaveEnd(wave=worker.wave, killed=True) if worker.wave is not None else None

    def dismiss(self) -> None:
        """Let every process halt, at once where it carries a wave out, and wait until all are gone."""
        for worker in self.workers:
            worker.line.close()
        for worker in self.workers:
            worker.bury()
        self.workers.clear()
