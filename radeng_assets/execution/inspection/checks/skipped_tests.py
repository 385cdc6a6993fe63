"""Existing tests that no longer count."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.execution.inspection.change import Change, Terms
from radeng_assets.execution.inspection.existing_tests import existing_tests
from radeng_assets.execution.inspection.inspection import Inspection


def _find(change: Change, terms: Terms) -> Iterator[tuple[str, int, str]]:
    del terms
    for pair in existing_tests(change):
        if pair.after is not None:
            for mark in sorted((pair.after.skips - pair.before.skips).elements()):
                yield pair.path, 0, f"it skips or excuses tests that ran before: {mark[:120]}"


INSPECTION = Inspection(
    "skipped-tests",
    "A skipped test and one that is expected to fail look green and prove nothing.",
    _find,
)
