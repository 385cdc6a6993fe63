"""The key is read in one place, and no command gets it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from radeng_assets.ess.gateway.key import KEY, read_key
from radeng_assets.execution.process import run_command
from radeng_assets.settings import Settings
from radeng_assets_tests.ess.loopback import KEY as CANARY


def test_the_key_is_the_environments() -> None:
    key = read_key({KEY: f" {CANARY}\n"})
    assert key is not None
    assert key.get_secret_value() == CANARY
    assert CANARY not in f"{key} {key!r}"


@pytest.mark.parametrize("environ", [{}, {KEY: ""}, {KEY: "  "}])
def test_no_key(environ: dict[str, str]) -> None:
    assert read_key(environ) is None


def test_no_command_and_no_setting_gets_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(KEY, CANARY)
    script = "import os; print(sorted(os.environ.items()))"
    run = run_command([sys.executable, "-c", script], tmp_path, timeout_s=60, output_limit=100_000)
    assert run.state == "passed"
    assert b"PATH" in run.output
    assert CANARY.encode() not in run.output
    settings = Settings(ess_url="localhost")
    assert CANARY not in f"{settings!r} {settings.environment()}"
