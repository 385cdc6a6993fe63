"""A proof that cannot fail proves nothing. The end of it is in test_cheats; here, how it is made to fail."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from radeng_assets.execution.control import made_to_fail
from radeng_assets.execution.inspection.languages.facts import failing_test_of
from radeng_assets.execution.process import CommandRun, run_command

PYTHON = sys.executable


def run(command: str, folder: Path) -> CommandRun:
    return run_command(command, folder, timeout_s=30, output_limit=10_000)


@pytest.mark.parametrize(
    "command", [f"{PYTHON} -c 'x = 1; assert x'", f'{PYTHON} -W error -c "if True:\n    print(1)"', f"{PYTHON} -c pass"]
)
def test_code_gets_an_end_that_fails(tmp_path: Path, command: str) -> None:
    assert run(command, tmp_path).state == "passed"
    assert run(made_to_fail(command), tmp_path).exit_code == 97


@pytest.mark.parametrize(
    "command",
    [
        "pytest -q",
        "python -c",
        "python -m x -c y z",
        "python -c pass && true",
        "python -c pass | cat",
        "python -c '",
        'python -c "$CODE"',
        "sh -c true",
        "",
        "python script.py",
    ],
)
def test_other_commands_are_left_alone(command: str) -> None:
    assert made_to_fail(command) == ""


@pytest.mark.parametrize("runner", ["unittest discover -q", "pytest -q -p no:cacheprovider"])
def test_the_failing_test_fails(tmp_path: Path, runner: str) -> None:
    (tmp_path / "test_honest.py").write_text(
        "import unittest\n\n\nclass Test(unittest.TestCase):\n    def test(self):\n        pass\n", encoding="utf-8"
    )
    assert run(f"{PYTHON} -m {runner}", tmp_path).state == "passed"
    failing = failing_test_of("test_honest.py")
    assert failing is not None
    (tmp_path / "test_more.py").write_text(failing(""), encoding="utf-8")
    assert run(f"{PYTHON} -m {runner}", tmp_path).exit_code == 1


def test_a_language_writes_its_own() -> None:
    go = failing_test_of("a_test.go")
    assert go is not None
    assert go("// a\npackage calc_test\n").startswith("package calc_test\n")
    assert failing_test_of("web/app.test.ts") is not None
    assert failing_test_of("src/lib.rs") is None
    assert failing_test_of("README.md") is None
