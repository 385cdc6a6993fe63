"""Reads a master plan's stories from the chapters that ``master_outline`` finds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeGuard

from radeng_assets.planning.documents.common import ChecklistItem, Task
from radeng_assets.planning.documents.master_plan import MasterStory
from radeng_assets.planning.ids import ID_RULE, is_valid_id
from radeng_assets.planning.located import Fact
from radeng_assets.planning.markdown_tree import Block, Fence, List, Paragraph, Section, plain, tick
from radeng_assets.planning.readers.markdown_facts import is_blank
from radeng_assets.planning.readers.markdown_leftovers import stated
from radeng_assets.planning.readers.markdown_reading import Reading
from radeng_assets.planning.readers.master_outline import (
    FIELD,
    Chapter,
    StoryHeading,
    entries,
    part_name,
)
from radeng_assets.planning.readers.master_values import commands, dependencies, is_shell, joined, points

_ONE_VALUE = frozenset({"id", "points", "agent", "assignment", "description"})
_LISTED = frozenset({"tasks", "tests", "verification", "files"})
_WORDED = frozenset({"id", "points", "agent", "assignment", "dependencies"})
"""Fields that a part may state in a paragraph instead of a list."""

_NUMBER = r"[0-9]{1,6}(?:\.[0-9A-Za-z]{1,6}){0,6}"
_TASK = re.compile(
    rf"(?:(?i:task)\s{{1,3}}(?P<named>[A-Z]{{0,8}}[.-]?{_NUMBER}|[A-Z][A-Z0-9-]{{0,20}}[0-9])"
    rf"|(?P<bare>[A-Z]{{0,4}}[.-]?[0-9]{{1,6}}(?:\.[0-9]{{1,6}}){{1,6}}|T[0-9]{{1,6}}(?=\s{{0,3}}:)))"
    r"(?:\s{0,3}[:.)\u2013\u2014-]?(?:\s+(?P<text>.*))?)"
)
_PATH = re.compile(r"`(?P<path>[^`]{1,500})`(?P<rest>.*)")
_PATHS = re.compile(r"`[^`]{1,500}`(?:\s{0,3},\s{0,3}`[^`]{1,500}`){1,200}")
_ASSIGNED = re.compile(r"(?:\w{1,40}\s)?wave\s[0-9]{1,6}\b", re.IGNORECASE)
_NEW = re.compile(r"\s{0,3}\((?:new|create)\b", re.IGNORECASE)
_NO_PROSE = re.compile(r"\W{0,8}\w[\w ]{0,40}[*_]{0,3}\s?:|[-*+|#<>\[]|[0-9]{1,9}[.)]|```|~~~")
"""How a line begins that may be a label, an item or a table's row, however damaged."""


class _Said:
    """What one chapter says of one story, field by field. Taking a part marks its lines as read."""

    def __init__(self, reading: Reading, chapter: Chapter, subject: str) -> None:
        self.reading = reading
        self.subject = subject
        self.sections = (chapter.head, *chapter.parts)
        self.values: dict[str, list[Fact[str]]] = {}
        self.blocks: dict[str, list[Block]] = {}
        self._names: set[str] = set()
        for section in self.sections:
            reading.hold_strictly(section)
        for unit in _units(self.sections):
            self._add_unit(unit)

    def _add_unit(self, sections: Sequence[Section]) -> None:
        name = part_name(sections[0])
        if sections[0] is not self.sections[0] and name in FIELD:
            blocks = [block for section in sections for block in section.blocks]
            self._add(name, (), blocks)
            return
        for section in sections:
            for entry in entries(self.reading, section):
                value = (entry.value,) if entry.value.value else ()
                body = [entry.body] if entry.body and not (value and FIELD.get(entry.name) not in _LISTED) else []
                if self._add(entry.name, value, body):
                    self.reading.take(*entry.lines)

    def _add(self, name: str, value: Iterable[Fact[str]], blocks: list[Block]) -> bool:
        """Whether a label is taken: the second of two is not, so that it becomes a finding."""
        field = FIELD.get(name)
        if field is None or name in self._names or (field in _ONE_VALUE and field in self.values):
            return False
        self._names.add(name)
        self.values.setdefault(field, []).extend(value)
        self.blocks.setdefault(field, []).extend(blocks)
        return True

    def items(self, field: str, trait: Callable[[Fact[str]], bool] = bool) -> Iterator[Fact[str]]:
        """The texts of a field: beside its label, and its lists' items, an inner item joined to its outer one.

        If the first item of the lists has a trait, those without it are another part's that lost its heading: they
        are left unread.
        """
        yield from self.values.get(field, ())
        lists = [block for block in self.blocks.get(field, ()) if isinstance(block, List)]
        if not lists and field in _WORDED:
            yield from self._text(field)
        demanded = trait if lists and trait(lists[0].items[0].text) else bool
        for block in lists:
            for texts in _outer_items(block):
                if demanded(texts[0]):
                    self.reading.take(*texts)
                    yield from joined(texts)

    def _text(self, field: str) -> Iterator[Fact[str]]:
        for block in self.blocks.get(field, ()):
            if _is_prose(block):
                self.reading.take(*block.lines)
                yield from joined(block.lines)

    def word(self, field: str) -> Fact[str] | None:
        """The one value of a field, without markup."""
        text = next(self.items(field), None)
        value = text.with_value(plain(text.value)) if text else None
        return value if value and value.value else None

    def take_all(self) -> None:
        """Mark everything as read: a finding speaks for the whole story."""
        for section in self.sections:
            for block in section.blocks:
                self.reading.take(*stated(block))

    def release(self) -> None:
        """Let go of the sections that are read to their last line: a long plan's do not fit beside its stories."""
        for section in self.sections:
            if all(self.reading.is_taken(fact) for block in section.blocks for fact in stated(block)):
                section.blocks.clear()


