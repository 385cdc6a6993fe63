"""Small facts of a master plan that its stories, waves and trackers have in common."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from radeng_assets.planning.ids import ID_RULE, is_valid_id
from radeng_assets.planning.located import Fact
from radeng_assets.planning.markdown_tree import Fence, plain
from radeng_assets.planning.readers.markdown_facts import ID, is_blank, swallows
from radeng_assets.planning.readers.markdown_reading import Reading

_SHELLS = frozenset({"bash", "sh", "shell", "zsh", "console"})
_MARKDOWN = re.compile(r"#{2,6}\s|\*\*|[-*]\s\[")
_POINTS = re.compile(r"~?(?P<points>[0-9]{1,9})(?:\s{0,3}(?:story\s{1,3})?(?:pts?|points?|sp)\.?)?", re.IGNORECASE)
_NOTE = re.compile(r"\([^()]{0,200}\)")
_BETWEEN = re.compile(r"[,;&]|\band\b")
_PLAIN_ID = re.compile(rf"(?i:story\s)?(?P<id>{ID}|[0-9]{{1,6}}(?:\.[0-9]{{1,6}}){{0,5}})")


def points(reading: Reading, text: Fact[str] | None, subject: str) -> Fact[int] | None:
    """Story points: ``3``, ``3 pts``, ``3 story points``; ``None``, with a finding, for another form."""
    return reading.parsed(text, subject, _parse_points, "a whole number of points")


def _parse_points(text: str) -> int | None:
    match = _POINTS.fullmatch(text.strip())
    return int(match["points"]) if match else None


def dependencies(reading: Reading, text: Fact[str], subject: str) -> Iterator[Fact[str]]:
    """The ids that a list of dependencies names. ``None`` or a dash names none, notes in brackets are left out.

    What is neither an id, nor a range of ids, nor words for none is a finding.
    """
    for part in _BETWEEN.split(_NOTE.sub("", plain(text.value))):
        name = part.strip().rstrip(".")
        if is_blank(name):
            continue
        match = _PLAIN_ID.fullmatch(name)
        ids = (text.with_value(match["id"]),) if match else reading.ids(text.with_value(name), subject)
        if not ids and is_valid_id(name) and "-" in name:
            ids = (text.with_value(name),)
        if not ids:
            message = f"{subject} depends on {name[:80]!r}, which is no id; it was not read."
            reading.report("malformed-id", text, subject, message, f"Write the story's id: {ID_RULE}.")
        yield from ids


def is_shell(fence: Fence, *, unnamed: bool = False) -> bool:
    """Whether a code block holds commands: by its language (``unnamed``: or for want of one).

    One that has Markdown in it lost its closing fence, and is none.
    """
    return (fence.language in _SHELLS or (unnamed and not fence.language)) and not (
        swallows(fence) or any(_MARKDOWN.match(line.value) for line in fence.lines)
    )


def commands(fence: Fence) -> Iterator[Fact[str]]:
    """The commands of a shell block, without prompts and comments; a command may go on over several lines."""
    begun: Fact[str] | None = None
    for line in fence.lines:
        text = _without_comment(line.value)
        command = begun.with_value(f"{begun.value} {text}") if begun else line.with_value(text.removeprefix("$ "))
        begun = command.with_value(command.value[:-1].rstrip()) if text.endswith("\\") else None
        if command.value and not begun:
            yield command
    if begun:
        yield begun


def _without_comment(line: str) -> str:
    """A line up to its ``#`` comment; a ``#`` in quotes or inside a word begins none."""
    if "#" not in line:
        return line.strip()
    quote = ""
    for index, sign in enumerate(line):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign == "#" and (index == 0 or line[index - 1].isspace()):
            return line[:index].strip()
    return line.strip()


def joined(texts: Sequence[Fact[str]]) -> Iterator[Fact[str]]:
    """Texts as one, at the place of the first; nothing for no texts."""
    if len(texts) == 1:
        yield texts[0]
    elif texts:
        yield texts[0].with_value(" ".join(text.value for text in texts))
