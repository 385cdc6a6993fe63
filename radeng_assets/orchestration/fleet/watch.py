"""Halting a step on a worker: nobody waits for it any more, its worker is gone, or everything is to halt."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager

from radeng_assets.execution.stop import StopSwitch

POLL_S = 1.0
"""How often a step looks whether its worker is there."""

FAR_POLLS = 5
"""Every how many of these it asks the database and the shared place, which all steps of a fleet ask."""


@contextmanager
def watched(futile: Callable[[], bool], stop: StopSwitch) -> Generator[None]:
    """Interrupt this process (SIGINT) as soon as going on is ``futile`` or its parent is gone; ``stop`` is kept up.

    A step that cannot ask whether it is to go on does not go on.
    """
    over = threading.Event()
    parent = os.getppid()

    def look() -> None:
        polls = 0
        while not over.wait(POLL_S):
            polls += 1
            if os.getppid() != parent or (polls % FAR_POLLS == 0 and _is_futile(futile, stop)):
                if not over.is_set():  # it ended while we asked
                    os.kill(os.getpid(), signal.SIGINT)
                return

    threading.Thread(target=look, daemon=True).start()
    try:
        yield
    finally:
        over.set()


def _is_futile(futile: Callable[[], bool], stop: StopSwitch) -> bool:
    try:
        stop.mirror()
        return futile()
    except Exception:  # noqa: BLE001  # whatever it was, nobody can be asked
        return True