def report_missing_ids(reading: Reading, stories: Sequence[MasterStory]) -> None:
    """A story that goes by its number among stories that state ids has lost its own."""
    if all(story.id == story.number for story in stories):
        return
    for story in stories:
        if story.id == story.number:
            name = f"Story {story.id.value}"
            message = f"{name} states no ID, as other stories do; it is called by its number."
            reading.report("missing-key", story.id, name, message, "Add '**ID**: ...'.")


def report_strays(reading: Reading, strays: Iterable[Fact[str]]) -> None:
    """Stories under no wave heading, in a plan that has some."""
    for story in strays:
        message = f"{story.value} stands under no wave heading."
        fix = "Put it under its wave's heading, or a heading like 'UI Stories (Parallel Track)' above it."
        reading.report("missing-section", story, story.value, message, fix)


def read_story(reading: Reading, chapter: Chapter, heading: StoryHeading) -> MasterStory | None:
    """The story that a chapter states; ``None``, with a finding, for one without a usable id."""
    title = chapter.head.title
    said = _Said(reading, chapter, title.value[:80])
    name = _id(said, heading)
    if name is None:
        said.take_all()
        return None
    said.subject = name.value
    tasks, ticked = _tasks(said)
    files, new_files = _files(said)
    story = MasterStory(
        id=name,
        title=heading.title,
        number=heading.number,
        points=_story_points(said),
        agent=said.word("agent"),
        description=_description(said),
        dependencies=tuple(i for text in said.items("dependencies") for i in dependencies(reading, text, name.value)),
        tasks=tasks,
        ticked_tasks=ticked,
        tests=tuple(_tests(said)),
        verification=tuple(_verification(said)),
        files=files,
        new_files=new_files,
        assignment=said.word("assignment"),
    )
    said.release()
    return story


def _id(said: _Said, heading: StoryHeading) -> Fact[str] | None:
    """The id stated, else the heading's id, else its number; ``None``, with a finding, for none that can be used."""
    stated_id = said.word("id")
    name = stated_id or heading.id or heading.number
    place = name or said.sections[0].title
    if name is None:
        message = f"{said.subject!r} holds what a story states, but no id; it was not read."
        said.reading.report("missing-key", place, said.subject, message, "Add '**ID**: W1-S1'.")
    elif not is_valid_id(name.value):
        message = f"{said.subject!r} has the id {name.value[:80]!r}, which cannot be used; it was not read."
        said.reading.report("malformed-id", place, said.subject, message, f"Correct the id: {ID_RULE}.")
        return None
    elif stated_id and heading.id and stated_id.value != heading.id.value:
        said.reading.wrong(stated_id, said.subject, f"the id in the heading, {heading.id.value}")
    return name


