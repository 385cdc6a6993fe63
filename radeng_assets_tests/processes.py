"""Running the product as a user does: as processes, with nothing of the test's environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import chdir
from pathlib import Path
from typing import Any
from unittest import mock

from typer.testing import CliRunner

from radeng_assets.database import ADDRESS

_KEEP = ("PATH", "HOME", "LANG", "TMPDIR", ADDRESS)
"""The last one is where the tests keep runs (``conftest.storage``)."""


def environment(**extra: str) -> dict[str, str]:
    """A small environment: enough to start Python, and what the caller adds."""
    base = {name: os.environ[name] for name in _KEEP if name in os.environ}
    return {**base, "DAGSTER_DISABLE_TELEMETRY": "1", "COLUMNS": "120", **extra}


def python(*args: str, cwd: Path, **extra: str) -> subprocess.CompletedProcess[str]:
    """``python args`` in ``cwd``; never raises for a failing exit code."""
    return subprocess.run(
        [sys.executable, *args],
        cwd=cwd,
        env=environment(**extra),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def radeng(*args: str | Path, cwd: Path, **extra: str) -> subprocess.CompletedProcess[str]:
    """``radeng args`` in ``cwd``."""
    return python("-m", "radeng_assets.cli", *map(str, args), cwd=cwd, **extra)


def radeng_json(*args: str | Path, cwd: Path, **extra: str) -> tuple[int, dict[str, Any]]:
    """(exit code, the one JSON document on stdout) of ``radeng args --json``."""
    done = radeng(*args, "--json", cwd=cwd, **extra)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def radeng_here(*args: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """The same in this process, for verbs that read and print: a process of its own takes seconds to start."""
    from radeng_assets.cli.app import app  # what most tests do not need

    given = [str(arg) for arg in args]
    with chdir(cwd), mock.patch.dict(os.environ, environment(), clear=True):
        done = CliRunner().invoke(app, given)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return subprocess.CompletedProcess(given, done.exit_code, done.stdout, done.stderr)


def radeng_json_here(*args: str | Path, cwd: Path) -> tuple[int, dict[str, Any]]:
    """``radeng_json`` in this process."""
    done = radeng_here(*args, "--json", cwd=cwd)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def dagster(*args: str, cwd: Path, **extra: str) -> subprocess.CompletedProcess[str]:
    """``dagster args`` in ``cwd``."""
    return python("-m", "dagster", *args, cwd=cwd, **extra)


def materialize_wave(home: Path, plan: Path, wave: str, **extra: str) -> subprocess.CompletedProcess[str]:
    """Materialize one wave with Dagster's own command, with nothing set but the home and the plan."""
    command = ("asset", "materialize", "-m", "radeng_assets.definitions")
    selection = ("--select", "story_outputs", "--partition", wave)
    return dagster(*command, *selection, cwd=home, DAGSTER_HOME=str(home), RADENG_PLAN_DIR=str(plan), **extra)
