"""Symbolic links that leave the tree."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from radeng_assets.execution.inspection.change import LINK, Change, Terms
from radeng_assets.execution.inspection.inspection import Inspection
from radeng_assets.execution.inspection.kinds import is_test


def _find(change: Change, terms: Terms) -> Iterator[tuple[str, int, str]]:
    del terms
    links = {file.path for file in change.files if file.after is not None and file.after.mode == LINK}
    for file in change.files:
        if file.after is None or file.after.mode != LINK:
            continue
        goal = file.after.data.decode("utf-8", errors="replace")
        place = posixpath.normpath(posixpath.join(posixpath.dirname(file.path), goal))
        if goal.startswith("/") or place == ".." or place.startswith("../") or "\0" in goal:
            yield file.path, 0, f"it links to {goal[:120]!r}, outside the repository"
        elif ".git" in (part.lower() for part in place.split("/")):
            yield file.path, 0, "it links into .git"
        elif any(place.startswith(f"{other}/") for other in links):
            yield file.path, 0, "it links through another link, so where it leads cannot be told"
        elif file.before is not None and file.before.mode != LINK and is_test(file.path):
            yield file.path, 0, "a test became a link"


INSPECTION = Inspection(
    "escaping-link",
    "A link out of the tree lets whoever follows it read or write what is not the repository's.",
    _find,
    excusable=False,
)
