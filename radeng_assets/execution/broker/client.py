"""Reaching the broker: starting it where none answers, and capabilities for attempts."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2
from filelock import FileLock
from pydantic import JsonValue

from radeng_assets.canonical import digest_bytes, digest_of
from radeng_assets.execution.agent_policy import AgentPolicy
from radeng_assets.execution.broker.line import Health, Scope, Spent
from radeng_assets.execution.broker.owners import Owner
from radeng_assets.execution.process import command_environment

if TYPE_CHECKING:
    import anthropic

KEY = "ANTHROPIC_API_KEY"
BASE_URL = "ANTHROPIC_BASE_URL"
API = "https://api.anthropic.com"
START_S = 20.0
IDLE_S = 60.0
"""Seconds without a call after which a broker ends itself, once no process that brought it a key is left."""


class NoBroker(Exception):  # noqa: N818  # named for what was found
    """No broker answers and none can be started here; the message says what to do."""


def strip_key(environ: MutableMapping[str, str]) -> None:
    """Take the key out of an environment: from here on only the broker has it."""
    for name in (KEY, "ANTHROPIC_AUTH_TOKEN"):
        environ.pop(name, None)


@dataclass(frozen=True, slots=True)
class Broker:
    """The broker of one home. ``socket`` is its Unix socket; the folder around it is this user's alone."""

    socket: Path
    admin: str
    policy: AgentPolicy

    @classmethod
    def ensure(cls, home: Path, policy: AgentPolicy, environ: Mapping[str, str], idle_s: float = IDLE_S) -> Broker:
        """The broker of a home; started with the environment's key where none answers. Raises ``NoBroker``."""
        folder = _private_folder(home)
        with FileLock(folder / "lock", fallback_to_soft=False):
            admin = _admin_secret(folder)
            broker = cls(folder / "socket", admin, policy)
            base_url = environ.get(BASE_URL) or API
            # Another policy or address is another broker; what a policy says must hold from now on.
            identity = digest_of(
                [policy.model_dump(mode="json"), base_url, digest_bytes(environ.get(KEY, "").encode())]
            )
            there = broker.identity()
            if there is not None and (there == identity or not environ.get(KEY)):
                if environ.get(KEY):
                    broker.keep()
                return broker
            if not environ.get(KEY):
                raise NoBroker(f"no broker answers, and {KEY} is not set: set it and start radeng again")
            if there is not None:
                broker.end()
            broker.start(home, identity, environ[KEY], base_url, idle_s)
        return broker

    def identity(self) -> str | None:
        """Which broker answers; ``None`` if none does."""
        health = _health(self.socket)
        return health.identity if health else None

    def start(self, home: Path, identity: str, key: str, base_url: str, idle_s: float) -> None:
        """Start the process, in a session of its own, and wait until it answers. Raises ``NoBroker``."""
        from radeng_assets.execution.broker.__main__ import Charge

        self.socket.unlink(missing_ok=True)
        charge = Charge(
            home=home,
            socket=self.socket,
            admin=self.admin,
            identity=identity,
            key=key,
            base_url=base_url.rstrip("/"),
            idle_s=idle_s,
            owner=Owner.this(),
            policy=self.policy,
        )
        started = subprocess.run(
            [sys.executable, "-m", "radeng_assets.execution.broker"],
            cwd=home,
            env=command_environment(),
            input=charge.model_dump_json().encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            check=False,
        )
        deadline = time.monotonic() + START_S
        while self.identity() != identity:
            if started.returncode or time.monotonic() > deadline:
                raise NoBroker(f"the broker did not start (exit code {started.returncode})")
            time.sleep(0.02)

    @property
    def pid(self) -> int:
        """The process. Raises ``FileNotFoundError`` where none was ever started."""
        return int((self.socket.parent / "pid").read_text("utf-8"))

    def end(self) -> None:
        """End the process and wait until it is gone."""
        import psutil

        try:
            process = psutil.Process(self.pid)
        except (psutil.NoSuchProcess, FileNotFoundError, ValueError):
            return
        process.terminate()
        _, left = psutil.wait_procs([process], timeout=10)
        for one in left:
            one.kill()

    def keep(self) -> None:
        """Let it stay for as long as this process lives."""
        self._call("/radeng/keep", Owner.this().model_dump())

    def grant(self, scope: Scope) -> BrokerLine:
        """A capability for one attempt."""
        token = f"radeng-{secrets.token_urlsafe(24)}"
        limits: JsonValue = self.policy.spending.model_dump(mode="json")
        self._call("/radeng/grant", {"token": token, "scope": scope.model_dump(), "limits": limits})
        return BrokerLine(self, scope, token)

    def revoke(self, scope: Scope) -> None:
        """End the capabilities of an attempt."""
        self._call("/radeng/revoke", {"scope": scope.model_dump()})

    def spent(self, **where: str | int) -> Spent:
        """What the turns of a scope (``plan``, ``wave``, ``story``, ``attempt``) consumed."""
        return Spent.model_validate(self._call("/radeng/spent", dict(where)))

    def holds_secret(self, text: str) -> bool:
        """Whether a text holds the key, in any disguise."""
        return self._call("/radeng/holds-secret", {"text": text})["holds"] is True

    def _call(self, path: str, body: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        try:
            with self._client() as client:
                answer = client.post(path, json=body, headers={"x-radeng-admin": self.admin})
                answer.raise_for_status()
                return answer.json()
        except httpx2.HTTPError as error:
            raise NoBroker(f"the broker does not answer ({type(error).__name__}): start radeng again") from None

    def _client(self) -> httpx2.Client:
        return _client(self.socket)


@dataclass(frozen=True, slots=True)
class BrokerLine:
    """A capability for one attempt (``Line``). ``token`` is what an external tool takes for its key."""

    broker: Broker
    scope: Scope
    token: str

    def client(self) -> anthropic.AsyncAnthropic:
        """A client over the Unix socket, without retries: the broker retries, and owns the deadline."""
        import anthropic  # only those pay for it who talk to a model

        policy = self.broker.policy
        whole = policy.turn_timeout_s + policy.retry_deadline_s + 30
        limits = httpx2.Limits(max_connections=None)
        transport = httpx2.AsyncHTTPTransport(uds=str(self.broker.socket), limits=limits, verify=False)
        return anthropic.AsyncAnthropic(
            api_key=self.token,
            base_url="http://broker",
            max_retries=0,
            timeout=httpx2.Timeout(whole, connect=30),
            http_client=httpx2.AsyncClient(transport=transport, timeout=httpx2.Timeout(whole, connect=30)),
        )

    def spent(self) -> Spent:
        """What this attempt has spent so far."""
        return self.broker.spent(**self.scope.model_dump())


def broker_health(home: Path) -> Health | None:
    """What the broker of a home says of itself; ``None`` where none answers."""
    return _health(_folder_of(home) / "socket")


def _health(path: Path) -> Health | None:
    try:
        # httpx2 leaves its socket open where nobody listens, so that is asked first.
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            probe.connect(str(path))
        with _client(path) as client:
            return Health.model_validate(client.get("/radeng/health").json())
    except (httpx2.HTTPError, OSError, ValueError):
        return None


def _client(path: Path) -> httpx2.Client:
    # Without TLS to verify: to load the system's certificates takes a tenth of a second each time.
    transport = httpx2.HTTPTransport(uds=str(path), verify=False)
    return httpx2.Client(transport=transport, base_url="http://broker", timeout=30)


def _folder_of(home: Path) -> Path:
    """Where a home's socket lies: a Unix socket's path has 108 bytes at most, a home's path may have more."""
    root = Path(tempfile.gettempdir()) / f"radeng-{os.getuid()}"
    return root / digest_bytes(os.fsencode(home.resolve())).removeprefix("sha256:")[:16]


def _private_folder(home: Path) -> Path:
    """The folder of a home's socket, made, and this user's alone. Raises ``NoBroker``."""
    place = _folder_of(home)
    for folder in (place.parent, place):
        folder.mkdir(mode=0o700, exist_ok=True)
        facts = folder.lstat()
        if facts.st_uid != os.getuid() or facts.st_mode & 0o077 or folder.is_symlink():
            raise NoBroker(f"{folder} is not this user's alone: remove it")
    return place


def _admin_secret(folder: Path) -> str:
    path = folder / "admin"
    if not path.exists():
        draft = folder / "admin.draft"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
            stream.write(secrets.token_urlsafe(32))
        draft.replace(path)
    return path.read_text("utf-8")
