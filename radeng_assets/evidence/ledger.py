"""The ledger: an append-only, hash-chained record of everything that was shown.

One canonical JSON object a line. Each record's hash covers its content and the hash before it, so an edited, removed,
inserted or reordered line breaks the chain at a place that ``verify`` names. Appends take a kernel lock and reach the
disk before they return.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock
from pydantic import JsonValue, ValidationError

from radeng_assets.canonical import canonical, digest_of
from radeng_assets.evidence.envelope import timestamp
from radeng_assets.record import Record

GENESIS = "sha256:" + "0" * 64
"""What the first record names as its predecessor."""


class Entry(Record):
    """One record. ``seq`` counts from 1; ``hash`` is the digest over all the other fields."""

    seq: int
    prev: str
    kind: str
    at: str
    body: dict[str, JsonValue]
    hash: str

    def content_hash(self) -> str:
        """The hash that the record's content has."""
        return digest_of(self.model_dump(mode="json", exclude={"hash"}))


class Problem(Record):
    """Where the chain is broken. ``line`` counts from 1."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """The record at ``path``; it need not exist yet. Any number of processes may append and read at once."""

    path: Path

    def append(self, kind: str, body: Record) -> Entry:
        """Add a record and return it once it is on the disk.

        A last line that a killed writer left unfinished is moved to ``<path>.torn`` first: it never was a record.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with (
            FileLock(self.path.with_name(self.path.name + ".lock"), fallback_to_soft=False),
            self.path.open("a+b") as stream,
        ):
            last = self._last(stream)
            plain: dict[str, JsonValue] = body.model_dump(mode="json")
            draft = Entry(
                seq=last.seq + 1 if last else 1,
                prev=last.hash if last else GENESIS,
                kind=kind,
                at=timestamp(),
                body=plain,
                hash="",
            )
            entry = draft.model_copy(update={"hash": draft.content_hash()})
            stream.write(canonical(entry) + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
        return entry

    def entries(self, *kinds: str) -> Iterator[Entry]:
        """Records in order, only of ``kinds`` where some are named. An unfinished last line is not a record."""
        for line in self._lines():
            # Parsing costs most; a line of another kind is told by its text.
            if not kinds or any(f'"kind":"{kind}"' in line for kind in kinds):
                entry = Entry.model_validate_json(line)
                if not kinds or entry.kind in kinds:
                    yield entry

    def head(self) -> str:
        """The hash of the last record: the identity of the whole ledger so far."""
        last = GENESIS
        for entry in self.entries():
            last = entry.hash
        return last

    def verify(self) -> tuple[Problem, ...]:
        """Every place where the chain does not hold. Empty: nothing was edited, removed, inserted or reordered."""
        problems: list[Problem] = []
        prev, seq = GENESIS, 0
        for number, line in enumerate(self._lines(), start=1):
            try:
                entry = Entry.model_validate_json(line)
            except ValidationError as error:
                problems.append(Problem(line=number, message=f"not a record: {error.errors()[0]['msg']}"))
                continue
            if entry.hash != entry.content_hash():
                problems.append(Problem(line=number, message=f"record {entry.seq} was edited"))
            if entry.prev != prev or entry.seq != seq + 1:
                problems.append(Problem(line=number, message=f"record {entry.seq} does not follow record {seq}"))
            prev, seq = entry.hash, entry.seq
        return tuple(problems)

    def _lines(self) -> Iterator[str]:
        if not self.path.exists():
            return
        with self.path.open(encoding="utf-8", newline="\n") as stream:
            for line in stream:
                if line.endswith("\n"):
                    yield line

    def _last(self, stream: BinaryIO) -> Entry | None:
        """The last record, read from the end; what follows it unfinished is moved aside."""
        size = stream.seek(0, os.SEEK_END)
        tail = b""
        at = size
        while at > 0 and tail.count(b"\n") < 2:
            step = min(65_536, at)
            at -= step
            stream.seek(at)
            tail = stream.read(step) + tail
        whole, newline, torn = tail.rpartition(b"\n")
        if torn:
            with self.path.with_name(self.path.name + ".torn").open("ab") as aside:
                aside.write(torn + b"\n")
            stream.truncate(size - len(torn))
        stream.seek(0, os.SEEK_END)
        if not newline:
            return None
        return Entry.model_validate(json.loads(whole.rpartition(b"\n")[2]))
