"""The books: what is reserved, what was spent, and every reply that was paid - durable, and one for all processes.

SQLite with a write-ahead log and full synchronization: what a call returned is on the disk. A reservation is one
transaction over every limit that it touches, so two agents can never both take the last cent.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from radeng_assets.execution.agent_policy import SpendingLimits
from radeng_assets.execution.broker.line import Scope, Spent
from radeng_assets.execution.broker.prices import pico, usd

_SCHEMA = """
CREATE TABLE IF NOT EXISTS spending (
    id INTEGER PRIMARY KEY, plan TEXT, wave TEXT, story TEXT, attempt INTEGER, day TEXT, model TEXT,
    amount INTEGER NOT NULL, open INTEGER NOT NULL, at REAL NOT NULL,
    input INTEGER DEFAULT 0, cache_write_5m INTEGER DEFAULT 0,
    cache_write_1h INTEGER DEFAULT 0, cache_read INTEGER DEFAULT 0, output INTEGER DEFAULT 0, turns INTEGER DEFAULT 0,
    turn TEXT DEFAULT '', ended REAL
);
CREATE INDEX IF NOT EXISTS by_story ON spending (plan, story);
CREATE INDEX IF NOT EXISTS by_day ON spending (day);
CREATE TABLE IF NOT EXISTS replies (
    scope TEXT, turn TEXT, request TEXT, status INTEGER, kind TEXT, body BLOB, PRIMARY KEY (scope, turn)
);
CREATE TABLE IF NOT EXISTS capabilities (token TEXT PRIMARY KEY, scope TEXT, limits TEXT, revoked INTEGER DEFAULT 0);
CREATE TABLE IF NOT EXISTS frozen (plan TEXT PRIMARY KEY, why TEXT);
"""

_LATER = {"turn": "TEXT DEFAULT ''", "ended": "REAL"}
"""Columns of ``spending`` that books of earlier versions lack."""

_COUNTED = ("turns", "input", "cache_write_5m", "cache_write_1h", "cache_read", "output")


class OverBudget(Exception):  # noqa: N818  # named for what was found
    """A limit that leaves no room for a turn's worst case; the message says which and how much is left."""


class OtherRequest(Exception):  # noqa: N818
    """A turn's name that was used for another request before."""


@dataclass(frozen=True, slots=True)
class Paid:
    """A reply that was paid, as it came: HTTP status, content type, body."""

    status: int
    kind: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """A paid reply and the turn that it answers. ``request`` is the digest of what was asked."""

    scope: Scope
    turn: str
    request: str
    paid: Paid


