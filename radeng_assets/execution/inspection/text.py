"""The text of a changed file, whatever its bytes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from radeng_assets.execution.inspection.change import LINK, Blob, FileChange


def lines_of(blob: Blob | None) -> tuple[str, ...]:
    """The lines of a file; none for a missing, binary or linked one. Bytes that are no UTF-8 are replaced."""
    if blob is None or blob.mode == LINK or b"\0" in blob.data:
        return ()
    return tuple(blob.data.decode("utf-8", errors="replace").splitlines())


def text_of(blob: Blob | None) -> str:
    """The same as one text."""
    return "\n".join(lines_of(blob))


def added_lines(file: FileChange) -> Iterator[tuple[int, str]]:
    """(number, line) of each line that the result has more often than the base."""
    left = Counter(line.strip() for line in lines_of(file.before))
    for number, line in enumerate(lines_of(file.after), start=1):
        plain = line.strip()
        if left[plain] > 0:
            left[plain] -= 1
        else:
            yield number, line
