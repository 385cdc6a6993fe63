"""The database of a fleet beside what Dagster keeps there: connections, and locks that end with their holder."""

from __future__ import annotations

import os
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from radeng_assets.canonical import digest_bytes
from radeng_assets.database import ADDRESS, NoDatabase, reason

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

POLL_S = 0.2
"""How often a lock that somebody else holds is asked for. Not a blocking call: a signal must get through."""

_KEEPALIVE = "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
"""The server drops a machine that fell silent after about 25 s, and frees what it held."""


class LockLost(Exception):  # noqa: N818  # named for what happened
    """The connection that held a lock broke while it was held: another machine may have taken it meanwhile."""


@dataclass(frozen=True, slots=True)
class Database:
    """A Postgres at ``url`` (of ``radeng_assets.database.address``), which may hold a password."""

    url: str = field(repr=False)

    def connect(self) -> Connection:
        """A connection of this process's, free again when it is closed. Each statement is a transaction.

        Raises ``NoDatabase``.
        """
        from sqlalchemy.exc import OperationalError

        try:
            return _engine(self.url, os.getpid()).connect()
        except OperationalError as error:
            raise NoDatabase(f"the database that {ADDRESS} names cannot be used: {reason(error)}.") from None

    @contextmanager
    def lock(self, name: str) -> Generator[None]:
        """Be the only one of the fleet that holds ``name``; waits for it. Raises ``LockLost`` at the end."""
        while True:
            with self.claim(name) as claim:
                if claim is not None:
                    yield
                    return
            time.sleep(POLL_S)

    @contextmanager
    def claim(self, name: str) -> Generator[Claim | None]:
        """Hold ``name`` if nobody does; ``None`` if somebody does. Raises ``LockLost`` at the end."""
        from sqlalchemy import text

        key = {"key": int(digest_bytes(name.encode()).removeprefix("sha256:")[:15], 16)}
        with self.connect() as link:
            claim = Claim(link) if link.scalar(text("SELECT pg_try_advisory_lock(:key)"), key) else None
            try:
                yield claim
            finally:
                if claim is not None and not claim.ask("SELECT pg_advisory_unlock(:key)", key):
                    link.invalidate()
                    raise LockLost(f"the database was away while this machine held {name}")


@dataclass(frozen=True, slots=True)
class Claim:
    """A name that this process holds, for as long as its connection does."""

    link: Connection

    def holds(self) -> bool:
        """Whether the connection is still there."""
        return self.ask("SELECT true", {})

    def ask(self, statement: str, values: Mapping[str, int]) -> bool:
        """What the database answers to a question of yes or no; false where it does not."""
        from sqlalchemy import text
        from sqlalchemy.exc import SQLAlchemyError

        try:
            return bool(self.link.scalar(text(statement), values))
        except SQLAlchemyError:  # a broken connection is not made anew: the next one would hold nothing
            return False


@cache
def _engine(url: str, pid: int) -> Engine:
    """``pid``: a connection that is inherited by a fork belongs to two processes and serves neither."""
    del pid
    from sqlalchemy import create_engine

    return create_engine(
        url,
        isolation_level="AUTOCOMMIT",
        pool_size=1,
        max_overflow=8,  # a lock keeps its connection for as long as it is held
        pool_pre_ping=True,
        connect_args={"options": _KEEPALIVE},
    )
