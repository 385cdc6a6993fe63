"""Settings by which a runner finds or runs fewer tests."""

from __future__ import annotations

import re
from collections.abc import Iterator

from radeng_assets.execution.inspection.change import Change, Terms
from radeng_assets.execution.inspection.inspection import Inspection
from radeng_assets.execution.inspection.kinds import is_settings
from radeng_assets.execution.inspection.text import added_lines

_SELECTS = re.compile(
    r"\b(?:testpaths|python_(?:files|classes|functions)|testMatch|testRegex|testNamePattern|testPathPattern|roots"
    r"|passWithNoTests|allowOnly|pytest_plugins|fakeAssertions|bail|grep|rootdir|test-dir|autotest|harness)\b\s*[\"']?\s*[:=]"
    r"|--passWithNoTests\b|(?<![\w-])(?:-k|-m|-p|--lf|--last-failed|--sw|--stepwise|--co|--collect-only|--no-cov)(?=[\s\"',=]|$)"
)
_RUNS_PYTHON_MODULE = re.compile(r"\bpython[\d.]*\s+(?:-\S+\s+)*-m\b|\bpip\b")


def _find(change: Change, terms: Terms) -> Iterator[tuple[str, int, str]]:
    del terms
    for file in change.files:
        if file.before is None or file.after is None or not is_settings(file.path) or file.path.endswith(".py"):
            continue
        for number, line in added_lines(file):
            selects = _SELECTS.search(_RUNS_PYTHON_MODULE.sub("", line))
            if selects:
                yield file.path, number, f"it chooses which tests are run: {selects.group().strip(' :=')}"


INSPECTION = Inspection(
    "narrowed-runs",
    "A runner that finds no test, or only the right ones, is green.",
    _find,
)
