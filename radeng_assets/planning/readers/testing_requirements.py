"""Reads TESTING-REQUIREMENTS.md: coverage, OWASP items, load criteria, test cases, commands."""

from __future__ import annotations

import re
from collections.abc import Iterator

from radeng_assets.planning.documents.testing_requirements import (
    CoverageGate,
    CoverageTarget,
    EffortShare,
    ModuleCoverage,
    OwaspItem,
    Prerequisite,
    TestCase,
    TestCommand,
    TestFile,
    TestingRequirements,
)
from radeng_assets.planning.findings import Finding
from radeng_assets.planning.located import Fact
from radeng_assets.planning.markdown_tree import Fence, List, Section, Table, plain
from radeng_assets.planning.readers.load_criteria import read_load_criteria
from radeng_assets.planning.readers.markdown_facts import split_label, swallows, unquoted
from radeng_assets.planning.readers.markdown_reading import Columns, Reading, Row
from radeng_assets.planning.source import Source

_FILE_LABELS = ("file", "files", "test file", "test files")
_NEED_LABELS = ("prerequisites", "prerequisite", "requires")
_KNOWN = (*_FILE_LABELS, *_NEED_LABELS, "coverage targets", "success criteria")
_TARGETS = re.compile(r"\bcoverage targets?\b")
_MODULES: Columns = {
    "module": ("module", "handler", "component", "package", "area"),
    "current": ("current", "current coverage", "coverage", "actual"),
    "target": ("target", "target coverage", "minimum", "required"),
    "priority": ("priority",),
}
_OWASP: Columns = {
    "name": ("vulnerability", "owasp", "owasp item", "risk", "category"),
    "test": ("test", "test approach", "verification"),
    "status": ("status",),
}
_CASE_NAMES = ("test case", "test", "scenario", "case", "test cases")
_DESCRIPTIONS = ("description", "expected", "expected result")
_SHELLS = frozenset({"bash", "sh", "shell", "zsh", "console"})

_OWASP_ID = re.compile(r"(?P<id>[A-Z]{1,5}[0-9]{2})\b[\s:\u2013\u2014-]*(?P<name>.*)")
_EFFORT = re.compile(r"(?:[0-9.]{1,9}\s+)?(?P<name>[^()]{1,120}?)\s*\((?P<share>[^()]{1,40}effort)\)")
_GATE = re.compile(r"\"?\b(?P<metric>lines|functions|branches|statements)\b\"?\s{0,3}:\s{0,3}(?P<number>[0-9]{1,3})\b")


def read_testing_requirements(source: Source) -> tuple[TestingRequirements, tuple[Finding, ...]]:
    """The requirements as far as they can be read, and a finding for each loss. Never raises."""
    reading = Reading(source, _KNOWN)
    requirements = TestingRequirements(
        file=source.file,
        header=reading.header,
        targets=_targets(reading),
        modules=tuple(_modules(reading)),
        owasp=tuple(_owasp(reading)),
        load=read_load_criteria(reading),
        cases=tuple(_cases(reading)),
        files=tuple(_files(reading)),
        effort=tuple(_effort(reading)),
        gates=tuple(_gates(reading)),
        commands=tuple(_commands(reading)),
        prerequisites=tuple(_prerequisites(reading)),
    )
    _report_missing(reading, requirements)
    return requirements, reading.finish()


def _report_missing(reading: Reading, found: TestingRequirements) -> None:
    if not found.targets:
        reading.missing("coverage target", "List them: '**Coverage Targets**:', '- Unit: >= 80%'.")
    if not found.modules:
        reading.missing("coverage table", "Add a table: Module, Current, Target, Priority.")
    if not found.owasp:
        reading.missing("OWASP table", "Add a table: Vulnerability (LLM01: ...), Test, Status.")
    if not found.load:
        reading.missing("load criterion", "List them: '- 10 agents: < 1% error rate, < 5s p99'.")
    if not found.cases:
        reading.missing("test case", "Add tables: Test Case, Description, Priority.")


# --- coverage ----------------------------------------------------------------------------------


def _targets(reading: Reading) -> tuple[CoverageTarget, ...]:
    found: list[CoverageTarget] = []
    listed = reading.first_list(_TARGETS)
    for item in listed[1].items if listed else ():
        if said := split_label(item.text):
            name, text = said
            reading.take(item.text)
            minimum = reading.fraction(text, name.value)
            found.append(CoverageTarget(name=name, text=text, minimum=minimum))
    return tuple(found)


def _modules(reading: Reading) -> Iterator[ModuleCoverage]:
    for section, table in reading.tables(_MODULES, "module", "target"):
        for row in reading.rows(table, _MODULES):
            if module := reading.required(row, "module", "module coverage"):
                yield ModuleCoverage(
                    module=module.with_value(unquoted(module.value)),
                    section=section.title.value,
                    current=reading.fraction(row.get("current"), module.value),
                    target=reading.fraction(row.get("target"), module.value),
                    priority=row.get("priority"),
                )


