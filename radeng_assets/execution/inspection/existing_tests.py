"""Existing tests before and after: the pairs that three inspections compare."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from radeng_assets.execution.inspection.change import LINK, Blob, Change, FileChange
from radeng_assets.execution.inspection.kinds import is_run, is_test
from radeng_assets.execution.inspection.languages.facts import TestFacts, Unreadable, reader_of
from radeng_assets.execution.inspection.languages.rust import MODULE
from radeng_assets.execution.inspection.text import text_of


@dataclass(frozen=True, slots=True)
class Pair:
    """One existing test file: what its tests held, and what they hold now (``None``: not to be read any more)."""

    path: str
    before: TestFacts
    after: TestFacts | None
    why: str = ""


def existing_tests(change: Change) -> Iterator[Pair]:
    """Every changed or deleted test file of the base whose language is read."""
    for file in change.files:
        read = reader_of(file.path)
        if file.before is None or read is None or not _holds_tests(file):
            continue
        try:
            before = read(text_of(file.before))
        except Unreadable:
            continue  # it proved nothing before
        if file.after is None:
            yield Pair(file.path, before, TestFacts())
        elif not _plain(file.after):
            yield Pair(file.path, before, None, "it is no text any more")
        else:
            try:
                yield Pair(file.path, before, read(text_of(file.after)))
            except Unreadable as unreadable:
                yield Pair(file.path, before, None, f"it cannot be read any more ({unreadable})")


def moved_tests(change: Change) -> dict[str, Counter[str]]:
    """Test name (empty: no test's) → assertions, of every new or changed test file: where a test may have gone."""
    found: dict[str, Counter[str]] = {}
    for file in change.files:
        read = reader_of(file.path)
        if file.after is None or read is None or not is_test(file.path) or not is_run(file.path):
            continue
        try:
            after = read(text_of(file.after))
        except Unreadable:
            continue
        for name, assertions in (*after.tests.items(), ("", after.helpers)):
            short = name.rpartition(".")[2]
            found[short] = found.get(short, Counter()) | assertions
    return found


def _holds_tests(file: FileChange) -> bool:
    inside = file.path.endswith(".rs") and file.before is not None and MODULE.encode() in file.before.data
    return inside or is_test(file.path) or file.path.endswith("conftest.py")


def _plain(blob: Blob) -> bool:
    return blob.mode != LINK and blob.whole and b"\0" not in blob.data
