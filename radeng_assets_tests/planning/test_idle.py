"""Commands that say yes to everything are told from those that may say no."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.planning.idle import can_fail, none_can_fail

IDLE = (
    "true", " TRUE=1 true ", ":", "exit 0", "exit", "/bin/true", "echo ok", "echo", "printf yes", "sleep 0",
    "false || true", "false; true", "pytest -q || :", "pytest -q || echo 'did not pass'", "false\ntrue",
    "pytest | tee log", "pytest | cat", "sh -c true", "bash -c 'pytest || true'", "env A=1 true", "exec true",
    "(true)", "true && true", "true && echo ok", "pytest &", "! false", 'python -c "pass"', "python3 -c ''",
    "pytest; exit 0", "", "   ", "test 1", "command true", "false || false || true",
)  # fmt: skip

LIVELY = (
    "false", "exit 1", "exit 97", "pytest -q", "true && pytest", "pytest && echo ok", "pytest || exit 1",
    "echo begin; pytest", "echo x | grep y", "python -c 'import app'", "sh -c pytest", "! true", "test -f README.md",
    "set -o pipefail; pytest | tee log", "env A=1 pytest", "'", "echo ok && test -d src", "trueish", "python -c",
)  # fmt: skip


@pytest.mark.parametrize("command", IDLE)
def test_it_cannot_fail(command: str) -> None:
    assert not can_fail(command)


@pytest.mark.parametrize("command", LIVELY)
def test_it_may_fail(command: str) -> None:
    assert can_fail(command)


def test_no_commands_are_not_idle_but_none() -> None:
    assert not none_can_fail(())
    assert none_can_fail(("true", "echo ok"))
    assert not none_can_fail(("echo begin", "pytest"))


_PART = st.sampled_from(["true", "false", ":", "exit 0", "exit 3", "echo ok", "(true)", "! true"])


@given(st.lists(st.tuples(st.sampled_from([" && ", " || ", "; ", " | ", "\n"]), _PART), min_size=1, max_size=5))
def test_what_is_called_idle_never_fails(parts: list[tuple[str, str]]) -> None:
    command = "".join(f"{joint}{part}" for joint, part in parts).lstrip(" &|;\n")
    if not can_fail(command):
        done = subprocess.run(["/bin/sh", "-c", command], check=False, capture_output=True)
        assert done.returncode == 0