def _gates(reading: Reading) -> Iterator[CoverageGate]:
    lines = (line for _, fence in _fences(reading) for line in fence.lines)
    for line in lines:
        if "threshold" in line.value.lower():
            for match in _GATE.finditer(line.value):
                yield CoverageGate(
                    metric=line.with_value(match["metric"]),
                    minimum=line.with_value(int(match["number"]) / 100),
                )


def _effort(reading: Reading) -> Iterator[EffortShare]:
    for section in reading.sections:
        if match := _EFFORT.fullmatch(plain(section.title.value)):
            name = section.title.with_value(match["name"])
            share = section.title.with_value(match["share"])
            yield EffortShare(name=name, fraction=reading.fraction(share, name.value))


# --- security ----------------------------------------------------------------------------------


def _owasp(reading: Reading) -> Iterator[OwaspItem]:
    for _, table in reading.tables(_OWASP, "name", "test"):
        column = table.column(*_OWASP["name"]) or 0
        if table.column("vulnerability") is not None or any(
            _OWASP_ID.match(plain(row[column].value)) for row in table.rows
        ):
            for row in reading.rows(table, _OWASP):
                if item := _owasp_item(reading, row):
                    yield item


def _owasp_item(reading: Reading, row: Row) -> OwaspItem | None:
    cell = reading.required(row, "name", "OWASP items")
    match = _OWASP_ID.fullmatch(plain(cell.value)) if cell else None
    if cell is None:
        return None
    if match is None:
        message = f"{cell.value[:80]!r} begins with no id like LLM01; the row was not read."
        reading.report("malformed-id", cell, cell.value, message, "Write 'LLM01: its name'.")
        return None
    return OwaspItem(
        id=cell.with_value(match["id"]),
        name=cell.with_value(match["name"]),
        test=row.get("test"),
        status=row.get("status"),
    )


# --- test cases, files, commands ---------------------------------------------------------------


def _cases(reading: Reading) -> Iterator[TestCase]:
    for section, table in reading.tables({}):
        if columns := _case_columns(table):
            for row in reading.rows(table, columns):
                if name := reading.required(row, "name", "test cases"):
                    yield TestCase(
                        name=name,
                        section=section.title,
                        description=row.get("description"),
                        note_kind=plain(table.header[-1].value) if "note" in columns else "",
                        note=row.get("note"),
                    )


def _case_columns(table: Table) -> Columns | None:
    """Names for a test-case table's columns; ``None`` for a table of another kind.

    Where ``Test Cases`` is not the first column, it describes what the first one names.
    """
    heads = [plain(cell.value).lower() for cell in table.header]
    described = "test cases" in heads[1:]
    name = heads[0] if described else next((head for head in heads if head in _CASE_NAMES), None)
    if not name:
        return None
    columns = {"name": (name,), "description": ("test cases",) if described else _DESCRIPTIONS}
    if heads[-1] not in {name, *columns["description"]}:
        columns["note"] = (heads[-1],)
    return columns


def _files(reading: Reading) -> Iterator[TestFile]:
    for section, text in _labelled(reading, _FILE_LABELS):
        for path in re.findall(r"`([^`]+)`", text.value) or text.value.split(","):
            if path.strip():
                yield TestFile(path=text.with_value(path.strip()), section=section.title)


def _prerequisites(reading: Reading) -> Iterator[Prerequisite]:
    for section, text in _labelled(reading, _NEED_LABELS):
        yield Prerequisite(text=text, section=section.title)


def _labelled(reading: Reading, names: tuple[str, ...]) -> Iterator[tuple[Section, Fact[str]]]:
    """What stands beside and below the labels ``names`` of every section."""
    for section in reading.sections:
        for label in reading.labels(section):
            if label.name not in names:
                continue
            reading.take(*label.lines)
            texts = [label.value] if label.value.value else []
            if not texts and isinstance(label.body, List):
                texts = [item.text for item in label.body.items]
            reading.take(*texts)
            yield from ((section, text) for text in texts)
            if not texts:
                message = f"The label {label.name!r} has nothing beside or below it."
                reading.report("missing-key", label.lines[0], section.title.value, message, "Complete it.")


def _commands(reading: Reading) -> Iterator[TestCommand]:
    for section, fence in _fences(reading):
        if fence.language not in _SHELLS or swallows(fence):
            continue
        reading.take(*fence.lines)
        purpose: Fact[str] | None = None
        for line in fence.lines:
            text = line.value.strip()
            if text.startswith("#"):
                purpose = line.with_value(text.lstrip("# "))
            elif text:
                command = line.with_value(text.removeprefix("$ "))
                yield TestCommand(command=command, section=section.title, purpose=purpose)
            else:
                purpose = None


def _fences(reading: Reading) -> Iterator[tuple[Section, Fence]]:
    return ((section, fence) for section in reading.sections for fence in section.fences)
