"""A ledger that lies in several files: when the last one is full it becomes a segment, and the chain goes on behind it.

The first record of each file names the hash of the last record of the file before, so that all files are one chain: a
segment that was edited, taken away or swapped breaks it at a place that ``verify`` names. Turning to a new file is
one rename, under the ledger's lock: whoever is killed there leaves either the old state or the new one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from pydantic import ValidationError

from radeng_assets.evidence.ledger import Entry, Ledger, Problem, problems_of
from radeng_assets.evidence.store import sync_folder

MOST_BYTES = 16 * 1024 * 1024
"""A file with so much is turned: some 30,000 records of the broker's."""

MOST_DAYS = 31.0
"""So is one whose first record is that old: whoever archives by the month finds about one a month."""


@dataclass(frozen=True, slots=True)
class RotatedLedger(Ledger):
    """The ledger whose last file is ``path``; earlier ones are ``<stem>-000001<suffix>`` and so on beside it.

    Any number of processes may append, read and turn at once.
    """

    most_bytes: int = MOST_BYTES
    most_days: float = MOST_DAYS

    def opened(self) -> BinaryIO:
        """The last file; a new one where the last one is full."""
        stream = self.path.open("a+b")
        if self.last(stream) is None or not self._is_full(stream):
            return stream
        stream.close()
        number = max((_number(segment) for segment in self.segments()), default=0) + 1
        self.path.rename(self._segment(number))
        sync_folder(self.path.parent)
        return self.path.open("a+b")

    def predecessor(self) -> Entry | None:
        """The last record of the last segment."""
        segments = self.segments()
        if not segments:
            return None
        with segments[-1].open("r+b") as stream:
            return self.last(stream)

    def segments(self) -> list[Path]:
        """The files that are full, oldest first."""
        found = self.path.parent.glob(f"{self.path.stem}-*{self.path.suffix}")
        return sorted((path for path in found if _number(path)), key=_number)

    def lines(self) -> Iterator[bytes]:
        """Every whole line of every file, in order."""
        return (line for _, _, line in self._placed())

    def verify(self) -> tuple[Problem, ...]:
        """Every place where the chain does not hold, by file and line."""
        head = self.kept_head()
        placed: list[tuple[str, int]] = []

        def lines() -> Iterator[bytes]:
            for file, number, line in self._placed():
                placed.append((file, number))
                yield line

        problems = problems_of(lines(), head)
        return (*self._gaps(), *(self._located(problem, placed) for problem in problems))

    def _located(self, problem: Problem, placed: list[tuple[str, int]]) -> Problem:
        if not 1 <= problem.line <= len(placed):
            return problem.model_copy(update={"file": self.path.name})
        file, line = placed[problem.line - 1]
        return problem.model_copy(update={"file": file, "line": line})

    def _gaps(self) -> Iterator[Problem]:
        there = {_number(path) for path in self.segments()}
        for number in range(1, max(there, default=0)):
            if number not in there:
                yield Problem(file=self._segment(number).name, line=0, message="the segment is missing")

    def _placed(self) -> Iterator[tuple[str, int, bytes]]:
        """(file, line number, line); consistent while others turn: the last file is opened before others are listed."""
        try:
            last = self.path.open("rb")
        except FileNotFoundError:
            last = None
        own = os.fstat(last.fileno()).st_ino if last else None
        try:
            for segment in self.segments():
                if segment.stat().st_ino == own:
                    break  # it was turned meanwhile, and is read below
                with segment.open("rb") as stream:
                    yield from _numbered(segment.name, stream)
            if last:
                yield from _numbered(self.path.name, last)
        finally:
            if last:
                last.close()

    def _is_full(self, stream: BinaryIO) -> bool:
        if stream.seek(0, os.SEEK_END) >= self.most_bytes:
            return True
        stream.seek(0)
        try:
            began = datetime.fromisoformat(Entry.model_validate_json(stream.readline()).at)
        except (ValidationError, ValueError):
            return False  # damaged: what is to be looked at stays where it is
        return datetime.now(UTC) - began > timedelta(days=self.most_days)

    def _segment(self, number: int) -> Path:
        return self.path.with_name(f"{self.path.stem}-{number:06}{self.path.suffix}")


def _numbered(name: str, stream: BinaryIO) -> Iterator[tuple[str, int, bytes]]:
    for number, line in enumerate(stream, start=1):
        if line.endswith(b"\n"):
            yield name, number, line


def _number(segment: Path) -> int:
    """Which segment it is, from 1; 0 for a file that is none."""
    digits = segment.stem.rpartition("-")[2]
    return int(digits) if len(digits) == 6 and digits.isascii() and digits.isdigit() else 0
