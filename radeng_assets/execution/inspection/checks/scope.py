"""Files outside what the story declares."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from radeng_assets.execution.globs import covered
from radeng_assets.execution.inspection.change import Change, Terms
from radeng_assets.execution.inspection.inspection import Inspection
from radeng_assets.execution.inspection.kinds import is_test
from radeng_assets.execution.setup import LOCK_FILES


def _find(change: Change, terms: Terms) -> Iterator[tuple[str, int, str]]:
    for file in change.files:
        free = is_test(file.path) or PurePosixPath(file.path).name in LOCK_FILES
        if not free and not covered(file.path, terms.scope):
            yield file.path, 0, "it is outside the story's scope (declared files, tests, lock files)"


INSPECTION = Inspection(
    "scope",
    "A story says which files it changes. What it changes beside them nobody planned, nobody expects and no criterion "
    "covers.",
    _find,
)
