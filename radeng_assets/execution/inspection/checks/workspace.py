"""What was done to the workspace itself."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.execution.inspection.change import Change, Terms
from radeng_assets.execution.inspection.inspection import Inspection


def _find(change: Change, terms: Terms) -> Iterator[tuple[str, int, str]]:
    del terms
    for oddity in change.oddities:
        yield "", 0, oddity


INSPECTION = Inspection(
    "workspace",
    "An agent changes files. Commits, branches, hooks and git's own pointers are made by whoever proves the work.",
    _find,
    excusable=False,
)
