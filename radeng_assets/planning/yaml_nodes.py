"""The three node types that a YAML document is read into. Nothing here parses or judges."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scalar:
    """A scalar as written. ``plain`` is False for quoted and block scalars (always text)."""

    text: str
    line: int
    plain: bool


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list. ``strays`` are key/value pairs that a damaged list had among its items."""

    items: tuple[Node, ...]
    line: int
    strays: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One ``key: value`` of a mapping."""

    key: Scalar
    value: Node


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping in file order; keys are unique (a repeated key is a finding, the first stays)."""

    entries: tuple[Entry, ...]
    line: int

    def get(self, key: str) -> Entry | None:
        """The entry of ``key``, or ``None``."""
        return next((entry for entry in self.entries if entry.key.text == key), None)


Node = Scalar | Sequence | Mapping

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


def is_null(node: Node) -> bool:
    """Whether a node is YAML's null (core schema), written or left out."""
    return isinstance(node, Scalar) and node.plain and node.text in _NULLS


def lines_of(node: Node) -> str:
    """The lines that a node spans, in words. The last is that of the last value's beginning."""
    last = _last_line(node)
    return f"line {node.line}" if last == node.line else f"lines {node.line}-{last}"


def _last_line(node: Node) -> int:
    if isinstance(node, Scalar):
        return node.line
    entries = node.entries if isinstance(node, Mapping) else node.strays
    items = () if isinstance(node, Mapping) else node.items
    inner = (*items, *(entry.value for entry in entries))
    return max((node.line, *(_last_line(child) for child in inner)))
