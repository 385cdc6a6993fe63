"""The account of one Markdown document: what a reader took and what it has to say.

A reader takes lines; ``finish()`` turns every line that nobody took into a finding, so nothing
that a document says is dropped in silence (``markdown_leftovers`` tells losses from prose).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal, TypeVar

from radeng_assets.planning.documents.common import Header
from radeng_assets.planning.findings import Finding, Severity
from radeng_assets.planning.located import Fact, Place
from radeng_assets.planning.markdown_tree import List, Section, Table, plain, read_sections
from radeng_assets.planning.readers.markdown_facts import (
    HEADER_LABELS,
    MAX_IDS,
    Label,
    is_blank,
    labels,
    percent,
    read_header,
    read_ids,
    whole_number,
)
from radeng_assets.planning.readers.markdown_leftovers import Account, leftovers, spoken
from radeng_assets.planning.source import Source

Rule = Literal[
    "missing-section",
    "missing-key",
    "wrong-value",
    "malformed-id",
    "unread-block",
    "unread-section",
]

_SEVERITY: Mapping[Rule, Severity] = {
    "missing-section": "warning",
    "missing-key": "error",
    "wrong-value": "error",
    "malformed-id": "error",
    "unread-block": "warning",
    "unread-section": "info",
}
_UNESCAPED_PIPE = re.compile(r"(?<!\\)\|")
_MAX_IDS_IN_DOCUMENT = 100_000
_DELIMITER = re.compile(r":?-+:?")

Columns = Mapping[str, Sequence[str]]
"""A reader's names for columns, and the header cells (lower case) that mean each."""

N = TypeVar("N", int, float)
Row = Mapping[str, Fact[str]]
"""The cells of a table's row that say something, by the reader's names for the columns."""