def _story_points(said: _Said) -> Fact[int] | None:
    text = said.word("points")
    if text is None or is_blank(text.value):
        message = f"{said.subject} states no points."
        said.reading.report("missing-key", said.sections[0].title, said.subject, message, "Add '**Points**: 3'.")
    return points(said.reading, text, said.subject)


def _description(said: _Said) -> Fact[str] | None:
    """What stands under such a label or heading, else the loose text below the story's heading."""
    found = list(said.items("description"))
    blocks = said.blocks.get("description", []) if "description" in said.values else said.sections[0].blocks
    for block in blocks:
        if _is_prose(block):
            found.extend(block.lines)
    said.reading.take(*found)
    return next(joined(found), None)


def _is_prose(block: Block) -> TypeGuard[Paragraph]:
    """Whether a block is a paragraph without anything that may be a part of its own (an unclosed comment's lines)."""
    return isinstance(block, Paragraph) and not any(_NO_PROSE.match(line.value) for line in block.lines)


def _tasks(said: _Said) -> tuple[tuple[Task, ...], tuple[Fact[str], ...]]:
    """(tasks, ids of those whose box is ticked)."""
    tasks: list[Task] = []
    ticked: list[Fact[str]] = []
    for item in said.items("tasks", _has_task_id):
        box = tick(item)
        text = box[1] if box else item
        match = _task_id(item)
        name = (match["named"] or match["bare"]) if match else str(len(tasks) + 1)
        rest = match["text"] if match else text.value
        tasks.append(Task(id=text.with_value(name), description=text.with_value(rest.strip()) if rest else None))
        if box and box[0]:
            ticked.append(tasks[-1].id)
    return tuple(tasks), tuple(ticked)


def _task_id(item: Fact[str]) -> re.Match[str] | None:
    box = tick(item)
    return _TASK.fullmatch((box[1] if box else item).value.replace("**", ""))


def _has_task_id(item: Fact[str]) -> bool:
    return _task_id(item) is not None


def _tests(said: _Said) -> Iterator[ChecklistItem]:
    for item in said.items("tests", _has_box):
        box = tick(item)
        yield ChecklistItem(text=box[1], ticked=box[0]) if box else ChecklistItem(text=item)


def _has_box(item: Fact[str]) -> bool:
    return tick(item) is not None


def _verification(said: _Said) -> Iterator[Fact[str]]:
    """The commands in the part's code blocks; where it has none, what its label or its list says."""
    blocks = said.blocks.get("verification", ())
    fences = [block for block in blocks if isinstance(block, Fence) and is_shell(block, unnamed=True)]
    for fence in fences:
        said.reading.take(*fence.lines)
        yield from commands(fence)
    for item in () if fences else said.items("verification"):
        match = _PATH.fullmatch(item.value)
        yield item.with_value(match["path"] if match else item.value)


def _files(said: _Said) -> tuple[tuple[Fact[str], ...], tuple[Fact[str], ...]]:
    """(paths, and lines that are none as written; the paths called new)."""
    files: list[Fact[str]] = []
    new: list[Fact[str]] = []
    for item in said.items("files", _is_no_assignment):
        match = _PATH.fullmatch(item.value)
        if _PATHS.fullmatch(item.value):
            files.extend(item.with_value(path) for path in item.value.split("`")[1::2])
        elif match:
            files.append(item.with_value(match["path"]))
            new.extend([files[-1]] if _NEW.match(match["rest"]) else [])
        else:
            files.append(item)
    return tuple(files), tuple(new)


def _is_no_assignment(item: Fact[str]) -> bool:
    return not _ASSIGNED.match(item.value)


# --- chapters ----------------------------------------------------------------------------------


def _units(sections: Sequence[Section]) -> Iterator[Sequence[Section]]:
    """The head, and each part with the deeper sections under it."""
    begin = 0
    for end, section in enumerate(sections[1:], start=1):
        if not begin or section.level <= sections[begin].level or part_name(section) in FIELD:
            yield sections[begin:end]
            begin = end
    yield sections[begin:]


def _outer_items(block: List) -> Iterator[list[Fact[str]]]:
    """A list's outermost items, and inner ones with a box, each with the texts of the items inside it."""
    texts: list[Fact[str]] = []
    for item in block.items:
        if texts and (not item.depth or tick(item.text)):
            yield texts
            texts = []
        texts.append(item.text)
    yield texts
