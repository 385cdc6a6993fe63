"""The compose file: valid by the compose specification's own schema, and what a careful person would look for."""

from __future__ import annotations

import re
import sys
from typing import Any

import pytest
import yaml

from radeng_assets.storage import on_database
from radeng_assets_tests.conftest import ROOT
from radeng_assets_tests.deploy.files import COMPOSE, DEPLOY, read, services
from radeng_assets_tests.processes import python

ONE_SHOT = {"prepare", "proxy-volumes"}
LASTING = sorted(services().keys() - ONE_SHOT)


def test_it_is_valid() -> None:
    done = python("-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE), cwd=ROOT)
    assert done.returncode == 0, done.stdout


def test_the_schema_finds_a_mistake(tmp_path: Any) -> None:
    text = COMPOSE.read_text("utf-8").replace("healthcheck:", "health_check:", 1)
    (tmp_path / "compose.yaml").write_text(text, encoding="utf-8")
    where = str(tmp_path / "compose.yaml")
    assert python("-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", where, cwd=ROOT).returncode == 1


@pytest.mark.parametrize("name", LASTING)
def test_what_lasts_is_watched_pinned_and_not_root(name: str) -> None:
    service = services()[name]
    assert service["healthcheck"]["test"][0] == "CMD"
    assert re.fullmatch(r"[a-z]+:\d+\.\d+(\.\d+)?(-[a-z0-9]+)?", service["image"])
    assert int(service["user"].split(":")[0]) > 0
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["restart"] == "unless-stopped"


def test_nothing_but_the_proxy_is_reached_from_outside() -> None:
    published = {name: service.get("ports", []) for name, service in services().items()}
    assert {name for name, ports in published.items() if any(not port.startswith("127.0.0.1:") for port in ports)} == {
        "proxy"
    }
    assert services()["postgres"]["networks"] == services()["stakeholders"]["networks"] == ["inside"]
    assert read("compose.yaml")["networks"]["inside"] == {"internal": True}


def test_no_secret_stands_in_a_file_that_is_kept() -> None:
    text = COMPOSE.read_text("utf-8") + (DEPLOY / "Caddyfile").read_text("utf-8")
    assert not re.search(r"postgres(ql)?://|\$2[aby]\$|PASSWORD: ", text)
    assert all(secret["file"].startswith("secrets/") for secret in read("compose.yaml")["secrets"].values())
    assert "deploy/secrets/" in (ROOT / ".gitignore").read_text("utf-8").splitlines()


def test_everybody_asks_the_same_database_and_pools_have_limits() -> None:
    config = (DEPLOY / "dagster.yaml").read_text("utf-8")
    assert on_database(config)
    concurrency = yaml.safe_load(config)["concurrency"]
    assert concurrency["pools"]["default_limit"] == 3
    assert "concurrency set agents 3" in services()["prepare"]["command"][-1]
    assert concurrency["runs"]["max_concurrent_runs"] > 0


def test_the_connections_of_all_fit_into_the_server() -> None:
    """A web server holds a pool for each of three storages; whoever else there is has one at a time, for a moment."""
    most = int(next(part.split("=")[1] for part in services()["postgres"]["command"] if "max_connections" in part))
    pools = [
        service["command"] for service in services().values() if "--db-pool-max-overflow" in service.get("command", [])
    ]
    held = sum(3 * (1 + int(command[command.index("--db-pool-max-overflow") + 1])) for command in pools)
    assert len(pools) == 2
    runs = read("dagster.yaml")["concurrency"]["runs"]["max_concurrent_runs"]
    steps_of_a_run = 5
    daemon_threads, reserved = 10, 3
    assert held + runs * steps_of_a_run + daemon_threads + reserved <= most


def test_the_image_is_built_from_what_the_checkout_has() -> None:
    lines = (DEPLOY / "Dockerfile").read_text("utf-8").splitlines()
    copied = [part for line in lines if line.startswith("COPY ") for part in line.split()[1:-1]]
    assert all((ROOT / name).exists() for name in copied)
    kept = {line[1:] for line in (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines() if line[0] == "!"}
    assert kept == set(copied)
    base = next(line for line in lines if line.startswith("FROM "))
    assert re.fullmatch(r"FROM python:3\.\d+\.\d+-slim-bookworm", base)
    assert "USER radeng" in lines
    assert sys.version_info[:2] <= tuple(int(part) for part in base.split(":")[1].split("-")[0].split(".")[:2])
