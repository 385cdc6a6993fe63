"""Repositories inside the repository."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.execution.inspection.change import GITLINK, Change, Terms
from radeng_assets.execution.inspection.inspection import Inspection


def _find(change: Change, terms: Terms) -> Iterator[tuple[str, int, str]]:
    del terms
    for folder in change.nested:
        yield folder, 0, "it holds a repository of its own, whose content would not be committed"
    for file in change.files:
        if file.after is not None and file.after.mode == GITLINK:
            yield file.path, 0, "it is a link to another repository's commit"
    for folder in _bare(change):
        yield folder, 0, "it looks like a bare repository: git that is run in it does as its configuration says"


def _bare(change: Change) -> Iterator[str]:
    """Folders with new files by which git takes them for a repository (``HEAD``, ``objects/``, ``refs/``)."""
    paths = {file.path for file in change.files if file.before is None and file.after is not None}
    for path in sorted(paths):
        folder, _, name = path.rpartition("/")
        above = f"{folder}/" if folder else ""
        inside = {other.removeprefix(above).split("/")[0] for other in paths if other.startswith(above)}
        if name == "HEAD" and {"objects", "refs"} <= inside:
            yield folder


INSPECTION = Inspection(
    "nested-repository",
    "Git commits a nested repository as a bare link: the files that the tests saw are not in the commit. Its "
    "configuration can also run programs on whoever looks at it.",
    _find,
    excusable=False,
)
