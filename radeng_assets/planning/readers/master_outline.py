"""Finds the waves and the stories of a master plan by its headings, and the sections of each story.

Plans nest headings as they like (``### Wave 1`` above ``## Story 1`` above ``### Tasks``), so the parts of a story
are told by their names and not by their level alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from radeng_assets.planning.located import Fact
from radeng_assets.planning.markdown_tree import Section, Table, plain
from radeng_assets.planning.readers.markdown_facts import ID, Label
from radeng_assets.planning.readers.markdown_reading import Reading

FIELDS: Mapping[str, Sequence[str]] = {
    "id": ("id", "story id"),
    "points": ("points", "story points", "estimate", "effort"),
    "agent": ("agent", "agent type", "assigned agent", "assignee"),
    "dependencies": ("dependencies", "depends on", "depends", "dependency", "blocked by", "prerequisites"),
    "description": ("description", "goal", "objective", "context", "overview", "user story"),
    "tasks": ("tasks", "task list", "subtasks", "steps", "implementation tasks"),
    "tests": ("tests", "acceptance criteria", "criteria", "success criteria", "definition of done"),
    "verification": ("verification", "verification commands", "validation"),
    "files": ("files", "files to create", "files to modify", "new files", "modified files", "affected files"),
    "assignment": ("wave assignment", "assignment", "wave"),
}
"""The fields of a story, and the labels and headings, in lower case, under which plans state each."""

FIELD = {name: field for field, names in FIELDS.items() for name in names}

_OWN_PARTS = frozenset({"tasks", "tests", "acceptance criteria", "verification", "files", "wave assignment"})
"""Headings that are a story's part even at its own level or above it."""

_TELLING = frozenset({"points", "agent", "dependencies", "tasks", "tests", "assignment"})
"""Fields of which a section with an id in its heading states one, if it is a story."""

_SEPARATOR = r"\s{0,3}[:.)\u2013\u2014-]\s{0,3}"
_WAVE = re.compile(rf"wave\s{{1,3}}#?(?P<number>[0-9]{{1,6}})(?:{_SEPARATOR}.*)?", re.IGNORECASE)
_NUMBERED = re.compile(
    rf"(?:user\s)?story[\s#-]{{0,3}}(?P<number>[0-9]{{1,6}}(?:\.[0-9]{{1,6}}){{0,5}})(?:{_SEPARATOR}(?P<title>.*))?",
    re.IGNORECASE,
)
_BY_ID = re.compile(rf"(?i:story\s{{1,3}})?\[?(?P<id>{ID})\]?(?:{_SEPARATOR}(?P<title>.*))?")
_STORY_ID = re.compile(r".*-S[0-9]+")
_TRACK = re.compile(r".*\btrack\b.*|(?!(?:all|the|user)\b).*\S\s{1,3}stories", re.IGNORECASE)
_PART = re.compile(r"(?:[0-9.]{1,9}[.)]?\s{1,3})?(?P<name>[^(:]{1,60})(?:\([^()]{0,60}\))?:?")


@dataclass(frozen=True, slots=True)
class WaveHeading:
    """A wave's heading: its text without the bracket, its number, the text in the bracket."""

    name: Fact[str]
    number: Fact[int] | None
    bracket: Fact[str] | None


@dataclass(frozen=True, slots=True)
class StoryHeading:
    """What a story's heading says; all of it may be missing."""

    id: Fact[str] | None = None
    number: Fact[str] | None = None
    title: Fact[str] | None = None


@dataclass(frozen=True, slots=True)
class Chapter:
    """A section with what its heading is, and the sections after it that are parts of it, if it is a story."""

    head: Section
    heading: WaveHeading | StoryHeading | None
    parts: tuple[Section, ...] = ()


def chapters(reading: Reading) -> Iterator[Chapter]:
    """The document's sections in order, each story's together."""
    sections = reading.sections
    following = [*sections[1:], None]
    headings = [_heading(reading, section, after) for section, after in zip(sections, following, strict=False)]
    begin = 0
    while begin < len(sections):
        head, heading, end = sections[begin], headings[begin], begin + 1
        if isinstance(heading, StoryHeading):
            seen = {label.name for label in entries(reading, head)}
            while end < len(sections) and headings[end] is None and _belongs(sections[end], head, seen):
                end += 1
        elif heading is None and isinstance(next(iter(headings[end : end + 1]), None), StoryHeading):
            heading = _track(head)
        yield Chapter(head, heading, sections[begin + 1 : end])
        begin = end


