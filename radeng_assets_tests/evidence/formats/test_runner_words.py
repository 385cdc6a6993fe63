"""The last words of test runners: a run that ended with 0 and in which nothing passed shows nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.evidence.formats.runner_words import idle

IDLE = (
    b"x                                                     [100%]\n1 xfailed in 0.08s\n",
    b"====== 3 skipped, 2 xfailed, 1 warning in 61.20s (0:01:01) ======\n",
    b"\x1b[33m\x1b[33m\x1b[1m2 skipped\x1b[0m\x1b[33m in 0.01s\x1b[0m\x1b[0m\n",
    b"4 deselected in 0.10s\n",
    b"no tests ran in 0.00s\n",
    b"1 skipped, 3 subtests passed in 0.01s\n",
    b"----\nRan 0 tests in 0.000s\n\nOK\n",
    b"----\nRan 0 tests in 0.000s\n\nNO TESTS RAN\n",
    b"----\nRan 3 tests in 0.001s\n\nOK (skipped=2, expected failures=1)\n",
    b"Test Suites: 1 skipped, 0 of 1 total\nTests:       3 skipped, 3 total\n",
    b" Test Files  1 skipped (1)\n      Tests  3 skipped (3)\n",
    b" 0 pass\n 3 skip\n 0 fail\n",
    b"\n  0 passing (1ms)\n  2 pending\n",
    b"test result: ok. 0 passed; 0 failed; 3 ignored; 0 measured; 0 filtered out\n",
    b"# tests 3\n# pass 0\n# skipped 3\n",
    b"\xe2\x84\xb9 tests 3\n\xe2\x84\xb9 pass 0\n",
    b"?   \texample.org/a\t[no test files]\nok  \texample.org/b\t0.01s [no tests to run]\n",
)
BUSY = (
    b"1 passed in 0.08s\n",
    b"====== 59 passed, 1 skipped in 3.10s ======\n",
    b"1 xfailed in 0.08s\n5 passed in 0.10s\n",
    b"1 xpassed in 0.08s\n",
    b"----\nRan 3 tests in 0.001s\n\nOK (skipped=2)\n",
    b"Tests:       1 skipped, 3 passed, 4 total\n",
    b"      Tests  2 passed | 1 skipped (3)\n",
    b" 12 pass\n 0 fail\n",
    b"  2 passing (1ms)\n",
    b"test result: ok. 3 passed; 0 failed\n\ntest result: ok. 0 passed; 0 failed\n",
    b"# tests 3\n# pass 3\n",
    b"?   \texample.org/a\t[no test files]\nok  \texample.org/b\t0.01s\n",
    b"",
    b"10 agents: 0 of 300 requests failed, p99 0.1 s\n",
    b"Success: no issues found in 12 source files\n",
    b"All checks passed!\n",
    b"0 errors, 0 warnings\n",
)


@pytest.mark.parametrize("output", IDLE)
def test_nothing_passed(output: bytes) -> None:
    assert idle("run the tests", output).startswith("no test passed (")
    assert idle("run the tests", output.replace(b"\n", b"\r\n"))


@pytest.mark.parametrize("output", BUSY)
def test_something_passed_or_no_runner_spoke(output: bytes) -> None:
    assert idle("run the tests", output) == ""


def test_each_test_that_is_named_must_have_passed() -> None:
    command = "python -m pytest -q tests/test_a.py::test_one tests/test_a.py::test_two"
    assert idle(command, b"2 passed in 0.01s\n") == ""
    assert idle(command, b"9 passed in 0.01s\n") == ""  # with parameters
    assert idle(command, b"1 passed, 1 xfailed in 0.01s\n").startswith("2 tests are named, and 1 passed")


@given(st.binary(max_size=200))
def test_any_output_is_read(output: bytes) -> None:
    idle("", output)
    assert idle("", output + b"\n1 skipped in 0.01s\n1 passed in 0.01s\n") == ""


@pytest.mark.parametrize(("mark", "shows"), [("skip", False), ("xfail", False), ("filterwarnings('error')", True)])
def test_pytest_by_its_own_words(mark: str, shows: bool, tmp_path: Path) -> None:
    body = "assert not 'yet'" if mark == "xfail" else "pass"
    (tmp_path / "test_it.py").write_text(f"import pytest\n\n@pytest.mark.{mark}\ndef test_it():\n    {body}\n")
    command = [sys.executable, "-m", "pytest", "--color=yes", "-p", "no:cacheprovider", "test_it.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    assert (idle("pytest", done.stdout) == "") is shows
