"""When two declared paths mean the same file. Paths of a plan may be globs."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

_PATH = re.compile(r"[^\s`]*[./*][^\s`]*")
_GLOB = re.compile(r"[*?\[]")


def is_path(text: str) -> bool:
    """Whether a line of a files list is a path and no prose."""
    return _PATH.fullmatch(text) is not None


def is_glob(path: str) -> bool:
    """Whether a path stands for several."""
    return _GLOB.search(path) is not None


def meet(one: str, other: str) -> bool:
    """Whether two paths or globs have a file in common. Two globs do only where one matches the other's text."""
    return one == other or fnmatchcase(one, other) or fnmatchcase(other, one)


def ends_like(path: str, tail: str) -> bool:
    """Whether a path, or a file that it matches, is ``tail`` below some folder (``test/a.ts`` of ``app/test/a.ts``)."""
    return meet(path, tail) or meet(path, f"*/{tail}")
