"""The processes of the compose file by hand, with its commands, against a real Postgres and behind the proxy."""

from __future__ import annotations

import base64
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any

import psutil
import pytest

from radeng_assets.database import ADDRESS
from radeng_assets_tests.deploy.files import DEPLOY, services
from radeng_assets_tests.folders import write_folder
from radeng_assets_tests.postgres_server import PASSWORD, Server
from radeng_assets_tests.processes import environment

PATIENCE_S = 240

LAUNCH = """mutation ($params: ExecutionParams!) { launchRun(executionParams: $params) {
  __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }"""

STATUS = "query ($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }"

PARAMS = {
    "selector": {
        "repositoryLocationName": "radeng_assets",
        "repositoryName": "__repository__",
        "jobName": "planning_job",
    },
    "mode": "default",
    "runConfigData": {},
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(what: Callable[[], Any], processes: list[subprocess.Popen[bytes]], log: Path) -> Any:
    """What a question comes to that is asked until it is answered, or a process has ended."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        assert all(process.poll() is None for process in processes), log.read_text("utf-8", errors="replace")[-4000:]
        try:
            if answer := what():
                return answer
        except (OSError, ssl.SSLError, urllib.error.URLError):
            pass
        time.sleep(0.3)
    raise AssertionError(log.read_text("utf-8", errors="replace")[-4000:])


@dataclass
class Place:
    """One machine for all containers: their ports become free ones of loopback."""

    folder: Path
    settings: dict[str, str]
    ports: dict[str, int] = field(default_factory=dict[str, int])
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list[subprocess.Popen[bytes]])

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def command(self, service: str) -> list[str]:
        """The service's command as the compose file has it, but for where it listens and where the workspace is."""
        command = list(services()[service]["command"])
        for place, part in enumerate(command):
            if part == "-p":
                self.ports[service] = free_port()
                command[place + 1] = str(self.ports[service])
            elif part == "0.0.0.0":  # noqa: S104  # nothing listens there: it is what is taken out
                command[place] = "127.0.0.1"
            elif part == "/etc/radeng/workspace.yaml":
                command[place] = str(self.folder / "workspace.yaml")
        return command

    def start(self, command: list[str], **extra: str) -> None:
        with self.log.open("ab") as log:
            self.processes.append(
                subprocess.Popen(
                    command,
                    cwd=self.folder,
                    env=environment(**self.settings, **extra),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            )

    def end(self) -> None:
        family = [child for process in self.processes for child in psutil.Process(process.pid).children(recursive=True)]
        for process in self.processes:
            if process.poll() is None:
                process.terminate()  # as a container's end does
        _, alive = psutil.wait_procs([psutil.Process(p.pid) for p in self.processes if p.poll() is None], timeout=20)
        for member in [*alive, *family]:
            if member.is_running():
                member.kill()
        for process in self.processes:
            process.wait(20)

    def ask(self, service: str, query: str, **variables: Any) -> dict[str, Any]:
        body = json.dumps({"query": query, "variables": variables}).encode()
        where = f"http://127.0.0.1:{self.ports[service]}/graphql"
        request = urllib.request.Request(where, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            document = json.load(answer)
        assert "errors" not in document, document
        return document["data"]

    def loaded(self, service: str) -> bool:
        """Whether a web server has the code location."""
        query = "{ workspaceOrError { ... on Workspace { locationEntries { name loadStatus locationOrLoadError "
        found = self.ask(service, f"{query} {{ __typename }} }} }} }} }}")["workspaceOrError"]["locationEntries"]
        return [entry["locationOrLoadError"] for entry in found] == [{"__typename": "RepositoryLocation"}]


@pytest.fixture(scope="module")
def place(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("deploy")
    home = folder / "home"
    home.mkdir()
    shutil.copyfile(DEPLOY / "dagster.yaml", home / "dagster.yaml")
    settings = {
        "DAGSTER_HOME": str(home),
        "RADENG_HOME": str(home),
        "RADENG_PLAN_DIR": str(write_folder(folder / "plan")),
        ADDRESS: postgres.guarded(),
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),
    }
    place = Place(folder, settings)
    done = subprocess.run(
        place.command("prepare"), cwd=folder, env=environment(**settings), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    with ExitStack() as stack:
        stack.callback(place.end)
        place.start(place.command("code"))
        text = (DEPLOY / "workspace.yaml").read_text("utf-8")
        text = text.replace("host: code", "host: 127.0.0.1").replace("port: 4000", f"port: {place.ports['code']}")
        (folder / "workspace.yaml").write_text(text, encoding="utf-8")
        until(lambda: listens(place.ports["code"]), place.processes, place.log)
        until(lambda: healthy(place), place.processes, place.log)
        for service in ("webserver", "stakeholders", "daemon"):
            place.start(place.command(service))
        for service in ("webserver", "stakeholders"):
            until(lambda service=service: place.loaded(service), place.processes, place.log)
        yield place


def listens(port: int) -> bool:
    with socket.create_connection(("127.0.0.1", port), 5):
        return True


def healthy(place: Place) -> bool:
    """What the code location's own health check says. It takes seconds, so whether anybody listens is asked first."""
    check = services()["code"]["healthcheck"]["test"][1:]
    command = [str(place.ports["code"]) if part == "4000" else part for part in check]
    done = subprocess.run(command, env=environment(**place.settings), capture_output=True, check=False)
    return done.returncode == 0


def test_stakeholders_look_and_launch_nothing(place: Place) -> None:
    assert place.ask("stakeholders", "{ runsOrError { __typename } }") == {"runsOrError": {"__typename": "Runs"}}
    refused = place.ask("stakeholders", LAUNCH, params=PARAMS)["launchRun"]
    assert refused == {"__typename": "UnauthorizedError"}
    permissions = place.ask("stakeholders", "{ permissions { permission value } }")["permissions"]
    assert not [one["permission"] for one in permissions if one["value"]]
    counted = place.ask("webserver", "{ runsOrError { ... on Runs { results { runId } } } }")
    assert counted["runsOrError"]["results"] == []


def test_engineers_launch_and_the_daemon_carries_it_out(place: Place) -> None:
    launched = place.ask("webserver", LAUNCH, params=PARAMS)["launchRun"]
    assert launched["__typename"] == "LaunchRunSuccess", launched
    run = launched["run"]["runId"]

    def ended() -> str | None:
        status = place.ask("stakeholders", STATUS, id=run)["runOrError"]["status"]
        return status if status in ("SUCCESS", "FAILURE", "CANCELED") else None

    assert until(ended, place.processes, place.log) == "SUCCESS"


def test_the_page_shows_no_password(place: Place) -> None:
    shown = place.ask("webserver", "{ instance { info } }")["instance"]["info"]
    assert "PostgresStorage" in shown
    assert PASSWORD not in shown
    assert PASSWORD not in place.log.read_text("utf-8", errors="replace")


# --- the proxy ---------------------------------------------------------------------------------

CADDY = shutil.which("caddy")
SITES = {"engineers": "localhost", "stakeholders": "stakeholders.localhost"}


@pytest.fixture(scope="module")
def proxy(place: Place) -> Callable[..., int]:
    """The status that a site answers to somebody."""
    assert CADDY, "Caddy is missing: apt-get update && apt-get install -y caddy"
    data, port = place.folder / "caddy", free_port()
    data.mkdir()
    for site in SITES:
        told = subprocess.run(
            [CADDY, "hash-password", "--plaintext", f"{site}-word"], check=True, capture_output=True, text=True
        )
        (data / f"{site}.caddy").write_text(f"{site} {told.stdout.strip()}\n", encoding="utf-8")
    extra = {
        "RADENG_CADDY": str(data),
        "RADENG_HTTP_PORT": str(free_port()),
        "RADENG_HTTPS_PORT": str(port),
        "RADENG_CADDY_ADMIN": f"127.0.0.1:{free_port()}",
        "RADENG_ENGINEERS_UPSTREAM": f"127.0.0.1:{place.ports['webserver']}",
        "RADENG_STAKEHOLDERS_UPSTREAM": f"127.0.0.1:{place.ports['stakeholders']}",
        "XDG_DATA_HOME": str(data),
        "XDG_CONFIG_HOME": str(data),
    }
    place.start([CADDY, "run", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile")], **extra)

    def answer(site: str, user: str = "", password: str = "") -> int:
        context = ssl.create_default_context(cafile=str(data / "caddy/pki/authorities/local/root.crt"))
        raw = socket.create_connection(("127.0.0.1", port), 30)
        line = HTTPSConnection("127.0.0.1", port)
        line.sock = context.wrap_socket(raw, server_hostname=SITES[site])
        token = base64.b64encode(f"{user}:{password}".encode()).decode()
        headers = {"Host": SITES[site], **({"Authorization": f"Basic {token}"} if user else {})}
        line.request("GET", "/server_info", headers=headers)
        status = line.getresponse().status
        line.close()
        return status

    until(lambda: answer("engineers"), place.processes, place.log)
    return answer


@pytest.mark.parametrize("site", SITES)
def test_a_site_lets_its_own_people_in_and_nobody_else(proxy: Callable[..., int], site: str) -> None:
    (other,) = SITES.keys() - {site}
    assert proxy(site) == 401
    assert proxy(site, site, "guessed") == 401
    assert proxy(site, other, f"{other}-word") == 401
    assert proxy(site, site, f"{site}-word") == 200
