"""Paths that no honest change has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from radeng_assets.execution.inspection.change import Change, Terms
from radeng_assets.execution.inspection.inspection import Inspection

_GIT = re.compile(r"\.git|git~\d+", re.IGNORECASE)


def _find(change: Change, terms: Terms) -> Iterator[tuple[str, int, str]]:
    del terms
    kept = {path.lower(): path for path in change.base_paths}
    for file in change.files:
        if file.after is None:
            continue
        parts = file.path.split("/")
        if any(_GIT.fullmatch(part.rstrip(". ")) for part in parts):
            yield file.path, 0, "a file system that ignores case or dots takes it for .git"
        if any(part in ("", ".", "..") for part in parts) or "\\" in file.path:
            yield file.path, 0, "its path is another one on other systems"
        if any(ord(character) < 32 or character in "\u202e\u202d\u2066\u2067\u200b" for character in file.path):
            yield file.path, 0, "its name has characters that cannot be seen"
        if file.before is None and kept.get(file.path.lower(), file.path) != file.path:
            yield file.path, 0, f"only case tells it from {kept[file.path.lower()]}"


INSPECTION = Inspection(
    "odd-paths",
    "Names that look like others, or mean others elsewhere, are there to mislead.",
    _find,
    excusable=False,
)
