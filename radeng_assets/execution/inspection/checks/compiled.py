"""Compiled files, which nobody can read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from radeng_assets.execution.inspection.change import Change, Terms
from radeng_assets.execution.inspection.inspection import Inspection

_COMPILED = re.compile(
    r"(?:.*/)?__pycache__/.*|.*\.(?:pyc|pyo|pyd|so|so\.[\d.]+|dll|dylib|class|jar|war|o|a|lib|exe|node|egg|whl|beam)",
    re.IGNORECASE | re.DOTALL,
)


def _find(change: Change, terms: Terms) -> Iterator[tuple[str, int, str]]:
    for file in change.files:
        if file.after is not None and _COMPILED.fullmatch(file.path) and file.path not in terms.scope:
            yield file.path, 0, "it is compiled: what runs cannot be told from any source"


INSPECTION = Inspection(
    "compiled",
    "A cached or compiled module may be run in place of its source (Python's unchecked .pyc is), so that the test "
    "that is read is not the test that runs.",
    _find,
)
