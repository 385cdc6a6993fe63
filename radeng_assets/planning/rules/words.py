"""When two titles mean the same, and which words a text has. Deterministic, and deliberately lenient.

A plan's second telling of a title is shortened, never rephrased ("Config System" for "Create Centralized
Configuration System"), so a title is the same if one has every word of the other, or most of them.
"""

from __future__ import annotations

import re

from radeng_assets.planning.trace.words import terms

_NUMBER = re.compile(r"(?<![A-Za-z\d])\d+")
_SMALL = frozenset({"add", "create", "implement", "story"})
"""Words that only say that something is to be done."""

_STEM = 4
"""Fewest letters in which one word must begin with the other to count as its short form (config, configuration)."""

ALIKE = 0.5
"""Share of all words that two titles must have in common (Jaccard) where neither has every word of the other."""


def words(text: str) -> frozenset[str]:
    """The words and numbers of a text that mean something: small letters, singular, ``camelCase`` apart."""
    return (frozenset(terms((text,))) - _SMALL).union(_NUMBER.findall(text))


def same_title(one: str, other: str) -> bool:
    """Whether two titles name the same thing. A title without words is the same as any."""
    few, many = sorted((words(one), words(other)), key=len)
    shared = sum(1 for word in few if _among(word, many))
    return shared == len(few) or shared / (len(few) + len(many) - shared) >= ALIKE


def share_a_word(one: str, other: str) -> bool:
    """Whether two texts have a word in common."""
    many = words(other)
    return any(_among(word, many) for word in words(one))


def _among(word: str, others: frozenset[str]) -> bool:
    return word in others or (
        len(word) >= _STEM
        and any(len(other) >= _STEM and (other.startswith(word) or word.startswith(other)) for other in others)
    )
