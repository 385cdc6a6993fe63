"""SIGINT and SIGTERM: the first halts everything in order, further ones wait for that."""

from __future__ import annotations

import signal
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Halted(BaseException):  # as KeyboardInterrupt: no handler of errors may take it for one
    """A signal asked to halt. ``exit_code`` is the one that shells give for it."""

    def __init__(self, number: int) -> None:
        self.exit_code = 128 + number
        super().__init__(signal.Signals(number).name)


@contextmanager
def halting() -> Generator[None]:
    """Raise ``Halted`` where the program is when the first signal comes."""

    def halt(number: int, frame: FrameType | None) -> NoReturn:
        del frame
        for each in SIGNALS:
            signal.signal(each, signal.SIG_IGN)
        raise Halted(number)

    before = {number: signal.signal(number, halt) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
