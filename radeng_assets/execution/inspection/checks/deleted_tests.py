"""Existing tests that are gone."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.execution.inspection.change import Change, Terms
from radeng_assets.execution.inspection.existing_tests import existing_tests, moved_tests
from radeng_assets.execution.inspection.inspection import Inspection
from radeng_assets.execution.inspection.kinds import is_test
from radeng_assets.execution.inspection.languages.facts import reader_of


def _find(change: Change, terms: Terms) -> Iterator[tuple[str, int, str]]:
    del terms
    moved = moved_tests(change)
    for pair in existing_tests(change):
        if pair.after is None:
            yield pair.path, 0, pair.why
            continue
        for name, assertions in pair.before.tests.items():
            if name in pair.after.tests:
                continue
            elsewhere = moved.get(name.rpartition(".")[2])
            if elsewhere is None or assertions - elsewhere:
                yield pair.path, 0, f"its test {name} is gone"
    for file in change.files:
        unread = reader_of(file.path) is None
        if file.before is not None and unread and is_test(file.path) and (file.after is None or not file.after.size):
            yield file.path, 0, "it is gone or empty, and it lies among the tests"


INSPECTION = Inspection(
    "deleted-tests",
    "A test that fails is not mended by deleting it. One that moves with its assertions is not gone.",
    _find,
)
