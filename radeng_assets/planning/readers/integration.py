"""Reads INTEGRATION-STATUS.md and INTEGRATION-DEPENDENCIES.md: phases, their status, and what they hold up.

Both belong to another project's session as much as to the plan, so only what is about phases is read, and what
else they say is left alone. A status that is not plainly "complete" counts as open.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from radeng_assets.planning.documents.common import ChecklistItem
from radeng_assets.planning.documents.integration import Blocked, Integration, PhaseStatement
from radeng_assets.planning.findings import Finding
from radeng_assets.planning.located import Fact
from radeng_assets.planning.markdown_tree import Section, plain, tick
from radeng_assets.planning.readers.markdown_facts import is_blank
from radeng_assets.planning.readers.markdown_reading import Columns, Reading, Row
from radeng_assets.planning.source import Source

_STATUS: Columns = {
    "phase": ("phase", "ess phase"),
    "status": ("status", "state"),
    "name": ("component", "name", "title", "phase name"),
    "note": ("verified", "evidence", "notes", "note", "effort", "owner", "updated"),
    "blocks": ("blocks", "blocking", "blocked", "stories", "blocked stories"),
}
_MATRIX: Columns = {
    "what": ("task", "story", "stories", "blocked", "blocked task", "waits", "rad-engineer-v2 task"),
    "phase": ("phase", "ess phase", "needs", "waits for"),
    "blocking": ("blocking?", "blocking", "blocks", "blocks?"),
    "needs": ("depends on", "depends on (ess)", "dependency"),
}
_PHASE = re.compile(
    r"(?:ess\s+)?(?:phase\s{0,3}|p)?(?P<number>[0-9]{1,3})\b(?:\s{0,3}[:.)-]\s*(?P<name>.*))?", re.IGNORECASE
)
_HEADING = re.compile(
    r"(?:ess\s+)?phase\s{1,3}(?P<number>[0-9]{1,3})\b(?:\s{0,3}[:.)-]\s*(?P<name>.*))?", re.IGNORECASE
)
_NUMBERS = re.compile(
    r"(?<!\w)(?:p|phases?\s{0,3})?(?P<first>[0-9]{1,3})(?:\s{0,3}[-\u2013]\s{0,3}(?P<last>[0-9]{1,3}))?\b",
    re.IGNORECASE,
)
_ITEM = re.compile(r"(?P<label>status|blocks)\s{0,3}:\s*(?P<value>.+)", re.IGNORECASE)
_BOX = re.compile(r"\s{0,8}[-*]\s+(?P<box>\[[ xX]\]\s.*)")
_REMARK = r"(?:\s*\([^()]*\))?"
_DONE = re.compile(rf"(?:complete|completed|done){_REMARK}")
_OPEN = re.compile(
    "(?:not started|not complete|pending|planned|ready|started|in progress|ongoing|partial|blocked|failed)" + _REMARK
)
_LONGEST_STATUS = 200
"""In characters: a longer text is a story and no status."""
_BLOCKING = {
    "yes": True,
    "true": True,
    "blocking": True,
    "no": False,
    "false": False,
    "recommended": False,
    "optional": False,
}
_MOST_PHASES = 100
"""Longest range of phases that is spelled out."""


def read_integration(source: Source) -> tuple[Integration, tuple[Finding, ...]]:
    """The document as far as it is about phases, and a finding for what cannot be read of that. Never raises."""
    reading = Reading(source, ())
    phases: list[PhaseStatement] = []
    blocked: list[Blocked] = []
    for _, table in reading.tables(_STATUS, "phase", "status"):
        for row in reading.rows(table, _STATUS):
            _table_row(reading, row, phases, blocked)
    for _, table in reading.tables(_MATRIX, "what", "phase"):
        for row in reading.rows(table, _MATRIX):
            blocked.extend(_matrix_row(reading, row))
    for section in reading.sections:
        _section(reading, section, phases, blocked)
    document = Integration(file=source.file, phases=tuple(phases), blocked=tuple(blocked))
    return document, (*reading.findings, *_differing(phases))


def _table_row(reading: Reading, row: Row, phases: list[PhaseStatement], blocked: list[Blocked]) -> None:
    cell = reading.required(row, "phase", "phases")
    if cell is None:
        return
    match = _PHASE.fullmatch(plain(cell.value))
    if match is None:
        reading.wrong(cell, "phase", "a phase: 'Phase 2: its name', 'P2' or '2'")
        return
    number = cell.with_value(int(match["number"]))
    name = row.get("name") or (cell.with_value(match["name"].strip()) if match["name"] else None)
    phases.append(_statement(reading, number, name, row.get("status")))
    blocks = row.get("blocks")
    if blocks is not None and not is_blank(plain(blocks.value)):
        blocked.append(Blocked(number=number, what=blocks.with_value(plain(blocks.value))))


def _matrix_row(reading: Reading, row: Row) -> Iterator[Blocked]:
    what = reading.required(row, "what", "what waits")
    if what is None or not _blocks(reading, row.get("blocking")):
        return
    cell = row.get("phase")
    numbers = _numbers(plain(cell.value)) if cell else ()
    if not numbers:
        reading.wrong(cell or what, plain(what.value), "a phase: 'Phase 2'")
    for number in numbers:
        yield Blocked(number=(cell or what).with_value(number), what=what.with_value(plain(what.value)))


def _blocks(reading: Reading, cell: Fact[str] | None) -> bool:
    """Whether a row of the matrix holds something up: yes, unless it plainly says no."""
    if cell is None:
        return True
    said = _BLOCKING.get(plain(cell.value).strip(" *.!").lower())
    if said is None:
        reading.wrong(cell, "blocking", "yes or no; it counts as yes")
    return said is not False


def _section(reading: Reading, section: Section, phases: list[PhaseStatement], blocked: list[Blocked]) -> None:
    """A phase under a heading of its own: its status as a label or an item, its checkpoints as tick boxes."""
    match = _HEADING.fullmatch(plain(section.title.value))
    if match is None:
        return
    number = section.title.with_value(int(match["number"]))
    name, _, last = (match["name"] or "").rpartition(" - ")
    said = {"status": section.title.with_value(last)} if _status_word(last) is not None else {}
    name = name if said else match["name"] or ""
    said |= dict(_labelled(reading, section))
    phases.append(
        _statement(
            reading, number, section.title.with_value(name) if name else None, said.get("status"), _boxes(section)
        )
    )
    if "blocks" in said and not is_blank(said["blocks"].value):
        blocked.append(Blocked(number=number, what=said["blocks"]))


def _labelled(reading: Reading, section: Section) -> Iterator[tuple[str, Fact[str]]]:
    for label in reading.labels(section):
        if label.name in ("status", "blocks") and label.value.value:
            yield label.name, label.value.with_value(plain(label.value.value))
    for block in section.lists:
        for item in block.items:
            if match := _ITEM.fullmatch(plain(item.text.value)):
                yield match["label"].lower(), item.text.with_value(match["value"].strip())


def _boxes(section: Section) -> tuple[ChecklistItem, ...]:
    """Tick boxes of the section's lists, and of its code blocks: the published template has them there."""
    lines = [item.text for block in section.lists for item in block.items]
    for fence in section.fences:
        lines += [line.with_value(match["box"]) for line in fence.lines if (match := _BOX.fullmatch(line.value))]
    ticked = (tick(line) for line in lines)
    return tuple(ChecklistItem(text=box[1], ticked=box[0]) for box in ticked if box)


