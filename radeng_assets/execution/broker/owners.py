"""The processes that need a broker: while one of them lives, it stays, however long nobody calls."""

from __future__ import annotations

import os
from dataclasses import dataclass

import psutil

from radeng_assets.record import Record


class Owner(Record):
    """A process. Its start time (seconds since 1970) tells it from a later one with the same number."""

    pid: int
    started: float

    @classmethod
    def this(cls) -> Owner:
        """The calling process."""
        return cls(pid=os.getpid(), started=psutil.Process().create_time())

    @property
    def lives(self) -> bool:
        """Whether it still runs."""
        try:
            return psutil.Process(self.pid).create_time() == self.started
        except psutil.NoSuchProcess:
            return False


@dataclass
class Owners:
    """Those of one broker."""

    known: tuple[Owner, ...]

    def add(self, owner: Owner) -> None:
        """One more."""
        self.known = (*self.known, owner)

    def left(self) -> bool:
        """Whether any lives; the others are forgotten."""
        self.known = tuple(owner for owner in self.known if owner.lives)
        return bool(self.known)
