"""Words that programmers use for the same thing: a question says the one, the code says the other.

They stand in ``synonyms.txt``: general words of the trade only, none of any project's own. A group is one line; a
word may stand in several.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

_ENDINGS = ("", "s", "es", "d", "ed", "ing", "ion")


@cache
def _synonyms() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for group in files("radeng_assets.ess.index").joinpath("synonyms.txt").read_text(encoding="utf-8").splitlines():
        words = group.split()
        for word in words:
            found[word] = (*found.get(word, ()), *(other for other in words if other != word))
    return found


def synonyms_of(word: str) -> tuple[str, ...]:
    """Other words for a word, which may have an ending; none for most words."""
    known = _synonyms()
    for ending in _ENDINGS:
        if word.endswith(ending):
            stem = word.removesuffix(ending) if ending else word
            for form in (stem, f"{stem}e"):
                if form in known:
                    return known[form]
    return ()