def _statement(
    reading: Reading,
    number: Fact[int],
    name: Fact[str] | None,
    status: Fact[str] | None,
    checkpoints: Iterable[ChecklistItem] = (),
) -> PhaseStatement:
    done = _status_word(status.value) if status else None
    if status is not None and done is None:
        reading.wrong(
            status, f"phase {number.value}", "a status (COMPLETE, IN PROGRESS, NOT STARTED); it counts as open"
        )
    return PhaseStatement(
        number=number,
        name=name.with_value(plain(name.value)) if name else None,
        status=status.with_value(plain(status.value)) if status else None,
        done=done is True,
        checkpoints=tuple(checkpoints),
    )


def _status_word(text: str) -> bool | None:
    """Whether a status says complete; ``None`` for what is no status. Case, markup and pictures do not matter."""
    if len(text) > _LONGEST_STATUS:
        return None
    words = re.sub(r"^[^\w]+|[^\w)]+$", "", plain(text)).lower().replace("_", " ").replace("-", " ")
    if _DONE.fullmatch(words):
        return True
    return False if _OPEN.fullmatch(words) else None


def _differing(phases: Iterable[PhaseStatement]) -> Iterator[Finding]:
    """A phase that is complete in one place and open in another. Parts of a phase have names of their own."""
    first: dict[tuple[int, str], PhaseStatement] = {}
    for one in phases:
        if one.status is None:
            continue
        other = first.setdefault((one.number.value, one.name.value.lower() if one.name else ""), one)
        if other.status and other.done != one.done:
            number = one.number.value
            yield Finding(
                rule="phase-status-differs",
                severity="warning",
                subject=f"phase {number}",
                message=f"Phase {number} is {other.status.value[:80]!r} ({other.status.at}) and "
                f"{one.status.value[:80]!r} ({one.status.at}); it counts as open.",
                at=(other.status.at, one.status.at),
                fix="Correct the one that is out of date.",
            )


def _numbers(text: str) -> tuple[int, ...]:
    """Every phase that a text names, ranges spelled out."""
    found: dict[int, None] = {}
    for match in _NUMBERS.finditer(text):
        first, last = int(match["first"]), int(match["last"] or match["first"])
        found.update(dict.fromkeys(range(first, min(last, first + _MOST_PHASES) + 1)))
    return tuple(found)
