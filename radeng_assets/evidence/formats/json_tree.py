"""A report in JSON as nodes that know their place: whatever has the wrong type is a finding, not an exception."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn, cast

from radeng_assets.evidence.formats.json_place import Places, Step
from radeng_assets.evidence.formats.notes import Notes
from radeng_assets.evidence.formats.numbers import natural
from radeng_assets.evidence.formats.text import decode

_SURROGATE = re.compile(r"(?<!\\)(?:\\\\)*\\u[dD][89a-fA-F]")
_PAIR = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")

_MEND = "Write the report again with the tool that made it."


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a JSON document. What is absent and ``null`` are alike: a node without value."""

    value: object
    steps: tuple[Step, ...]
    places: Places
    notes: Notes

    def __getitem__(self, step: Step) -> Node:
        """The value below an object's key or at an array's position; without value where there is none."""
        if self.value is None:
            return self
        value: object = None
        if isinstance(self.value, dict):
            value = cast("dict[Step, object]", self.value).get(step)
        elif isinstance(self.value, list) and isinstance(step, int):
            values = cast("list[object]", self.value)
            value = values[step] if 0 <= step < len(values) else None
        return Node(value, (*self.steps, step), self.places, self.notes)

    @property
    def is_absent(self) -> bool:
        """Whether nothing is said here."""
        return self.value is None

    @property
    def line(self) -> int:
        """The line (from 1) on which the value begins. It walks the text: for findings only."""
        return self.places.line_of(self.steps)

    def members(self) -> Iterator[tuple[str, Node]]:
        """Key and value of an object, in order; nothing, and an error, where it is something else."""
        if isinstance(self.value, dict):
            for key in cast("dict[str, object]", self.value):
                yield key, self[key]
        else:
            self._refuse("an object")

    def elements(self) -> Iterator[Node]:
        """Values of an array, in order; nothing, and an error, where it is something else."""
        if isinstance(self.value, list):
            for index in range(len(cast("list[object]", self.value))):
                yield self[index]
        else:
            self._refuse("an array")

    def text(self) -> str | None:
        """A text; ``None``, and an error, where it is something else."""
        if isinstance(self.value, str):
            return self.value
        return self._refuse("a text")

    def flag(self) -> bool | None:
        """``true`` or ``false``; ``None``, and an error, where it is something else."""
        if isinstance(self.value, bool):
            return self.value
        return self._refuse("true or false")

    def number(self) -> int | None:
        """A whole number from 0; ``None``, and an error, where it is something else."""
        number = natural(self.value)
        return number if number is not None else self._refuse("a whole number from 0")

    def error(self, rule: str, message: str, subject: str = "") -> None:
        """An error about this value, with its line."""
        line = None if self.notes.is_full(rule) else self.line
        self.notes.error(rule, subject, message, _MEND, line)

    def absent(self) -> Node:
        """A node without value, where another was looked for in vain."""
        return Node(None, self.steps, self.places, self.notes)

    def _refuse(self, wanted: str) -> None:
        """An error about a value of the wrong type; silence about one that is absent."""
        if not self.is_absent:
            pointer = "/" + "/".join(str(step) for step in self.steps)
            self.error("report-value", f"{pointer[:200]} is not {wanted}; it was not read.", pointer)


def read_json(data: bytes, notes: Notes) -> Node | None:
    """The document's top value; ``None`` and an error with its line where the bytes are no JSON that can be kept.

    Refused beside bad syntax: NaN and infinities, a key that stands twice (readers differ on which counts),
    numbers and nesting beyond Python's limits, and half surrogate pairs, which no UTF-8 can hold.
    """
    text = decode(data, notes)
    if text is None:
        return None
    try:
        value = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        notes.error("report-not-json", notes.file, f"{notes.file} is not JSON: {error.msg}.", _MEND, error.lineno)
        return None
    except (ValueError, RecursionError) as error:
        reason = "it nests too deep" if isinstance(error, RecursionError) else str(error)
        notes.error("report-not-json", notes.file, f"{notes.file} was not read: {reason}.", _MEND)
        return None
    half = _SURROGATE.search(_PAIR.sub("", text))
    if half is not None:
        message = f"{notes.file} was not read: half a surrogate pair ({half[0]}…)."
        notes.error("report-not-json", notes.file, message, _MEND)
        return None
    return Node(value, (), Places(text), notes)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))
        raise ValueError(f"the key {twice[:80]!r} stands twice in one object")
    return members
