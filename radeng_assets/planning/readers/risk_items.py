"""Reads the risks of a register, by level.

A risk is a section whose heading begins with an id; its facts are the rows of its attribute table,
its ``**Label**: value`` lines, and deeper headings that are labels. Or it is a row of a table that
has an id column and grades.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping

from radeng_assets.planning.documents.risk_register import Risk, RiskSection
from radeng_assets.planning.located import Fact
from radeng_assets.planning.markdown_tree import List, Paragraph, Section, Table, plain
from radeng_assets.planning.readers.markdown_facts import ID, Label
from radeng_assets.planning.readers.markdown_leftovers import stated
from radeng_assets.planning.readers.markdown_reading import Reading, Row
from radeng_assets.planning.readers.risk_matrix import LEVELS

_LABELS: Mapping[str, tuple[str, ...]] = {
    "probability": ("probability", "likelihood"),
    "impact": ("impact", "consequence"),
    "score": ("risk score", "score", "risk rating", "rating", "risk level", "severity"),
    "description": ("description", "risk description"),
    "root_cause": ("root cause", "root causes", "cause"),
    "mitigations": ("mitigation", "mitigations", "mitigation strategy", "mitigation plan"),
    "detection": ("detection", "detection methods", "indicators", "early warning signs"),
    "owner": ("owner", "risk owner"),
    "status": ("status", "risk status"),
}
_FIELD = {label: name for name, labels in _LABELS.items() for label in labels}
_GRADES = ("probability", "impact", "score")
_WORDS = (*_GRADES, "owner", "status")
_PROSE = ("description", "root_cause")
_STEPS = ("mitigations", "detection")
_COLUMNS = {
    "id": ("id", "risk id", "ref"),
    "title": ("risk", "title", "risk title", "name"),
    **_LABELS,
}

LABELS = tuple(_FIELD)
"""Every label, in lower case, that a risk's facts stand under."""

_NUMBER = r"(?:[0-9][0-9.]{0,11}\)?\s+)?"
_HEADING = re.compile(rf"{_NUMBER}(?i:risk\s+)?\[?(?P<id>{ID})\]?[\s:.)|\u2013\u2014-]*(?P<title>.*)")
_RISK_ID = re.compile(r"(?:R|RSK|RISK)-[0-9]+")
_RISK_SERIES = re.compile(r"(?:R|RSK|RISK)-")
_TORN_ID = re.compile(rf"{_NUMBER}\[?(?:R|RSK|RISK)\s?[-\u2013\u2014]\s?\S")
_LEVEL = re.compile(
    rf"{_NUMBER}(?P<level>{LEVELS})(?:[\s-]+(?:priority|severity|level))?(?:\s+risks?\b.*)?",
    re.IGNORECASE,
)

Unit = tuple[Section, ...]
"""A section, with the deeper ones below it whose headings are labels (``#### Mitigation``)."""


def read_risks(reading: Reading) -> tuple[RiskSection, ...]:
    """Risks grouped by the level heading above them; a heading of another kind ends a group."""
    groups: list[tuple[Fact[str], list[Risk]]] = []
    depth = 0
    for unit in _units(reading.sections):
        head = unit[0]
        if heading := _risk_heading(reading, unit):
            risks = (_risk(reading, unit, heading),)
        else:
            if level := _LEVEL.fullmatch(plain(head.title.value)):
                groups.append((head.title.with_value(level["level"]), []))
                depth = head.level
            elif head.level <= depth:
                depth = 0
            risks = tuple(_risk_rows(reading, head))
            _refuse_nameless(reading, unit, among_risks=depth > 0)
        if risks and not depth:
            groups.append((_no_level(reading, risks[0]), []))
            depth = head.level
        if risks:
            groups[-1][1].extend(risks)
    if not any(risks for _, risks in groups):
        reading.missing("risk", "Head each risk by its id: '### R-001: what may go wrong'.")
    return tuple(RiskSection(level=level, risks=tuple(risks)) for level, risks in groups)


def _units(sections: tuple[Section, ...]) -> Iterator[Unit]:
    begin = 0
    for end in range(1, len(sections) + 1):
        part = sections[end] if end < len(sections) else None
        is_part = part is not None and plain(part.title.value).lower() in _FIELD
        if part is None or not is_part or part.level <= sections[begin].level:
            yield sections[begin:end]
            begin = end


def _no_level(reading: Reading, risk: Risk) -> Fact[str]:
    message = f"{risk.id.value} and what follows it stand under no heading that says their level."
    fix = "Put a heading like '## High Risks' above them."
    reading.report("missing-section", risk.id, risk.id.value, message, fix)
    return risk.id.with_value("")


def _risk_heading(reading: Reading, unit: Unit) -> re.Match[str] | None:
    """The heading's id and title, if the unit states a risk."""
    match = _HEADING.fullmatch(plain(unit[0].title.value))
    if match is None or _RISK_ID.fullmatch(match["id"]):
        return match
    is_torn = _RISK_SERIES.match(match["id"])
    return match if not is_torn and _is_graded(_entries(reading, unit)) else None


def _refuse_nameless(reading: Reading, unit: Unit, *, among_risks: bool) -> None:
    """Report a risk without a readable id, and let its blocks be: the finding names them all.

    Grades alone make a risk only among risks: elsewhere they explain how risks are graded.
    """
    title = unit[0].title
    graded = among_risks and _is_graded(_entries(reading, unit))
    if not graded and not _TORN_ID.match(plain(title.value)):
        return
    name = title.value[:80] or "the beginning"
    message = f"{name!r} holds what a risk states, but no id like R-001 begins it; it was not read."
    reading.report("malformed-id", title, name, message, "Begin each risk's heading with its id.")
    for section in unit:
        for block in section.blocks:
            reading.take(*stated(block))


