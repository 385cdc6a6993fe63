"""Is there room on the machine for one more story? If not: wait, then work one at a time, and say so."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from filelock import FileLock, Timeout

from radeng_assets.execution.agent_policy import MachineLimits
from radeng_assets.execution.gates import Stopped

POLL_S = 1.0
"""How often a waiting story looks again."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What the machine has left, against the policy's limits. ``home`` is on the disk that is asked about."""

    limits: MachineLimits
    home: Path
    poll_s: float = POLL_S

    def shortages(self) -> tuple[str, ...]:
        """What is short, in words; nothing where there is room. What a system cannot tell is not short."""
        found: list[str] = []
        free = psutil.virtual_memory().available
        if free < self.limits.free_memory:
            found.append(f"memory: {free // 2**20} MiB free, {self.limits.free_memory // 2**20} wanted")
        disk = psutil.disk_usage(str(self.home)).free
        if disk < self.limits.free_disk:
            found.append(f"disk: {disk // 2**20} MiB free, {self.limits.free_disk // 2**20} wanted")
        load = psutil.getloadavg()[0] / (os.cpu_count() or 1)
        if load > self.limits.load_per_core:
            found.append(f"load: {load:.1f} per core, at most {self.limits.load_per_core:g} wanted")
        return tuple(found)

    @contextmanager
    def room(self, stopping: Callable[[], bool], log: Callable[[str], None]) -> Generator[None]:
        """Begin when there is room; after ``wait_s`` without, begin as the only one of this home that is short of it.

        Raises ``Stopped``.
        """
        short = self.shortages()
        if not short:
            yield
            return
        log(f"waits for room: {'; '.join(short)}")
        deadline = time.monotonic() + self.limits.wait_s
        while short and time.monotonic() < deadline:
            if stopping():
                raise Stopped("while it waited for room")
            time.sleep(min(self.poll_s, max(0.0, deadline - time.monotonic())))
            short = self.shortages()
        if not short:
            yield
            return
        log(f"still short of {'; '.join(short)}: stories run one at a time from here on")
        lane = FileLock(self.home / "lane.lock", fallback_to_soft=False)
        while True:
            try:
                lane.acquire(timeout=self.poll_s)
                break
            except Timeout:
                if stopping():
                    raise Stopped("while it waited for room") from None
        try:
            yield
        finally:
            lane.release()