class Reading:
    """One document while it is read. ``known`` are the labels that the reader understands."""

    def __init__(self, source: Source, known: Sequence[str]) -> None:
        self.file = source.file
        self.sections = read_sections(source)
        self.header: Header
        self.header, self._header_lines = read_header(self.sections)
        self._known = frozenset(known) | frozenset(HEADER_LABELS)
        self._taken: set[int] = set()
        self._strict: set[int] = set()
        self._ids_left = _MAX_IDS_IN_DOCUMENT
        self._findings: list[Finding] = []
        self._labels: dict[int, tuple[Label, ...]] = {}

    # --- taking ---

    def take(self, *facts: Fact[str]) -> None:
        """Mark the facts' lines as read."""
        self._taken.update(fact.line for fact in facts)

    def is_taken(self, fact: Fact[str]) -> bool:
        """Whether the fact's line is read already, by the header's reader or another."""
        return fact.line in self._taken or fact.line in self._header_lines

    def hold_strictly(self, section: Section) -> None:
        """Let any block of this section that stays unread be a loss: it states one item's facts."""
        self._strict.add(section.title.line)

    def labels(self, section: Section) -> Iterator[Label]:
        """The section's labels that nobody took yet."""
        found = self._labels.get(section.title.line)
        if found is None:
            found = self._labels[section.title.line] = labels(section)
        return (label for label in found if not self._spent(label))

    def _spent(self, label: Label) -> bool:
        return any(self.is_taken(line) for line in label.lines)

    def first_list(self, about: re.Pattern[str]) -> tuple[Section, List] | None:
        """The first list under a label, or else under a heading, that ``about`` finds itself in."""
        for section in self.sections:
            for label in self.labels(section):
                if about.search(label.name) and isinstance(label.body, List):
                    self.take(*label.lines)
                    return section, label.body
        for section in self.sections:
            if about.search(plain(section.title.value).lower()):
                for block in section.lists:
                    if not any(self.is_taken(item.text) for item in block.items):
                        return section, block
        return None

    def tables(self, columns: Columns, *needed: str) -> Iterator[tuple[Section, Table]]:
        """Every table not taken yet that has all ``needed`` columns, with its section."""
        for section in self.sections:
            for table in section.tables:
                if not self.is_taken(table.header[0]) and all(
                    table.column(*columns[name]) is not None for name in needed
                ):
                    yield section, table

    def rows_of(self, columns: Columns, *needed: str) -> Iterator[Row]:
        """The rows of the first table of ``tables``."""
        for _, table in self.tables(columns, *needed):
            yield from self.rows(table, columns)
            return

    def rows(self, table: Table, columns: Columns) -> Iterator[Row]:
        """Take a table: one mapping a row, from names in ``columns`` to cells that say something.

        A column that no name means, and a row of another width than the header, are findings.
        """
        named = {name: table.column(*heads) for name, heads in columns.items()}
        self.take(table.header[0])
        self._check_columns(table, set(named.values()))
        for row, raw in zip(table.rows, table.raw, strict=True):
            if "|" not in raw:
                continue  # text that fell in for want of a blank line; untaken, it is a finding
            self.take(row[0])
            if all(_DELIMITER.fullmatch(cell.value) or not cell.value for cell in row):
                continue
            self._check_width(row, raw)
            yield {name: row[index] for name, index in named.items() if index is not None and row[index].value}

    def _check_columns(self, table: Table, read: set[int | None]) -> None:
        for index, cell in enumerate(table.header):
            if index not in read and (cell.value or any(row[index].value for row in table.rows)):
                self.report(
                    "unread-block",
                    cell,
                    cell.value or "table",
                    f"Nothing reads the table's column {cell.value[:80]!r}.",
                    "Name the column as other plans do, or move what it says into the text.",
                )

    def _check_width(self, row: tuple[Fact[str], ...], raw: str) -> None:
        inside = raw.strip().lstrip("> ").removeprefix("|").removesuffix("|")
        width = len(_UNESCAPED_PIPE.findall(inside)) + 1
        if width != len(row):
            self.report(
                "unread-block",
                row[0],
                plain(row[0].value) or "table row",
                f"The table's row has {width} cells, its header {len(row)}.",
                r"Give the row one cell a column; write a pipe inside a cell as \|.",
            )

    # --- values ---

    def count(self, fact: Fact[str] | None, subject: str) -> Fact[int] | None:
        """A whole number; ``None`` where none is stated, with a finding where it is no number."""
        return self.parsed(fact, subject, whole_number, "a whole number")

    def fraction(self, fact: Fact[str] | None, subject: str) -> Fact[float] | None:
        """A percentage as a fraction; ``None`` as for ``count``."""
        return self.parsed(fact, subject, percent, "a percentage")

    def parsed(
        self, fact: Fact[str] | None, subject: str, parse: Callable[[str], N | None], expected: str
    ) -> Fact[N] | None:
        """A fact parsed; ``None`` where it says nothing, with a finding where ``parse`` fails."""
        if fact is None or is_blank(plain(fact.value)):
            return None
        value = parse(plain(fact.value))
        if value is None:
            self.wrong(fact, subject, expected)
            return None
        return fact.with_value(value)

    def required(self, row: Row, column: str, subject: str) -> Fact[str] | None:
        """The cell without which a table's row means nothing; its lack is a finding."""
        cell = row.get(column)
        if cell is None and row:
            message = f"A row of the table of {subject} has no {column}; it was not read."
            self.report("missing-key", next(iter(row.values())), subject, message, f"Write the {column}.")
        return cell

    def ids(self, fact: Fact[str] | None, subject: str) -> tuple[Fact[str], ...]:
        """The ids that a text names; a range that cannot be spelled out is a finding."""
        if fact is None:
            return ()
        ids = read_ids(fact, min(MAX_IDS, self._ids_left))
        self._ids_left -= len(ids.found)
        for text in ids.broken:
            self.report(
                "wrong-value",
                fact,
                subject,
                f"The range {text[:80]!r} cannot be spelled out; only its two ends were read.",
                "Write the range from its first id to its last, of one series.",
            )
        return ids.found

    # --- findings ---

    def report(self, rule: Rule, where: Fact[str], subject: str, message: str, fix: str) -> None:
        """Record a finding at a fact's line, at its rule's severity."""
        self._findings.append(
            Finding(
                rule=rule,
                severity=_SEVERITY[rule],
                subject=subject[:200] or self.file,
                message=message,
                at=(where.at,),
                fix=fix,
            )
        )

    def wrong(self, fact: Fact[str], subject: str, expected: str) -> None:
        """Record that a fact has not the form expected."""
        message = f"{subject[:80]}: {fact.value[:80]!r} is not {expected}; it was not read."
        self.report("wrong-value", fact, subject, message, f"Write {expected}.")

    def missing(self, what: str, fix: str) -> None:
        """Record that the document as a whole lacks something."""
        self._findings.append(
            Finding(
                rule="missing-section",
                severity=_SEVERITY["missing-section"],
                subject=what,
                message=f"{self.file} states no {what} in a form that can be read.",
                at=(Place(self.file),),
                fix=fix,
            )
        )

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding so far, without those on what nobody took: for a document that is not the plan's own."""
        return tuple(self._findings)

    def finish(self) -> tuple[Finding, ...]:
        """Every finding, with those on what nobody took."""
        for section in self.sections:
            self._report_leftovers(section)
        return self.findings

    def _report_leftovers(self, section: Section) -> None:
        title = section.title.value[:80] or "the beginning"
        account = Account(
            read=self._taken,
            header=self._header_lines,
            known=self._known,
            strict=section.title.line in self._strict,
        )
        losses, prose = leftovers(section, account)
        for kind, lines in losses:
            self.report(
                "unread-block",
                lines[0],
                title,
                f"Nothing reads the {kind} on {spoken(lines)} of {title!r}.",
                f"Correct the {kind}'s form or the label above it, or drop what is there twice.",
            )
        if prose:
            self.report(
                "unread-section",
                section.title,
                title,
                f"{title!r} has text that states no fact of this document: {spoken(prose)}.",
                "Nothing, if it is prose; else put the fact where other plans have it.",
            )
