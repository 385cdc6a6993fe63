"""Paths that no honest change has."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from radeng_assets.execution.inspection.change import Change, Terms
from radeng_assets.execution.inspection.inspection import Inspection

_GIT = re.compile(r"\.git|git~\d+", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_LONGEST = 1000
_HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
"""Unicode categories that show nothing, or (Cs, as Python reads it) bytes that are no text."""
_ALIKE = ("LATIN", "CYRILLIC", "GREEK")
"""Scripts with letters that look the same."""


def _find(change: Change, terms: Terms) -> Iterator[tuple[str, int, str]]:
    del terms
    kept = {_folded(path): path for path in change.base_paths}
    for file in change.files:
        if file.after is None:
            continue
        parts = file.path.split("/")
        if any(_GIT.fullmatch(part.rstrip(". ")) for part in parts):
            yield file.path, 0, "a file system that ignores case or dots takes it for .git"
        if "\\" in file.path or any(part in ("", ".", "..") or part != part.strip().rstrip(".") for part in parts):
            yield file.path, 0, "its path is another one on other systems"
        if any(unicodedata.category(character) in _HIDDEN for character in file.path):
            yield file.path, 0, "its name has characters that cannot be seen"
        if any(len(_scripts(word)) > 1 for word in _WORD.findall(file.path)):
            yield file.path, 0, "a word of its name has letters of two alphabets that look alike"
        if len(file.path) > _LONGEST:
            yield file.path[:_LONGEST], 0, f"its path has {len(file.path)} characters"
        if file.before is None and kept.get(_folded(file.path), file.path) != file.path:
            yield file.path, 0, f"only case or spelling tells it from {kept[_folded(file.path)]}"


def _folded(path: str) -> str:
    return unicodedata.normalize("NFKC", path).casefold()


def _scripts(word: str) -> set[str]:
    names = {unicodedata.name(character, "").partition(" ")[0] for character in word if ord(character) > 127}
    return {name for name in _ALIKE if name in names} | ({"LATIN"} if re.search("[A-Za-z]", word) else set())


INSPECTION = Inspection(
    "odd-paths",
    "Names that look like others, or mean others elsewhere, are there to mislead.",
    _find,
    excusable=False,
)
