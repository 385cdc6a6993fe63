"""Ways in which a planning document gets damaged: by editors, merges, transfers and slips."""

from __future__ import annotations

from hypothesis import strategies as st

JUNK = (
    *("\t", "[", "]", "{", "}", '"', "'", ":", "- ", "? ", "#", "|", ">", "%", "@", "`", ",", "\n"),
    *("*a", "&a ", "!!python/name:os.system ", "<<: *a", "---\n", "...\n", "\n---\n", "\n\t"),
    *("\0", "\x07", "\r", "\r\n", "\x85", "\u2028", "\u2029", "\ufeff", "\ufffe", "\ud800", "é"),
    *("[" * 60, "{a: " * 60, "- " * 60, "[" * 2000, "x" * 2000, '"\\0"', "~", "\\"),
)

ADDING = ("insert", "flip", "repeat line", "indent line", "swap lines")
"""Edits that leave the document's words in it: what they cost must be said."""

KINDS = (*ADDING, "delete line", "cut end")

Edit = tuple[str, float, int, str]
"""Kind, relative position, a small number, and what to insert."""


def edits(kinds: tuple[str, ...] = KINDS, most: int = 4) -> st.SearchStrategy[list[Edit]]:
    """One to ``most`` edits."""
    edit = st.tuples(st.sampled_from(kinds), st.floats(0, 1), st.integers(0, 6), st.sampled_from(JUNK))
    return st.lists(edit, min_size=1, max_size=most)


def slips() -> st.SearchStrategy[list[Edit]]:
    """Edits that leave the words in the document, or take one line out of it."""
    return st.one_of(edits(ADDING), edits(("delete line",), most=1))


def damage(text: str, damages: list[Edit]) -> str:
    """A text after some edits."""
    for edit in damages:
        text = _edit(text or " ", *edit)
    return text


def _edit(text: str, kind: str, where: float, number: int, junk: str) -> str:
    at = int(where * (len(text) - 1))
    lines = text.split("\n")
    row = int(where * (len(lines) - 1))
    match kind:
        case "insert":
            return text[:at] + junk + text[at:]
        case "flip":
            return text[:at] + chr(ord(text[at]) ^ (1 << number)) + text[at + 1 :]
        case "delete line":
            del lines[row]
        case "repeat line":
            lines.insert(row, lines[row])
        case "indent line":
            lines[row] = " " * number + lines[row]
        case "swap lines":
            lines[row], lines[row - 1] = lines[row - 1], lines[row]
        case _:
            return text[:at]
    return "\n".join(lines)
