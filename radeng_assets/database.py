"""The database that keeps Dagster's runs, event log and schedules, where ``RADENG_POSTGRES_URL`` names one.

The address may hold a password, so it is no setting: it stands in the environment, is read where it is used, and no
message, record or file of ours holds it or what a driver says about it. No command sees it: what those get of an
environment is an allow-list (``execution.process.command_environment``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

ADDRESS = "RADENG_POSTGRES_URL"

_FORM = "write postgresql://user:password@host:5432/name, with what is special in a password percent-encoded"

_SCHEMES = ("postgresql", "postgres", "postgresql+psycopg2")
"""What people write. SQLAlchemy 2.1 would take the first for psycopg 3, which is not installed."""

_TERMS = {
    "application_name": "radeng",
    "connect_timeout": "10",  # s; a host that is gone does not refuse, it is silent
    "keepalives_idle": "30",  # s; nor does it end a connection that waits for its answer
    "keepalives_interval": "10",
    "keepalives_count": "3",
}
"""What libpq is told where the address does not say otherwise."""

FULL = "it has no connection free: raise max_connections there, or let fewer agents and servers share it"

_REASONS = (
    (r"too many clients|connection slots|too many connections", FULL),
    (
        r"password authentication failed|no password supplied|role .* does not exist",
        "it takes neither user nor password",
    ),
    (r"no pg_hba.conf entry", "it does not let this machine and user in (pg_hba.conf)"),
    (r"database .* does not exist", "it has no database of that name: create it first"),
    (r"permission denied", "the user may not make or use Dagster's tables there"),
    (r"could not translate host name", "its host is not known"),
    (r"timeout expired|timed out", "it does not answer in time"),
    (r"starting up|shutting down|recovery mode|not yet accepting", "it is starting or ending"),
    (r"refused|No such file|not running|closed the connection|terminating connection", "nothing answers there"),
    (r"SSL|certificate", "the two do not agree on encryption (sslmode)"),
    (r"invalid connection option|invalid (dsn|integer|URI|percent)", f"it is no address that libpq takes: {_FORM}"),
)


class NoDatabase(Exception):  # noqa: N818  # named for what happened
    """The database cannot be used. The message says why, ``hint`` what to do; neither repeats the address."""

    def __init__(self, why: str, hint: str = "") -> None:
        self.hint = hint
        super().__init__(why)


class DatabaseAway(Exception):  # noqa: N818  # as above
    """The database went away in the middle of a run and did not come back in time. What was paid for is on record."""

    def __init__(self, why: str) -> None:
        super().__init__(f"the database went away: {why}. Run again when it is back: it goes on where it was.")


def configured(environ: Mapping[str, str]) -> bool:
    """Whether an environment names a database."""
    return bool(environ.get(ADDRESS, "").strip())


def address(environ: Mapping[str, str]) -> str:
    """The address as SQLAlchemy and psycopg2 take it, with timeouts. Raises ``NoDatabase`` for what is none."""
    url = _parsed(environ.get(ADDRESS, "").strip())
    if url is None or url.drivername not in _SCHEMES or not url.database:
        raise NoDatabase(f"{ADDRESS} is no address of a Postgres database.", f"{_FORM[0].upper()}{_FORM[1:]}.")
    terms = {name: value for name, value in _TERMS.items() if name not in url.query}
    whole = url.set(drivername="postgresql+psycopg2").update_query_dict(terms)
    return whole.render_as_string(hide_password=False)


def passwords(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The password in the address, as it is and percent-encoded. For comparing only."""
    url = _parsed(environ.get(ADDRESS, "").strip()) if configured(environ) else None
    password = str(url.password or "") if url is not None else ""
    return tuple(dict.fromkeys(form for form in (password, quote(password, safe="")) if form))


def reason(error: BaseException) -> str:
    """Why a database did not answer, in our words: the driver's may hold parts of an address that was misread."""
    text = str(error)
    return next((words for pattern, words in _REASONS if re.search(pattern, text)), "the connection failed")


def reach(url: str) -> str | None:
    """Connect once. The identity of the Dagster instance that the database keeps; ``None`` for a new one.

    ``url`` is of ``address``. Raises ``NoDatabase``.
    """
    from sqlalchemy import create_engine, inspect, text
    from sqlalchemy.exc import SQLAlchemyError
    from sqlalchemy.pool import NullPool

    try:
        with create_engine(url, poolclass=NullPool).connect() as connection:
            if not inspect(connection).has_table("instance_info"):
                return None
            found: str | None = connection.execute(text("SELECT run_storage_id FROM instance_info")).scalar()
            return found
    except SQLAlchemyError as error:
        raise NoDatabase(
            f"the database that {ADDRESS} names cannot be used: {reason(error)}.",
            f"Mend that, or unset {ADDRESS}: a home without it keeps its runs in SQLite.",
        ) from None


def _parsed(text: str) -> URL | None:
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        return make_url(text)
    except (ArgumentError, ValueError):  # which may repeat the address
        return None
