"""A measure reaches the network if the policy says so, and not otherwise."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from radeng_assets.evidence.measures import Measure, demand_of
from radeng_assets.planning.source import Source
from radeng_assets.readiness.policy import read_policy
from radeng_assets_tests.execution.measuring.scenes import Site
from radeng_assets_tests.folders import commit


@pytest.fixture
def asks() -> Iterator[str]:
    """A command that asks a service of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as service:
        port = service.getsockname()[1]
        yield f"""{sys.executable} -c 'import socket; socket.create_connection(("127.0.0.1", {port}), 5)'"""


@pytest.mark.parametrize(("network", "state"), [(False, "failed"), (True, "passed")])
def test_only_a_measure_that_may_reaches_a_service(
    network: bool, state: str, asks: str, target: Path, tmp_path: Path
) -> None:
    (envelope,) = Site(target, tmp_path / "home").measure("security", asks, network=network)
    assert envelope.state == state


@pytest.mark.parametrize(("network", "state"), [(False, "failed"), (True, "passed")])
def test_so_do_the_commands_of_a_measure_of_our_own(
    network: bool, state: str, asks: str, target: Path, tmp_path: Path
) -> None:
    (target / "README.md").write_text(f"# Ask\n\n```sh run\n{asks}\n```\n", encoding="utf-8")
    commit(target, "Ask")
    site = Site(target, tmp_path / "home")
    (envelope,) = site.measure("documentation", "radeng:documents", network=network)
    (ran,) = site.files(envelope, "runs").values()
    assert f'"state":"{state}"'.encode() in ran.replace(b" ", b"")


def test_it_is_another_demand() -> None:
    assert demand_of("r", (Measure(run="a"),)) != demand_of("r", (Measure(run="a", network=True),))


def test_the_policy_says_it_beside_the_command() -> None:
    text = "reports: {security: {measures: [{run: pip-audit, network: true}, {run: bandit}]}}"
    policy, findings = read_policy(Source("readiness.yaml", text, "d"))
    assert [measure.network for measure in policy.reports.security.measures] == [True, False]
    assert findings == ()
