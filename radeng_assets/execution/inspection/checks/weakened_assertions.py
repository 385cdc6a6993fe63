"""Existing tests that assert less, or something else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from radeng_assets.execution.inspection.change import Change, Terms
from radeng_assets.execution.inspection.existing_tests import existing_tests, moved_tests
from radeng_assets.execution.inspection.inspection import Inspection

_SHOWN = 120


def _find(change: Change, terms: Terms) -> Iterator[tuple[str, int, str]]:
    del terms
    moved = moved_tests(change)
    for pair in existing_tests(change):
        if pair.after is None:
            continue
        for name, assertions in pair.before.tests.items():
            now = pair.after.tests.get(name)
            if now is None:
                continue  # `deleted-tests` says so
            elsewhere = moved.get(name.rpartition(".")[2], now)
            for lost in sorted((assertions - now - elsewhere).elements()):
                yield pair.path, 0, f"{name} no longer asserts {lost[:_SHOWN]}"
        everything = pair.after.assertions | moved.get("", Counter())
        for lost in sorted((pair.before.helpers - everything).elements()):
            yield pair.path, 0, f"it no longer asserts {lost[:_SHOWN]}"


INSPECTION = Inspection(
    "weakened-assertions",
    "An assertion that is taken out, rewritten, made unreachable or whose failure is swallowed guards nothing any "
    "more. A mock in place of the thing under test is beyond this; the base's own tests are run for that.",
    _find,
)
