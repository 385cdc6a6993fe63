"""Test runs that are no proof: none, skipped, expected to fail, failed, miscounted."""

from __future__ import annotations

import re
from collections.abc import Callable

from radeng_assets_tests.truth.state import Edit, State
from radeng_assets_tests.truth.trial import Fault

_CASE = re.compile(rb"(<testcase [^>]*?)\s*(?:/>|>.*?</testcase>)", re.DOTALL)
_NONE = b'<testsuites><testsuite name="pytest" tests="0" errors="0" failures="0" skipped="0"/></testsuites>'
_XFAIL = b'<skipped type="pytest.xfail" message="known">it fails</skipped>'
_SKIP = b'<skipped type="pytest.skip" message="not now">not now</skipped>'
_FAILURE = b'<failure message="assert 1 == 2">assert 1 == 2</failure>'


def every(inside: bytes) -> Edit:
    """Every test case with another outcome."""
    return lambda data: _CASE.sub(lambda match: match[1] + b">" + inside + b"</testcase>", data)


def first(inside: bytes) -> Edit:
    """The first test case with another outcome."""
    return lambda data: _CASE.sub(lambda match: match[1] + b">" + inside + b"</testcase>", data, count=1)


def _more(data: bytes) -> bytes:
    return re.sub(rb'tests="(\d+)"', lambda match: b'tests="%d"' % (int(match[1]) + 5), data, count=1)


def _yesterday(data: bytes) -> bytes:
    return re.sub(rb'timestamp="[^"]*"', b'timestamp="2025-01-01T10:00:00+00:00"', data)


def _half(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _leaves(report: str, path: str, edit: Edit, code: int = 0) -> Callable[[State], None]:
    return lambda state: state.leave(report, path, edit, exit_code=code)


def _without_kill(data: bytes) -> bytes:
    return data.replace(b"test_what_was_accepted_survives_a_kill", b"test_something_else")


_RUNS = (
    ("coverage", "junit.xml", "test_coverage"),
    ("chaos", "recovery.xml", "test_coverage"),
    ("ui", "browser.xml", "ui_integration"),
)
"""Report, its JUnit file, and the criterion that rests on it."""

FAULTS = (
    *(Fault(f"zero tests ({r})", c, "no test|holds a test", _leaves(r, f, lambda _: _NONE)) for r, f, c in _RUNS),
    *(
        Fault(f"all tests skipped ({r})", c, "skip|did not count|no test", _leaves(r, f, every(_SKIP)))
        for r, f, c in _RUNS
    ),
    *(
        Fault(f"xfail as a pass ({r})", c, "expected to fail|did not count|no test", _leaves(r, f, every(_XFAIL)))
        for r, f, c in _RUNS
    ),
    *(Fault(f"a run of another day ({r})", c, "dated 2025-01-01", _leaves(r, f, _yesterday)) for r, f, c in _RUNS),
    *(Fault(f"a test failed ({r})", c, "fail|did not pass", _leaves(r, f, first(_FAILURE), 1)) for r, f, c in _RUNS),
    *(
        Fault(f"a test failed, and exit code 0 ({r})", c, "fail|did not pass", _leaves(r, f, first(_FAILURE)))
        for r, f, c in _RUNS
    ),
    Fault("one test is excused", "test_coverage", "expected to fail", _leaves("coverage", "junit.xml", first(_XFAIL))),
    Fault("a suite counts tests that are not there", "test_coverage", "count", _leaves("coverage", "junit.xml", _more)),
    Fault("half of a JUnit file", "ui_integration", "read", _leaves("ui", "browser.xml", _half)),
    Fault("no JUnit file", "test_coverage", "JUnit|left no|no file", _leaves("coverage", "junit.xml", lambda _: None)),
    Fault(
        "the recovery that is demanded did not run",
        "test_coverage",
        "survives_a_kill",
        _leaves("chaos", "recovery.xml", _without_kill),
    ),
)
