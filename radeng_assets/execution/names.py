"""File names as texts. To the kernel and to git a name is any bytes; records and logs hold Unicode only."""

from __future__ import annotations

import os


def shown(name: str) -> str:
    """A name that Python read with surrogate escapes, as a text that can be printed.

    Each byte that is no UTF-8, and each character that does not show (controls, marks of direction), is written as its
    code after a backslash: an agent chooses names, and a terminal obeys some of them.
    """
    text = os.fsencode(name).decode("utf-8", errors="backslashreplace")
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)