@dataclass
class Books:
    """The books at ``path``. One process writes them: the broker."""

    path: Path

    def __post_init__(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(self.path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.executescript(_SCHEMA)
        there = {row[1] for row in self._db.execute("PRAGMA table_info(spending)")}
        for name, kind in _LATER.items():
            if name not in there:
                self._db.execute(f"ALTER TABLE spending ADD COLUMN {name} {kind}")
        # What was in flight when the last broker ended may have been billed: its reservation stays spent.
        self._db.execute("UPDATE spending SET open = 0 WHERE open = 1")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    @contextmanager
    def _transaction(self) -> Generator[sqlite3.Connection]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield self._db
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def reserve(self, scope: Scope, amount: int, limits: SpendingLimits, model: str, at: float, turn: str = "") -> int:
        """Set an amount (pico-dollars) aside for a turn; the reservation's number. Raises ``OverBudget``.

        ``at`` is now, in seconds since 1970; its UTC day is the one that the money counts for.
        """
        day = datetime.fromtimestamp(at, UTC).date().isoformat()
        with self._transaction() as db:
            frozen = db.execute("SELECT why FROM frozen WHERE plan = ?", (scope.plan,)).fetchone()
            if frozen:
                raise OverBudget(f"the plan's money is frozen: {frozen[0]}; see the bill, then `radeng stop --thaw`")
            for what, limit, where, values in (
                ("story", limits.story, "plan = ? AND story = ?", (scope.plan, scope.story)),
                ("wave", limits.wave, "plan = ? AND wave = ?", (scope.plan, scope.wave)),
                ("plan", limits.plan, "plan = ?", (scope.plan,)),
                ("day", limits.day, "day = ?", (day,)),
            ):
                query = f"SELECT COALESCE(SUM(amount), 0) FROM spending WHERE {where}"  # noqa: S608  # from above
                taken = db.execute(query, values).fetchone()[0]
                if taken + amount > pico(limit):
                    left = usd(max(0, pico(limit) - taken))
                    raise OverBudget(
                        f"the limit of the {what} is {limit} USD, {left} are left, and the turn may cost {usd(amount)}"
                    )
            cursor = db.execute(
                "INSERT INTO spending (plan, wave, story, attempt, day, model, amount, open, at, turn)"
                " VALUES (?,?,?,?,?,?,?,1,?,?)",
                (scope.plan, scope.wave, scope.story, scope.attempt, day, model, amount, at, turn),
            )
            return int(cursor.lastrowid or 0)

    def since(self, at: float) -> list[tuple[float, int]]:
        """(when, tokens) of every request since a time: what the last minute's limits must still count."""
        rows = self._db.execute(
            "SELECT at, input + cache_write_5m + cache_write_1h + cache_read + output FROM spending WHERE at > ?", (at,)
        )
        return [(float(row[0]), int(row[1])) for row in rows]

    def release(self, reservation: int) -> None:
        """Give a reservation back: nothing can have been billed."""
        self._db.execute("DELETE FROM spending WHERE id = ?", (reservation,))

    def charge(self, reservation: int, at: float, reply: Reply | None = None) -> None:
        """Spend a reservation whole: something may have been billed, and nobody said how much. ``at`` is now."""
        with self._transaction() as db:
            db.execute("UPDATE spending SET open = 0, turns = 1, ended = ? WHERE id = ?", (at, reservation))
            _keep(db, reply)

    def settle(self, reservation: int, cost: int, used: Spent, at: float, reply: Reply | None = None) -> None:
        """Spend what a turn cost, and keep its reply, both or neither. ``at`` is now.

        More than was reserved is charged at the reservation, and freezes the plan's money.
        The API ends a reply at ``max_tokens`` and a request has no more tokens than bytes, so it cannot be; whatever
        says so must be looked at by a person.
        """
        with self._transaction() as db:
            row = db.execute("SELECT amount, plan FROM spending WHERE id = ?", (reservation,)).fetchone()
            if cost > row[0]:
                why = f"a reply claims to have cost {usd(cost)} USD where {usd(row[0])} is the most it can"
                db.execute("INSERT OR REPLACE INTO frozen VALUES (?, ?)", (row[1], why))
            db.execute(
                "UPDATE spending SET amount = ?, open = 0, input = ?, cache_write_5m = ?, cache_write_1h = ?,"
                " cache_read = ?, output = ?, turns = 1, ended = ? WHERE id = ?",
                (
                    min(cost, row[0]),
                    *(used.input, used.cache_write_5m, used.cache_write_1h, used.cache_read, used.output),
                    at,
                    reservation,
                ),
            )
            _keep(db, reply)

    def spent(self, **where: str | int) -> tuple[Spent, int]:
        """(what was consumed, pico-dollars spent or reserved) of all turns whose scope has these values."""
        known = {name: value for name, value in where.items() if name in Scope.model_fields}
        clause = " AND ".join(f"{name} = ?" for name in known) or "1"
        sums = ", ".join(f"COALESCE(SUM({name}), 0)" for name in (*_COUNTED, "amount"))
        query = f"SELECT {sums} FROM spending WHERE {clause}"  # noqa: S608  # names of our own fields, no value
        row = self._db.execute(query, tuple(known.values())).fetchone()
        return Spent(**dict(zip(_COUNTED, row, strict=False)), cost_usd=usd(row[-1])), row[-1]

    def kept(self, scope: Scope, turn: str, request: str) -> Paid | None:
        """The reply that was paid for a turn. Raises ``OtherRequest`` if its name stood for another request."""
        row = self._db.execute(
            "SELECT request, status, kind, body FROM replies WHERE scope = ? AND turn = ?",
            (scope.model_dump_json(), turn),
        ).fetchone()
        if row is None:
            return None
        if row[0] != request:
            raise OtherRequest(f"turn {turn} was another request before")
        return Paid(*row[1:])

    def grant(self, token: str, scope: Scope, limits: SpendingLimits) -> None:
        """Record a capability by its token's digest."""
        self._db.execute(
            "INSERT INTO capabilities (token, scope, limits) VALUES (?,?,?)",
            (token, scope.model_dump_json(), limits.model_dump_json()),
        )

    def capability(self, token: str) -> tuple[Scope, SpendingLimits] | None:
        """What a token's digest allows; ``None`` for none that holds."""
        row = self._db.execute(
            "SELECT scope, limits FROM capabilities WHERE token = ? AND revoked = 0", (token,)
        ).fetchone()
        return (Scope(**json.loads(row[0])), SpendingLimits.model_validate_json(row[1])) if row else None

    def revoke(self, scope: Scope) -> None:
        """End every capability of a scope."""
        self._db.execute("UPDATE capabilities SET revoked = 1 WHERE scope = ?", (scope.model_dump_json(),))


def _keep(db: sqlite3.Connection, reply: Reply | None) -> None:
    """Keep a paid reply under its turn's name."""
    if reply is None:
        return
    paid = reply.paid
    db.execute(
        "INSERT OR REPLACE INTO replies VALUES (?,?,?,?,?,?)",
        (reply.scope.model_dump_json(), reply.turn, reply.request, paid.status, paid.kind, paid.body),
    )