def part_name(section: Section) -> str:
    """A heading as the name of a story's part: ``3. Files (new):`` is ``files``. Empty if it has no such form."""
    return _part_name(section.title.value)


@lru_cache(maxsize=1024)  # a long plan has four headings in five in common
def _part_name(title: str) -> str:
    match = _PART.fullmatch(plain(title).lower())
    return match["name"].strip() if match else ""


def entries(reading: Reading, section: Section) -> tuple[Label, ...]:
    """What a section states label by label: in lines, in lists, in a table of attributes."""
    found = list(reading.labels(section))
    for table in section.tables:
        if not reading.is_taken(table.header[0]):
            found.extend(_attributes(table))
    return tuple(found)


def _heading(reading: Reading, section: Section, following: Section | None) -> WaveHeading | StoryHeading | None:
    if not section.level or part_name(section) in FIELD:
        return None
    title = section.title.with_value(plain(section.title.value))
    if match := _WAVE.fullmatch(_split_bracket(title)[0].value):
        return _wave(title, title.with_value(int(match["number"])))
    if match := _NUMBERED.fullmatch(title.value):
        return StoryHeading(None, title.with_value(match["number"]), _text(title, match["title"]))
    stated = {FIELD.get(label.name) for label in entries(reading, section)}
    if match := _BY_ID.fullmatch(title.value):
        has_part = following is not None and part_name(following) in _OWN_PARTS
        if _STORY_ID.fullmatch(match["id"]) or stated & _TELLING or has_part:
            return StoryHeading(title.with_value(match["id"]), None, _text(title, match["title"]))
    if "id" in stated or ("points" in stated and stated & {"agent", "dependencies"}):
        return StoryHeading(title=_text(title, title.value))
    return None


def _text(place: Fact[str], text: str | None) -> Fact[str] | None:
    return place.with_value(text.strip()) if text and text.strip() else None


def _belongs(section: Section, head: Section, seen: set[str]) -> bool:
    """Whether a section that heads no story or wave is a part of the story above it."""
    name = part_name(section)
    if section.level <= head.level and (name not in _OWN_PARTS or name in seen):
        return False
    seen.add(name)
    return True


def _track(head: Section) -> WaveHeading | None:
    """The heading of a named track, right above its first story."""
    title = head.title.with_value(plain(head.title.value))
    if not head.level or not (_TRACK.fullmatch(title.value) or _TRACK.fullmatch(_split_bracket(title)[0].value)):
        return None
    return _wave(title, None)


def _wave(title: Fact[str], number: Fact[int] | None) -> WaveHeading:
    name, bracket = _split_bracket(title)
    return WaveHeading(name, number, bracket)


def _split_bracket(title: Fact[str]) -> tuple[Fact[str], Fact[str] | None]:
    """(text, what the bracket at its end holds)."""
    name, opened, bracket = title.value.removesuffix(")").rpartition("(")
    if not title.value.endswith(")") or not opened or not name.strip():
        return title, None
    return title.with_value(name.strip()), title.with_value(bracket.strip())


def _attributes(table: Table) -> Iterator[Label]:
    """The rows of a table of attributes, or its columns where the header holds the labels."""
    rows = (table.header, *table.rows)
    names = [plain(row[0].value).lower().rstrip(":") for row in rows]
    if len(table.header) == 2 and any(name in FIELD for name in names[1:]):
        for name, row in zip(names, rows, strict=True):
            if row is not table.header or name in FIELD:
                yield Label(name, row[1], (table.header[0], row[0]))
    elif len(table.rows) == 1 and sum(plain(cell.value).lower() in FIELD for cell in table.header) > 1:
        for cell, value in zip(table.header, table.rows[0], strict=True):
            yield Label(plain(cell.value).lower(), value, (cell, value))
