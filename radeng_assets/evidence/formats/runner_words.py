"""What test runners print at their end: how many tests passed, where a command that ended with 0 ran any of them.

A run in which every test was skipped or is expected to fail ends with 0 (pytest, unittest, Jest, Vitest, Mocha, Bun,
cargo and Node's own runner all do so), and so does one of no test (unittest before Python 3.12, Go, cargo). Its last
words are pytest's ``1 xfailed in 0.08s``, or the like.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_COLOUR = re.compile(rb"\x1b\[[0-9;]*m")

_PYTEST = re.compile(
    rb"^=*[ ]?(\d+ (?:passed|skipped|deselected|xfailed|xpassed)(?:, \d+ [a-z]+(?: [a-z]+)?)*|no tests ran)"
    rb" in \d+\.\d+s(?: \([\d:]+\))?[ ]?=*\r?$",
    re.MULTILINE,
)
_UNITTEST = re.compile(
    rb"^Ran (\d+) tests? in [\d.]+s[\r\n]{1,4}(?:OK|NO TESTS RAN)(?: \(([^)\n]*)\))?\r?$", re.MULTILINE
)
_GO = re.compile(rb"^(?:ok|\?)[ \t]+\S+[ \t]+(\(cached\)|[\d.]+s)?[ \t]*(\[no tests? [a-z ]+\])?\r?$", re.MULTILINE)
_LISTED = re.compile(rb"^[ \t]*Tests:?[ \t]+(\d.*?)(?:\(\d+\)|\d+ total)\r?$", re.MULTILINE)
"""Vitest and Jest."""

_COUNTED = (
    re.compile(rb"^test result: ok\. (\d+) passed;", re.MULTILINE),  # cargo
    re.compile(rb"^[ \t]*(\d+) pass(?:ing\b.*)?\r?$", re.MULTILINE),  # Bun and Mocha
    re.compile(rb"^(?:#|\xe2\x84\xb9) pass (\d+)\r?$", re.MULTILINE),  # Node
)
_PASSED = re.compile(rb"(\d+) x?passed")
_IDLE = re.compile(rb"(?:skipped|expected failures)=(\d+)")

_NAMED = re.compile(r"\.py::")


def idle(command: str, output: bytes) -> str:
    """Why a command that ended with 0 shows nothing, by what it printed; empty where nothing speaks against it.

    Runners spoke, and by none of them a test passed; or fewer passed than pytest was told by name.
    """
    told = list(_passed(_COLOUR.sub(b"", output)))
    if not told:
        return ""
    passed = sum(count for count, _ in told)
    words = told[-1][1].decode(errors="replace").strip()[:80]
    if not passed:
        return f"no test passed ({words})"
    named = len(_NAMED.findall(command))
    return f"{named} tests are named, and {passed} passed ({words})" if passed < named else ""


def _passed(output: bytes) -> Iterator[tuple[int, bytes]]:
    """(tests that passed, the words that say so), for each runner's end."""
    for match in _PYTEST.finditer(output):
        # Tests of a test may pass within one that does not.
        yield _sum(match[1].replace(b"subtests passed", b"")), match[0]
    for match in _UNITTEST.finditer(output):
        yield int(match[1]) - sum(int(count) for count in _IDLE.findall(match[2] or b"")), match[0]
    for match in _GO.finditer(output):
        if match[1] or match[2]:
            yield int(bool(match[1] and not match[2])), match[0]
    for match in _LISTED.finditer(output):
        yield _sum(match[1]), match[0]
    for pattern in _COUNTED:
        for match in pattern.finditer(output):
            yield int(match[1]), match[0]


def _sum(text: bytes) -> int:
    """Those of a list like ``3 passed, 1 skipped``."""
    return sum(int(count) for count in _PASSED.findall(text))
