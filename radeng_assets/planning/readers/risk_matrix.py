"""Reads the probability x impact matrix: a drawn grid or a Markdown table.

It is told by the level words of its header. Rows are probabilities, columns impacts. A row may
go on in lines below it whose first cell is empty, up to the next ruled line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from radeng_assets.planning.documents.risk_register import MatrixCell
from radeng_assets.planning.located import Fact
from radeng_assets.planning.markdown_tree import Block, Fence, Table, plain
from radeng_assets.planning.readers.markdown_facts import is_blank, read_ids
from radeng_assets.planning.readers.markdown_reading import Reading

LEVELS = r"very high|very low|critical|severe|extreme|high|major|medium|moderate|low|minor|negligible"
"""Alternatives of a pattern: the words in which risks are graded."""

_LEVEL = re.compile(rf"(?:{LEVELS})", re.IGNORECASE)
_AXIS = re.compile(r"\b(?:impact|consequence|severity|prob(?:ability)?|likelihood)\b[.:]?", re.IGNORECASE)
_SEPARATOR = re.compile(r"[│┃║|]")
_RULE = re.compile(r"[\s\u2500-\u257f|+=:-]*")

Row = tuple[Fact[str], ...]
"""Cells of a line; none for a ruled line."""


def read_matrix(reading: Reading) -> tuple[MatrixCell, ...]:
    """The cells of the document's first matrix that hold something, row by row."""
    for section in reading.sections:
        for block in section.blocks:
            rows = _rows(block)
            for number, row in enumerate(rows[:1] if isinstance(block, Table) else rows):
                if _is_header(row) and not reading.is_taken(row[0]):
                    reading.take(row[0], *_drawing(block, row[0].line))
                    return _cells(reading, row, rows[number + 1 :])
    reading.missing("risk matrix", "Draw the matrix: a column an impact, a row a probability.")
    return ()


def _rows(block: Block) -> tuple[Row, ...]:
    if isinstance(block, Table):
        return (block.header, *block.rows)
    return tuple(_drawn_rows(block)) if isinstance(block, Fence) else ()


def _drawn_rows(grid: Fence) -> Iterator[Row]:
    """Lines of a drawing that have cells. An outer frame on the left is no cell."""
    lines = [line for line in grid.lines if line.value.strip()]
    drawn = [line.value.lstrip() for line in lines if not _RULE.fullmatch(line.value)]
    framed = all(_SEPARATOR.match(text) for text in drawn if _SEPARATOR.search(text))
    for line in lines:
        cells = tuple(line.with_value(cell.strip()) for cell in _SEPARATOR.split(line.value))
        if _RULE.fullmatch(line.value):
            yield ()
        elif len(cells) > 1:
            yield cells[1:] if framed else cells


def _drawing(block: Block, header: int) -> Iterator[Fact[str]]:
    """Lines of a drawing that hold no cells: rules, and captions above the header."""
    for line in block.lines if isinstance(block, Fence) else ():
        if line.line < header or _RULE.fullmatch(line.value):
            yield line


def _is_header(row: Row) -> bool:
    return sum(bool(_LEVEL.fullmatch(_axis(cell))) for cell in row[1:]) > 1


def _axis(cell: Fact[str]) -> str:
    """A row's or column's level: ``HIGH`` for ``HIGH PROB``."""
    words = plain(cell.value)
    return _AXIS.sub("", words).strip(" ()-") or words


def _cells(reading: Reading, header: Row, rows: tuple[Row, ...]) -> tuple[MatrixCell, ...]:
    impacts = [_axis(cell) for cell in header[1:]]
    found: dict[tuple[str, str], list[Fact[str]]] = {}
    probability = ""
    for row in rows:
        if not row or row[0].value:
            probability = _axis(row[0]) if row else ""
        cells = [(at, cell) for at, cell in zip_longest(impacts, row[1:]) if cell and cell.value]
        if not probability or not all(impact for impact, _ in cells):
            continue  # stays untaken: a finding
        reading.take(row[0])
        for impact, cell in cells:
            if not is_blank(cell.value):
                found.setdefault((probability, impact), []).append(cell)
    return tuple(_cell(reading, *at, parts) for at, parts in found.items())


def _cell(reading: Reading, probability: str, impact: str, parts: list[Fact[str]]) -> MatrixCell:
    subject = f"matrix {probability}/{impact}"
    for part in parts:
        if re.sub(r"\b(?:and|or)\b|[\W_]", "", read_ids(part).rest):
            message = f"The matrix cell {part.value[:80]!r} names something that is no risk id."
            reading.report("malformed-id", part, subject, message, "Name risks like R-001.")
    return MatrixCell(
        probability=probability,
        impact=impact,
        text=parts[0].with_value(" ".join(part.value for part in parts)),
        risks=tuple(name for part in parts for name in reading.ids(part, subject)),
    )
