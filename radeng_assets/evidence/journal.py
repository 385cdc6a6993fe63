"""The order of a ledger that many machines append to: its lines, one row each, in the database that they share.

Each machine's file is a copy, which follows the journal line by line and checks the chain as it grows. A record is in
the journal before it is in any file; it goes in only behind the record that it names as its predecessor.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sqlalchemy import text

from radeng_assets.evidence.shared_database import Database

_TABLE = """CREATE TABLE IF NOT EXISTS radeng_ledger (
    seq bigint PRIMARY KEY, hash text NOT NULL, line bytea NOT NULL)"""

_ADD = """INSERT INTO radeng_ledger (seq, hash, line)
SELECT :seq, :hash, :line
WHERE :seq = 1 OR EXISTS (SELECT 1 FROM radeng_ledger WHERE seq = :seq - 1 AND hash = :prev)
ON CONFLICT DO NOTHING"""

_SINCE = "SELECT line FROM radeng_ledger WHERE seq >= :seq ORDER BY seq"


@dataclass(frozen=True, slots=True)
class Journal:
    """The lines of the one ledger of a fleet."""

    database: Database

    def since(self, seq: int) -> list[bytes]:
        """The lines from record ``seq`` on, that one included."""
        _prepared(self.database)
        with self.database.connect() as link:
            return [bytes(line) for line in link.scalars(text(_SINCE), {"seq": seq})]

    def add(self, seq: int, prev: str, hash_: str, line: bytes) -> bool:
        """Put a record behind ``prev``. False where another one follows it already, and where it is not there."""
        _prepared(self.database)
        row = {"seq": seq, "prev": prev, "hash": hash_, "line": line}
        with self.database.connect() as link:
            return link.execute(text(_ADD), row).rowcount == 1


@cache
def _prepared(database: Database) -> None:
    """Make the table where it is not there: once a process, and by one process at a time."""
    with database.lock("radeng_ledger"), database.connect() as link:
        link.execute(text(_TABLE))
