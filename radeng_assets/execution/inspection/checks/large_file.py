"""Files over the size limit."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.execution.inspection.change import Change, Terms
from radeng_assets.execution.inspection.inspection import Inspection


def _find(change: Change, terms: Terms) -> Iterator[tuple[str, int, str]]:
    for file in change.files:
        if file.after is not None and file.after.size > terms.file_bytes:
            yield file.path, 0, f"it has {file.after.size} bytes; at most {terms.file_bytes} are allowed"


INSPECTION = Inspection(
    "large-file",
    "A build output or a dump in the history stays there for ever, and is too large for anybody to look at.",
    _find,
    excusable=False,
)
