"""Which paths are tests' or stand beside them."""

from __future__ import annotations

from pathlib import PurePosixPath

from radeng_assets.execution.inspection import kinds


def is_test(path: str) -> bool:
    """Whether a path is a test's or lies in a folder of tests; ``x_tests`` and ``x-tests`` are such folders too."""
    folders = PurePosixPath(path).parts[:-1]
    return kinds.is_test(path) or any(folder.endswith(("_tests", "-tests")) for folder in folders)
