"""What a broken YAML document still says.

It is taken apart by indentation, and everything that parses alone is kept, so that one slip in the
last block does not lose the file. What is lost is named by its lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml

from radeng_assets.planning.findings import Finding
from radeng_assets.planning.located import Place
from radeng_assets.planning.yaml_compose import MAX_DEPTH, compose, duplicate_key
from radeng_assets.planning.yaml_nodes import Entry, Mapping, Node, Scalar, Sequence

_MARKER = re.compile(r"\A---[ \t]*")

_NAMED = 20
"""Most ranges of lost lines that a message names one by one."""


def salvage(text: str, file: str, first_line: int, error: yaml.YAMLError, findings: list[Finding]) -> Node | None:
    """The readable part of a document that ``error`` broke.

    One finding says where it broke and which lines are lost.
    """
    salvager = _Salvager(file, findings)
    whole = _Piece(first_line, _MARKER.sub("   ", text, count=1).split("\n"))
    node = salvager.read(whole, 0)
    # libyaml reports what is left open on the line after the last.
    places = [min(first_line + row, whole.lines[1]) for row in _rows(error, text)]
    findings.append(
        Finding(
            rule="yaml-broken",
            severity="error",
            subject=file,
            message=f"The document that starts at line {first_line} is not valid YAML: "
            f"{_problem(error)} (line {places[0]}). {_in_words(salvager.lost)}",
            at=tuple(Place(file, line) for line in dict.fromkeys(places)),
            fix="Mend the YAML at the first line named; a block holds either list items or keys, not both.",
        )
    )
    return node


def _problem(error: yaml.YAMLError) -> str:
    problem = getattr(error, "problem", None) or getattr(error, "reason", None)
    return str(problem or "unreadable")


def _rows(error: yaml.YAMLError, text: str) -> list[int]:
    """Where the problem is and where its context starts, in lines from 0."""
    if isinstance(error, yaml.MarkedYAMLError):
        marks = (error.problem_mark, error.context_mark)
        return [int(mark.line) for mark in marks if mark is not None] or [0]
    before = text.encode()[: int(getattr(error, "position", 0))]
    return [before.count(b"\n")]


def _in_words(lost: list[tuple[int, int]]) -> str:
    if not lost:
        return "Taken apart by indentation, every line of it could still be read."
    ranges: list[tuple[int, int]] = []
    for first, last in sorted(lost):
        if ranges and first <= ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], max(last, ranges[-1][1]))
        else:
            ranges.append((first, last))
    named = ", ".join(f"line {a}" if a == b else f"lines {a}-{b}" for a, b in ranges[:_NAMED])
    more = len(ranges) - _NAMED
    rest = f" and {more} more places up to line {ranges[-1][1]}" if more > 0 else ""
    return f"Lost: {named}{rest}."


@dataclass(frozen=True, slots=True)
class _Piece:
    """Consecutive lines of a document: ``key: …`` or ``- …`` with what hangs on it."""

    line: int
    rows: list[str]

    @property
    def lines(self) -> tuple[int, int]:
        """The first line, and the last that is not blank."""
        blank = next((n for n, row in enumerate(reversed(self.rows)) if row.strip()), 0)
        return self.line, self.line + len(self.rows) - 1 - blank


class _Salvager:
    """Reads pieces of one document; ``lost`` collects the lines (first, last) of what it cannot."""

    def __init__(self, file: str, findings: list[Finding]) -> None:
        self.lost: list[tuple[int, int]] = []
        self._file = file
        self._findings = findings

    def read(self, piece: _Piece, depth: int) -> Node | None:
        """The tree of a piece: composed whole if it parses, else from the parts one level in."""
        try:
            return compose("\n".join(piece.rows), self._file, piece.line, self._findings)
        except yaml.YAMLError:
            pass
        parts = _cut(piece) if depth < MAX_DEPTH else ()
        if len(parts) > 1:
            nodes = [(part, self.read(part, depth + 1)) for part in parts]
            return self._join(nodes, parts[0].line)
        node = self._read_one(parts[0], depth) if parts else None
        if node is None:
            self.lost.append((parts[0] if parts else piece).lines)
        return node

    def _read_one(self, piece: _Piece, depth: int) -> Node | None:
        """``key:`` or ``- `` whose inside is read for itself; else what the first line says."""
        head, body = piece.rows[0], piece.rows[1:]
        if _ITEM.match(head):
            inside = _Piece(piece.line, [_ITEM.sub(r"\1 ", head), *body])
            value = self.read(inside, depth + 1)
            return None if value is None else Sequence((value,), piece.line)
        key = _key_of(head)
        if not any(row.strip() for row in body):
            return None
        if key is not None:
            value = self.read(_Piece(piece.line + 1, body), depth + 1)
            if value is None:
                return None
            return Mapping((Entry(Scalar(key, piece.line, True), value),), piece.line)
        return self._head_alone(head, piece)

    def _head_alone(self, head: str, piece: _Piece) -> Node | None:
        try:
            node = compose(head, self._file, piece.line, self._findings)
        except yaml.YAMLError:
            return None
        if not isinstance(node, Mapping) or any(
            isinstance(entry.value, Scalar) and not entry.value.text for entry in node.entries
        ):
            return None
        self.lost.append((piece.line + 1, piece.lines[1]))
        return node

    def _join(self, nodes: list[tuple[_Piece, Node | None]], line: int) -> Node | None:
        items: list[Node] = []
        entries: list[Entry] = []
        for part, node in nodes:
            if isinstance(node, Sequence):
                items.extend(node.items)
                entries.extend(node.strays)
            elif isinstance(node, Mapping):
                entries.extend(node.entries)
            elif isinstance(node, Scalar):
                self.lost.append(part.lines)
        unique = self._unique(entries)
        if items:
            return Sequence(tuple(items), line, unique)
        return Mapping(unique, line) if unique else None

    def _unique(self, entries: list[Entry]) -> tuple[Entry, ...]:
        first: dict[str, Entry] = {}
        for entry in entries:
            kept = first.setdefault(entry.key.text, entry)
            if kept is not entry:
                lines = (kept.key.line, entry.key.line)
                self._findings.append(duplicate_key(self._file, entry.key.text, lines))
        return tuple(first.values())


def _cut(piece: _Piece) -> list[_Piece]:
    """The parts of a piece at its smallest indentation; what stands before the first is one more.

    Leading blanks and comments are dropped.
    """
    indents = [_indent(row) for row in piece.rows]
    level = min((indent for indent in indents if indent is not None), default=None)
    if level is None:
        return []
    first = next(n for n, row in enumerate(piece.rows) if not _is_blank(row))
    starts = [n for n, indent in enumerate(indents) if n == first or indent == level]
    ends = [*starts[1:], len(piece.rows)]
    return [_Piece(piece.line + start, piece.rows[start:end]) for start, end in zip(starts, ends, strict=True)]


def _is_blank(row: str) -> bool:
    stripped = row.strip()
    return not stripped or stripped[0] == "#"


def _indent(row: str) -> int | None:
    """Leading spaces of a line that carries something; ``None`` for blank and comment lines.

    ``None`` too for a line indented by a tab: its level is anybody's guess, so that it stays with
    the line above and costs that piece alone.
    """
    stripped = row.lstrip(" ")
    return None if _is_blank(row) or stripped[0] == "\t" else len(row) - len(stripped)


_ITEM = re.compile(r"^( *)-(?= |$)")


def _key_of(head: str) -> str | None:
    """The key of a line that holds ``key:`` and at most a comment."""
    text = head.split(" #", 1)[0].strip()
    name = text[:-1].strip()
    if not text.endswith(":") or not name or ": " in name:
        return None
    if name[0] in "\"'":
        return name[1:-1] if len(name) > 2 and name[-1] == name[0] else None
    return None if name[0] in "[]{},&*!|>%@`#?" else name
