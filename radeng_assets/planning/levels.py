"""The one vocabulary of levels: what counts as one, in what order, and the probability x impact table."""

from __future__ import annotations

import re
from typing import Literal, get_args

Level = Literal["LOW", "MEDIUM", "HIGH", "CRITICAL"]

LEVELS: tuple[Level, ...] = get_args(Level)
"""From least to worst: the words that the planning documents use for probability, impact, score and severity."""

RANK: dict[Level, int] = {level: number for number, level in enumerate(LEVELS, start=1)}
"""1 for ``LOW`` to 4 for ``CRITICAL``."""

GRAVE: frozenset[Level] = frozenset({"HIGH", "CRITICAL"})
"""What must be answered before production."""

_MARKUP = str.maketrans("", "", "*_`~")
_WORD = "|".join(LEVELS)
# What follows the word must be a remark on it: a second level behind a dash or a "to" is a range instead.
_LEVEL = re.compile(
    rf"({_WORD})(?=$|[ (]|[-–—] )(?! ?(?:[-–—/,] ?|(?:to|or|and) )*(?:{_WORD})\b)",  # noqa: RUF001
    re.IGNORECASE | re.ASCII,
)


def level_of(text: str) -> Level | None:
    """The level that a text states (``**High** (raised in May)`` is ``HIGH``), or ``None``.

    Case, blanks and Markdown emphasis do not matter. The text is the word, or begins with it followed by a blank, a
    bracket or a spaced dash; ``MEDIUM-HIGH``, ``LOW to HIGH`` and ``highest`` are no levels.
    """
    match = _LEVEL.match(" ".join(text.translate(_MARKUP).split()))
    if match is None:
        return None
    word = match.group(1).upper()
    return next(level for level in LEVELS if level == word)


def rank_of(text: str) -> int | None:
    """The rank of the level that a text states; ``None`` for a text that states none."""
    level = level_of(text)
    return None if level is None else RANK[level]


def risk_score(probability: Level, impact: Level) -> Level:
    """The score of a probability and an impact, by the product of their ranks.

    1-2 ``LOW``, 3-4 ``MEDIUM``, 6 ``HIGH``, 8 and above ``CRITICAL``. Our choice and no standard's: the product makes
    it symmetric and monotone in both, and with these limits it agrees with 22 of the 26 scores in the published
    register of rad-engineer-v2 that are levels.
    """
    product = RANK[probability] * RANK[impact]
    if product <= 2:
        return "LOW"
    if product <= 4:
        return "MEDIUM"
    return "HIGH" if product <= 6 else "CRITICAL"
