"""The line of a value in a JSON text, found by walking to it: only findings need lines, so no reader keeps them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

Step = str | int
"""A key of an object, or a position (from 0) in an array."""

_DECODER = json.JSONDecoder()
_BLANK = re.compile(r"[ \t\n\r]*")


class Places:
    """Finds lines in a text that is known to parse. What was walked once is remembered: many findings cost as one."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._walked: dict[int, dict[Step, int]] = {}

    def line_of(self, steps: tuple[Step, ...]) -> int:
        """The line (from 1) on which the value at ``steps`` begins, or the nearest value around it that is there.

        Nesting at the edge of what Python takes ends the walk early.
        """
        at = self._skip(0)
        for step in steps:
            try:
                inside = self._inside(at)
            except RecursionError:
                break
            if step not in inside:
                break
            at = inside[step]
        return self._text.count("\n", 0, at) + 1

    def _inside(self, at: int) -> dict[Step, int]:
        if at not in self._walked:
            self._walked[at] = dict(self._members(at))
        return self._walked[at]

    def _members(self, at: int) -> Iterator[tuple[Step, int]]:
        """Key or position, and offset, of each value in the object or array that begins at ``at``."""
        is_object = self._text[at] == "{"
        if not is_object and self._text[at] != "[":
            return
        at, number = self._skip(at + 1), 0
        while self._text[at] not in "}]":
            key: Step = number
            if is_object:
                key, at = _DECODER.raw_decode(self._text, at)
                at = self._skip(self._skip(at) + 1)
            yield key, at
            _, at = _DECODER.raw_decode(self._text, at)
            at, number = self._skip(at), number + 1
            if self._text[at] == ",":
                at = self._skip(at + 1)

    def _skip(self, at: int) -> int:
        blank = _BLANK.match(self._text, at)
        return blank.end() if blank else at
