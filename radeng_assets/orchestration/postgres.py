"""Dagster's storage on Postgres, patient: a database that is restarted in the middle of a run is waited for.

dagster-postgres opens a connection for every operation (nobody holds one while an agent works), tries that for
some seconds, and lets an operation that was under way fail. Here one layer retries whole operations until the patience
is over, and then says so in one line. An event whose reply was lost may be stored twice; what counts is the ledger.
"""

from __future__ import annotations

import inspect
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any, Self

import dagster as dg
from dagster._core.storage.event_log import EventLogStorage
from dagster._core.storage.runs import RunStorage
from dagster._core.storage.schedules import ScheduleStorage
from dagster._serdes import ConfigurableClassData
from dagster_postgres import DagsterPostgresStorage
from dagster_postgres.utils import DagsterPostgresException
from sqlalchemy.exc import DBAPIError

from radeng_assets.database import ADDRESS, DatabaseAway, address, reason

PATIENCE_S = 120.0
"""How long (s) a run waits for its database. Restarts take seconds, a failover a minute; agents work on meanwhile."""

PAGE_PATIENCE_S = 5.0
"""The same for a page, at which a person waits."""

_PAUSE_S = (0.1, 2.0)
"""The first pause between two tries (s), and the longest. Each is twice the one before."""

_log = logging.getLogger("radeng.database")


@dataclass
class Patience:
    """Calls operations again while the database is away, for at most ``seconds``. Raises ``DatabaseAway``.

    ``over`` is set once that was raised: what a process still tries on its way out is tried once.
    """

    seconds: float
    over: bool = False

    def __call__(self, operation: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """What the operation returns."""
        began, pause = time.monotonic(), _PAUSE_S[0]
        while True:
            try:
                result = operation(*args, **kwargs)
            except (DBAPIError, DagsterPostgresException) as error:
                if not _away(error):
                    raise
                if self.over or time.monotonic() - began + pause > self.seconds:
                    self.over = True
                    raise DatabaseAway(reason(error.__cause__ or error)) from None
                if pause == _PAUSE_S[0]:
                    _log.warning("waiting for the database: %s", reason(error.__cause__ or error))
            else:
                self.over = False
                return result
            time.sleep(pause)
            pause = min(2 * pause, _PAUSE_S[1])

    def guard(self, storage: Any, interface: type) -> None:
        """Have every operation that the interface names called patiently; and nothing below it tries again."""
        for name, member in inspect.getmembers(interface, inspect.isfunction):
            if not name.startswith("_"):
                operation: Callable[..., Any] = getattr(storage, name)
                setattr(storage, name, wraps(member)(partial(self, operation)))
        for name in ("connect", "_connect"):
            if hasattr(storage, name):
                setattr(storage, name, partial(_connection, storage))
        pooled: Callable[..., None] = storage.optimize_for_webserver

        def for_pages(*args: Any, **kwargs: Any) -> None:
            self.seconds = PAGE_PATIENCE_S
            pooled(*args, **kwargs)

        storage.optimize_for_webserver = for_pages


def _connection(storage: Any) -> Any:
    """A connection of whatever engine the storage has now: the web server gives it one with a pool."""
    return storage._engine.connect()  # it has no public name


def _away(error: BaseException | None) -> bool:
    """Whether it is the connection that failed, or could not be made, rather than what was asked on it."""
    if isinstance(error, DagsterPostgresException):  # which is raised while the storage is made
        error = error.__cause__
    if not isinstance(error, DBAPIError):
        return False
    code: str | None = getattr(error.orig, "pgcode", None)
    refused = code is None and type(error.orig).__name__ == "OperationalError"
    return error.connection_invalidated or refused or (code or "").startswith("57P")


class PostgresStorage(DagsterPostgresStorage):
    """The storage that a home's ``dagster.yaml`` names (``radeng_assets.storage``).

    ``postgres_url`` is an address in any of the forms that people write; ``patience_s`` how long a run waits.
    """

    def __init__(
        self, postgres_url: str, patience_s: float = PATIENCE_S, inst_data: ConfigurableClassData | None = None
    ) -> None:
        patience = Patience(patience_s)
        patience(super().__init__, address({ADDRESS: postgres_url}), inst_data=inst_data)
        for storage, interface in (
            (self.run_storage, RunStorage),
            (self.event_log_storage, EventLogStorage),
            (self.schedule_storage, ScheduleStorage),
        ):
            patience.guard(storage, interface)
        # By which a home knows its database again; Dagster itself makes it when somebody first asks.
        patience(self._run_storage.get_run_storage_id)

    @classmethod
    def config_type(cls) -> Any:
        """What stands below ``config`` in ``dagster.yaml``."""
        return {
            "postgres_url": dg.Field(dg.StringSource),
            "patience_s": dg.Field(float, is_required=False, default_value=PATIENCE_S),
        }

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]) -> Self:
        """Called by Dagster in every process."""
        return cls(config_value["postgres_url"], config_value["patience_s"], inst_data)
