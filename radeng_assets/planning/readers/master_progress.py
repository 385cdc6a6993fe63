"""Reads how a master plan tracks its progress: tables, story trackers, checklists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from radeng_assets.planning.documents.common import ChecklistItem
from radeng_assets.planning.documents.master_plan import Checklist, ProgressRow, ProgressTable, TrackerEntry
from radeng_assets.planning.located import Fact
from radeng_assets.planning.markdown_tree import Fence, List, Section, plain, tick
from radeng_assets.planning.readers.markdown_facts import ID
from radeng_assets.planning.readers.markdown_reading import Columns, Reading, Row
from radeng_assets.planning.readers.master_values import dependencies, points

_COLUMNS: Columns = {
    "wave": ("wave", "waves", "phase", "track"),
    "stories": ("stories", "story count", "# stories"),
    "points": ("points", "story points", "pts"),
    "status": ("status", "state", "progress"),
}
_ENTRY = re.compile(rf"\**(?P<id>{ID})\**\s{{0,3}}[:\u2013\u2014-]\s{{0,3}}(?P<rest>.*)")
_DEPENDS = re.compile(r"(?:^|\s)[\u2013\u2014-]{1,2}\s{1,3}depends(?:\s{1,3}on)?\s{0,3}:?\s{0,3}", re.IGNORECASE)
_SIZE = re.compile(r"(?P<points>.*?(?:pts?|points?|sp)\.?)", re.IGNORECASE)


def read_progress(reading: Reading) -> Iterator[ProgressTable]:
    """Every table that sets waves against points."""
    for section, table in reading.tables(_COLUMNS, "wave", "points"):
        rows = [_row(reading, row, section) for row in reading.rows(table, _COLUMNS)]
        stated = [row for row in rows if row]
        total = next((row for row in stated if row.wave.value.lower().startswith("total")), None)
        yield ProgressTable(title=section.title, rows=tuple(row for row in stated if row is not total), total=total)


def _row(reading: Reading, row: Row, section: Section) -> ProgressRow | None:
    wave = reading.required(row, "wave", section.title.value)
    if wave is None:
        return None
    name = wave.with_value(plain(wave.value))
    status = row.get("status")
    return ProgressRow(
        wave=name,
        stories=reading.count(row.get("stories"), name.value),
        points=points(reading, row.get("points"), name.value),
        status=status and status.with_value(plain(status.value)),
    )


def read_tracker(reading: Reading, sections: Iterable[Section]) -> Iterator[TrackerEntry]:
    """The lines with a tick box and a story's id, in code blocks and in lists."""
    for section in sections:
        for block in section.blocks:
            if isinstance(block, Fence):
                yield from _drawn(reading, block, section)
            elif isinstance(block, List):
                yield from (entry for item in block.items if (entry := _entry(reading, item.text, section)))


def _drawn(reading: Reading, fence: Fence, section: Section) -> Iterator[TrackerEntry]:
    """A code block's entries; a line at the margin names the group of those below it."""
    group: Fact[str] | None = None
    headings: list[Fact[str]] = []
    entries: list[TrackerEntry] = []
    for line in fence.lines:
        text = line.with_value(line.value.strip().removeprefix("- "))
        if entry := _entry(reading, text, section):
            entries.append(entry.model_copy(update={"group": group}))
        elif text.value and line.value[0].isalpha():
            group = text
            headings.append(text)
    if entries:
        reading.take(*headings)
    yield from entries


def _entry(reading: Reading, text: Fact[str], section: Section) -> TrackerEntry | None:
    box = tick(text)
    match = _ENTRY.fullmatch(box[1].value) if box else None
    if box is None or match is None:
        return None
    reading.take(text)
    name = match["id"]
    said, *needs = _DEPENDS.split(match["rest"], maxsplit=1)
    title, size = _split_size(said.strip())
    return TrackerEntry(
        id=text.with_value(name),
        title=text.with_value(title) if title else None,
        points=points(reading, text.with_value(size) if size else None, name),
        dependencies=tuple(i for need in needs for i in dependencies(reading, text.with_value(need), name)),
        ticked=box[0],
        tracker=section.title.value,
    )


def _split_size(text: str) -> tuple[str, str]:
    """(title, points as written) of ``Real agent (8 pts)``."""
    title, opened, size = text.removesuffix(")").rpartition("(")
    if text.endswith(")") and opened and _SIZE.fullmatch(size):
        return title.strip(), size
    return text, ""


def read_checklists(reading: Reading, sections: Iterable[Section]) -> Iterator[Checklist]:
    """The tick boxes of each section that nobody took."""
    for section in sections:
        boxes = [
            (box, item.text)
            for block in section.lists
            for item in block.items
            if not reading.is_taken(item.text) and (box := tick(item.text))
        ]
        reading.take(*(text for _, text in boxes))
        if boxes:
            items = tuple(ChecklistItem(text=text, ticked=ticked) for (ticked, text), _ in boxes)
            yield Checklist(title=section.title, items=items)
