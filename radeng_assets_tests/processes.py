"""Running the product as a user does: as processes, with nothing of the test's environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

_KEEP = ("PATH", "HOME", "LANG", "TMPDIR")


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


def dagster(*args: str, cwd: Path, **extra: str) -> subprocess.CompletedProcess[str]:
    """``dagster args`` in ``cwd``."""
    return python("-m", "dagster", *args, cwd=cwd, **extra)


def materialize_wave(home: Path, plan: Path, wave: str, **extra: str) -> subprocess.CompletedProcess[str]:
    """Materialize one wave with Dagster's own command, with nothing set but the home and the plan."""
    command = ("asset", "materialize", "-m", "radeng_assets.definitions")
    selection = ("--select", "story_outputs", "--partition", wave)
    return dagster(*command, *selection, cwd=home, DAGSTER_HOME=str(home), RADENG_PLAN_DIR=str(plan), **extra)
