"""The journal: what was asked, answered and done, each written before and after, so that a kill loses nothing.

One record a line; each line's sum covers it and the sum before, so a torn or altered tail is found. What stands
after the last good record is cut off, and said.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Self, cast

from pydantic import JsonValue

Kind = Literal["opened", "asking", "answered", "doing", "done", "ended"]
"""``opened``: the request's frame.

``asking``, ``answered``: a turn. ``doing``, ``done``: a tool call. ``ended``: the report.
"""


@dataclass(frozen=True, slots=True)
class Note:
    """One record."""

    kind: Kind
    body: dict[str, JsonValue]


@dataclass
class Journal:
    """The journal of one attempt at ``path``.

    ``cut`` says how many bytes of a bad tail were taken off when it was opened.
    """

    path: Path
    notes: list[Note] = field(default_factory=list[Note])
    cut: int = 0
    _sum: str = ""

    @classmethod
    def open(cls, path: Path) -> Self:
        """Read a journal, cut a bad tail off, and be ready to go on."""
        data = path.read_bytes() if path.exists() else b""
        journal = cls(path)
        good = journal._take(data)
        if good < len(data):
            journal.cut = len(data) - good
            path.with_name(f"{path.name}.torn").write_bytes(data[good:])
            with path.open("r+b") as stream:
                stream.truncate(good)
                os.fsync(stream.fileno())
        return journal

    @classmethod
    def seen(cls, path: Path) -> tuple[Note, ...]:
        """The good records of a journal that somebody else may be writing; none where there is no journal."""
        journal = cls(path)
        journal._take(path.read_bytes() if path.exists() else b"")
        return tuple(journal.notes)

    def _take(self, data: bytes) -> int:
        """Take records in up to the first that is not good; how many bytes they are."""
        good = 0
        for line in data.splitlines(keepends=True):
            note = self._checked(line)
            if note is None:
                break
            self.notes.append(note)
            good += len(line)
        return good

    def write(self, kind: Kind, **body: JsonValue) -> None:
        """Add a record; it is on the disk when this returns."""
        text = json.dumps([kind, body], ensure_ascii=False, sort_keys=True)
        self._sum = _chained(self._sum, text)
        line = f"{self._sum} {text}\n".encode(errors="surrogatepass")
        with self.path.open("ab") as stream:
            stream.write(line)
            stream.flush()
            os.fsync(stream.fileno())
        # As it will be read after a kill, to the order of keys: the next request must be the same to the byte.
        self.notes.append(Note(kind, json.loads(text)[1]))

    def last(self, kind: Kind) -> dict[str, JsonValue] | None:
        """The body of the last record of a kind."""
        return next((note.body for note in reversed(self.notes) if note.kind == kind), None)

    def _checked(self, line: bytes) -> Note | None:
        if not line.endswith(b"\n"):
            return None
        try:
            stated, _, text = line[:-1].decode(errors="surrogatepass").partition(" ")
            if stated != _chained(self._sum, text):
                return None
            kind, body = json.loads(text)
        except (ValueError, TypeError):
            return None
        self._sum = stated
        return Note(cast("Kind", kind), body)


def _chained(before: str, text: str) -> str:
    return hashlib.sha256(f"{before} {text}".encode(errors="surrogatepass")).hexdigest()[:32]
