"""File names as texts. To the kernel and to git a name is any bytes; records and logs hold Unicode only."""

from __future__ import annotations

import os


def shown(name: str) -> str:
    """A name that Python read with surrogate escapes, each byte that is no UTF-8 written in hex after a backslash."""
    return os.fsencode(name).decode("utf-8", errors="backslashreplace")
