"""The books, looked at by others than the broker: each request to the API that was billed, or may have been."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from radeng_assets.execution.broker.line import Scope, Spent
from radeng_assets.execution.broker.prices import usd
from radeng_assets.record import Record

_TOKENS = ("input", "cache_write_5m", "cache_write_1h", "cache_read", "output")
_WANTED = ("id", "plan", "wave", "story", "attempt", "model", "amount", "at", "turn", "ended", *_TOKENS)


class Call(Record):
    """One request. ``began`` and ``ended`` are seconds since 1970; ``ended`` is ``None`` where the broker died in it.

    ``turn`` is the turn's name as the caller gave it. ``settled`` says whether the API told what it consumed; where it
    did not, the worst case was charged.
    """

    id: int
    scope: Scope
    model: str
    turn: str = ""
    began: float
    ended: float | None = None
    used: Spent

    @property
    def settled(self) -> bool:
        """Whether the tokens are known."""
        return any(getattr(self.used, name) for name in _TOKENS)


@dataclass
class CallReader:
    """Reads the calls of the books at ``path`` again and again; what cannot change any more is read once.

    The books are another process's: they are opened for reading alone, and may lack columns where an older broker
    writes them.
    """

    path: Path
    _known: dict[int, Call] = field(default_factory=dict[int, Call])
    _sure: int = 0
    _file: int = 0

    @classmethod
    def of(cls, home: Path) -> CallReader:
        """The reader of a home's books, which need not exist yet."""
        return cls(home / "broker" / "books.sqlite")

    def read(self) -> tuple[Call, ...]:
        """The calls that are over, by number. Raises ``sqlite3.Error`` for damaged books."""
        file = self.path.stat().st_ino if self.path.exists() else 0
        if file != self._file:
            self._known, self._sure, self._file = {}, 0, file
        if file:
            with closing(sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=ro", uri=True, timeout=5)) as db:
                db.execute("BEGIN")  # one moment for both questions
                found = {call.id: call for call in _calls(db, self._sure)}
                (oldest,) = db.execute("SELECT MIN(id) FROM spending WHERE open = 1").fetchone()
            self._known = {number: call for number, call in self._known.items() if number <= self._sure} | found
            # Below the oldest that is open nothing changes; that one may go, and its number be given anew.
            self._sure = max(self._known, default=0) if oldest is None else oldest - 1
        return tuple(self._known.values())


def _calls(db: sqlite3.Connection, after: int) -> Iterator[Call]:
    there = {row[1] for row in db.execute("PRAGMA table_info(spending)")}
    columns = ", ".join(name if name in there else f"NULL AS {name}" for name in _WANTED)
    query = f"SELECT {columns} FROM spending WHERE open = 0 AND id > ? ORDER BY id"  # noqa: S608  # names of our own
    for row in db.execute(query, (after,)):
        fact = dict(zip(_WANTED, row, strict=True))
        yield Call(
            id=fact["id"],
            scope=Scope(plan=fact["plan"], wave=fact["wave"], story=fact["story"], attempt=fact["attempt"]),
            model=fact["model"],
            turn=fact["turn"] or "",
            began=fact["at"],
            ended=fact["ended"],
            used=Spent(turns=1, **{name: fact[name] for name in _TOKENS}, cost_usd=usd(fact["amount"])),
        )
