"""Whole numbers as reports write them."""

from __future__ import annotations

import re

MAX = 2**53 - 1
"""Largest number that is read: beyond it JSON is not exact, and no line was run that often."""

_DIGITS = re.compile(r"[0-9]{1,16}")


def natural(value: object) -> int | None:
    """A whole number from 0 to ``MAX``, given as number or as its digits; ``None`` for anything else."""
    if isinstance(value, str):
        value = int(value) if _DIGITS.fullmatch(value) else None
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX:
        return value
    return None
