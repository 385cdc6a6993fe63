"""The files that a command left in its worktree, by the globs of its measure."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from radeng_assets.evidence.measures import Measure
from radeng_assets.execution.globs import covered

MOST_BYTES = 64 * 1024 * 1024
"""Over this a file is named and not kept: no report that people read is so large."""

MOST_FILES = 2_000
"""Most files of one measure that are kept; the rest are named."""


def clear(folder: Path, measure: Measure) -> None:
    """Take away what the measure is to leave, so that what is there afterwards was made by its command.

    A report that lies in the commit is somebody's claim.
    """
    for path in _matching(folder, tuple(glob for globs in measure.leaves.values() for glob in globs)):
        path.unlink()


def left(folder: Path, measure: Measure) -> Iterator[tuple[str, str, bytes, int]]:
    """(role, path, bytes, size) of each file; no bytes of one that is too large. Links are no files."""
    kept = 0
    for role, globs in measure.leaves.items():
        for path in _matching(folder, globs):
            size = path.stat().st_size
            kept += 1
            whole = kept <= MOST_FILES and size <= MOST_BYTES
            # What is not kept must not look like an empty file: its size says that something is missing.
            yield role, path.relative_to(folder).as_posix(), path.read_bytes() if whole else b"", max(size, not whole)


def _matching(folder: Path, globs: tuple[str, ...]) -> list[Path]:
    """Plain files below the folder, never through a link."""
    found: list[Path] = []
    for place, folders, files in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if name != ".git")
        for name in sorted(files):
            path = Path(place, name)
            if stat.S_ISREG(path.lstat().st_mode) and covered(path.relative_to(folder).as_posix(), globs):
                found.append(path)
    return found