def _is_graded(entries: tuple[Label, ...]) -> bool:
    return len({_FIELD.get(entry.name) for entry in entries} & set(_GRADES)) > 1


def _entries(reading: Reading, unit: Unit) -> tuple[Label, ...]:
    """What a unit states, label by label: lines, attribute tables, headings of its parts."""
    found: list[Label] = []
    for section in unit:
        if section is not unit[0]:
            name = plain(section.title.value).lower()
            body = section.blocks[0] if section.blocks else None
            found.append(Label(name, section.title.with_value(""), (section.title,), body))
        found.extend(reading.labels(section))
        for table in section.tables:
            if not reading.is_taken(table.header[0]):
                found.extend(_table_entries(table))
    return tuple(found)


def _table_entries(table: Table) -> Iterator[Label]:
    """An attribute table's rows, or its columns where the header holds the labels."""
    rows = (table.header, *table.rows)
    if len(table.header) == 2 and any(_name(row[0]) in _FIELD for row in table.rows):
        for row in rows:
            if row is not table.header or _name(row[0]) in _FIELD:
                yield Label(_name(row[0]), row[1], (table.header[0], row[0]))
    elif table.rows:
        for head, cell in zip(table.header, table.rows[0], strict=True):
            yield Label(_name(head), cell, (head, cell))


def _name(cell: Fact[str]) -> str:
    return plain(cell.value).lower().rstrip(":")


def _risk(reading: Reading, unit: Unit, heading: re.Match[str]) -> Risk:
    title = unit[0].title
    subject = heading["id"]
    said: dict[str, Label] = {}
    for section in unit:
        reading.hold_strictly(section)
    for entry in _entries(reading, unit):
        name = _FIELD.get(entry.name)
        if name and name not in said:
            said[name] = entry
            reading.take(*entry.lines)
    texts = {name: _word(reading, said[name], subject) for name in _WORDS if name in said}
    texts |= {name: _prose(reading, said[name], subject) for name in _PROSE if name in said}
    steps = {name: _steps(reading, said[name], subject) for name in _STEPS if name in said}
    _require(reading, title, subject, (*said, "title") if heading["title"] else (*said,))
    return Risk(
        id=title.with_value(subject),
        title=title.with_value(heading["title"]) if heading["title"] else None,
        mitigations=steps.get("mitigations", ()),
        detection=steps.get("detection", ()),
        **texts,
    )


def _word(reading: Reading, entry: Label, subject: str) -> Fact[str] | None:
    """A grade, owner or status, without markup."""
    value = entry.value
    if not value.value and isinstance(entry.body, Paragraph):
        reading.take(*entry.body.lines)
        value = entry.body.lines[0].with_value(" ".join(line.value for line in entry.body.lines))
    return value.with_value(plain(value.value)) if value.value else _empty(reading, entry, subject)


def _prose(reading: Reading, entry: Label, subject: str) -> Fact[str] | None:
    """A text and the paragraph that goes on with it."""
    parts = [entry.value] if entry.value.value else []
    if isinstance(entry.body, Paragraph):
        reading.take(*entry.body.lines)
        parts.extend(entry.body.lines)
    if not parts:
        return _empty(reading, entry, subject)
    return parts[0].with_value(" ".join(part.value for part in parts))


def _steps(reading: Reading, entry: Label, subject: str) -> tuple[Fact[str], ...]:
    """One fact a step: the text on the label's line, and each outermost item of the list below."""
    steps = [entry.value] if entry.value.value else []
    if isinstance(entry.body, List):
        for item in entry.body.items:
            reading.take(item.text)
            if item.depth and steps:
                steps[-1] = steps[-1].with_value(f"{steps[-1].value} {item.text.value}")
            else:
                steps.append(item.text)
    elif isinstance(entry.body, Paragraph):
        reading.take(*entry.body.lines)
        steps.append(entry.body.lines[0].with_value(" ".join(line.value for line in entry.body.lines)))
    if not steps:
        _empty(reading, entry, subject)
    return tuple(steps)


def _empty(reading: Reading, entry: Label, subject: str) -> None:
    message = f"{subject} has the label {entry.name!r}, and nothing under it."
    reading.report("missing-key", entry.lines[-1], subject, message, f"Write its {entry.name}, or drop it.")


def _require(reading: Reading, place: Fact[str], subject: str, said: Container[str]) -> None:
    for name in ("title", *_GRADES):
        if name not in said:
            message = f"{subject} states no {name}."
            reading.report("missing-key", place, subject, message, f"Add its {name}.")


def _risk_rows(reading: Reading, section: Section) -> Iterator[Risk]:
    """The risks of a register in table form."""
    for table in section.tables:
        graded = sum(table.column(*_LABELS[grade]) is not None for grade in _GRADES) > 1
        if graded and table.column(*_COLUMNS["id"]) is not None:
            for row in reading.rows(table, _COLUMNS):
                if risk := _row_risk(reading, row):
                    yield risk


def _row_risk(reading: Reading, row: Row) -> Risk | None:
    place = next(iter(row.values()))
    name = plain(row["id"].value) if "id" in row else ""
    if not re.fullmatch(ID, name):
        message = f"A row's id is {name[:80]!r}, which is no id like R-001; it was not read."
        reading.report("malformed-id", place, name or "risk", message, "Correct the row's id.")
        return None
    _require(reading, place, name, row)
    texts = {key: row[key].with_value(plain(row[key].value)) for key in _WORDS if key in row}
    texts |= {key: row[key] for key in ("title", *_PROSE) if key in row}
    steps = {key: (row[key],) for key in _STEPS if key in row}
    return Risk(
        id=place.with_value(name),
        mitigations=steps.get("mitigations", ()),
        detection=steps.get("detection", ()),
        **texts,
    )
