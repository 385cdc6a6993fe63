"""The ledger: an append-only, hash-chained record of everything that was shown.

One canonical JSON object a line. Each record's hash covers its content and the hash before it, so an edited, removed,
inserted or reordered line breaks the chain at a place that ``verify`` names. A chain does not show what was cut off
its end, so the last record's hash stands in a file beside it as well. Appends take a kernel lock and reach the disk
before they return. Where many machines append, a journal has the order, and the file is one machine's copy of it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from filelock import FileLock
from pydantic import JsonValue, ValidationError
from rfc8785 import CanonicalizationError

from radeng_assets.canonical import canonical, digest_of
from radeng_assets.evidence.envelope import timestamp
from radeng_assets.record import Record

if TYPE_CHECKING:
    from radeng_assets.evidence.journal import Journal

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


class Head(Record):
    """The last record's number and hash."""

    seq: int
    hash: str


class LedgerMoved(Exception):  # noqa: N818  # named for what happened
    """Something was recorded after the record that was to be the last one."""


class LedgerParted(Exception):  # noqa: N818
    """A file that is no copy of the journal's beginning; the message says what to do."""


class Problem(Record):
    """Where the chain is broken. ``line`` counts from 1; ``file`` is named where a ledger lies in several."""

    line: int
    message: str
    file: str = ""


@dataclass(frozen=True, slots=True)
class Ledger:
    """The record at ``path``; it need not exist yet. Any number of processes may append and read at once.

    With a ``journal``, processes of other machines too; then reading and appending raise ``LedgerParted``.
    """

    path: Path
    journal: Journal | None = None

    def append(self, kind: str, body: Record, *, after: str | None = None) -> Entry:
        """Add a record and return it once it is on the disk.

        ``after`` is the hash that the record is to follow (``head``). Raises ``LedgerMoved`` where another one is the
        last by now, and adds nothing. A last line that a killed writer left unfinished is moved to ``<path>.torn``
        first: it never was a record.
        """
        with self._alone() as stream:
            while True:
                last = self._followed(stream)
                prev = last.hash if last else GENESIS
                if after not in (None, prev):
                    raise LedgerMoved(f"{prev[:19]}… was recorded meanwhile")
                plain: dict[str, JsonValue] = body.model_dump(mode="json")
                draft = Entry(
                    seq=last.seq + 1 if last else 1,
                    prev=prev,
                    kind=kind,
                    at=timestamp(),
                    body=plain,
                    hash="",
                )
                entry = draft.model_copy(update={"hash": draft.content_hash()})
                line = canonical(entry) + b"\n"
                if self.journal is None or self.journal.add(entry.seq, prev, entry.hash, line):
                    break
            self._write(stream, line, entry)
        return entry

    @contextmanager
    def _alone(self) -> Generator[BinaryIO]:
        """The file, with no other process of this machine appending."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with (
            self.lock(),
            self.opened() as stream,
        ):
            yield stream

    def _write(self, stream: BinaryIO, lines: bytes, last: Entry) -> None:
        stream.write(lines)
        stream.flush()
        os.fsync(stream.fileno())
        # After the record: where this is lost with a killed machine, the head is one that the ledger still holds.
        draft_head = self.head_file.with_name(f"{self.head_file.name}.new")
        draft_head.write_bytes(canonical(Head(seq=last.seq, hash=last.hash)))
        draft_head.replace(self.head_file)

    def _followed(self, stream: BinaryIO) -> Entry | None:
        """The last record, once all that the journal has are in the file."""
        last = self.last(stream) or self.predecessor()
        if self.journal is None:
            return last
        lines = self.journal.since(last.seq if last else 1)
        if last is not None and (not lines or Entry.model_validate_json(lines[0]).hash != last.hash):
            raise LedgerParted(
                f"{self.path} is no copy of the ledger that the machines share: give this one a new home (--home)."
            )
        new = lines if last is None else lines[1:]
        for line in new:
            entry = Entry.model_validate_json(line)
            known = (last.seq, last.hash) if last else (0, GENESIS)
            if (entry.seq - 1, entry.prev) != known or entry.hash != entry.content_hash():
                raise LedgerParted(f"record {entry.seq} of the shared ledger does not follow record {known[0]}.")
            last = entry
        if new and last is not None:
            self._write(stream, b"".join(new), last)
        return last

    def hand_in(self, before: Callable[[], None]) -> None:
        """Make a file that so far was one machine's the beginning of the journal; first, do what is to be done before.

        Nothing happens where the file is a copy already. Raises ``LedgerParted`` where the journal begins otherwise.
        """
        if self.journal is None:
            return
        with self._alone() as stream:
            last = self.last(stream)
            if last is None or self.journal.since(last.seq):
                self._followed(stream)
                return
            before()
            known = self.journal.since(1)
            stream.seek(0)
            lines = list(stream)
            if lines[: len(known)] == known:
                for line in lines[len(known) :]:
                    entry = Entry.model_validate_json(line)
                    self.journal.add(entry.seq, entry.prev, entry.hash, line)
            self._followed(stream)

    def lock(self) -> FileLock:
        """The lock that a record is appended under."""
        return FileLock(self.path.with_name(self.path.name + ".lock"), fallback_to_soft=False)

    def opened(self) -> BinaryIO:
        """The file that the next record goes to. Asked for under the ledger's lock."""
        return self.path.open("a+b")

    def predecessor(self) -> Entry | None:
        """The record before the first one of that file: none, in a ledger that is one file."""
        return None

    @property
    def head_file(self) -> Path:
        """Where the head is kept: what the ledger held at least."""
        return self.path.with_name(f"{self.path.stem}.head")

    def entries(self, *kinds: str) -> Iterator[Entry]:
        """Records in order, only of ``kinds`` where some are named. An unfinished last line is not a record."""
        return _entries(self.lines(), kinds)

    def head(self) -> str:
        """The hash of the last record: the identity of the whole ledger so far."""
        last = GENESIS
        for entry in self.entries():
            last = entry.hash
        return last

    def verify(self) -> tuple[Problem, ...]:
        """Every place where the chain does not hold. Empty: nothing was edited, removed, inserted or reordered."""
        return problems_of(self.lines(), self.kept_head())

    def copied(self) -> LedgerCopy:
        """What the ledger holds now, to be judged and passed on as it is while others go on writing."""
        # The head first: what is appended in between only makes the ledger longer than it says.
        head = self.kept_head()
        return LedgerCopy(b"".join(self.lines()), head)

    def kept_head(self) -> bytes | None:
        """What the file beside the ledger says was recorded last; ``None`` where there is none."""
        return self.head_file.read_bytes() if self.head_file.exists() else None

    def lines(self) -> Iterator[bytes]:
        """Every whole line, in order."""
        if self.journal is not None:
            with self._alone() as stream:
                self._followed(stream)
        if not self.path.exists():
            return
        with self.path.open("rb") as stream:
            for line in stream:
                if line.endswith(b"\n"):
                    yield line

    def last(self, stream: BinaryIO) -> Entry | None:
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


@dataclass(frozen=True)
class LedgerCopy:
    """A ledger's bytes, and its head's; ``None`` where it had none."""

    data: bytes
    head: bytes | None

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Records in order; none where the chain is broken: what stands behind a broken link can be anything."""
        return () if self.problems else tuple(_entries(self._lines(), ()))

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What ``Ledger.verify`` says of it."""
        return problems_of(self._lines(), self.head)

    def _lines(self) -> Iterator[bytes]:
        # As a file is read: a carriage return ends no line, and what it stands in is no record.
        return (line for line in BytesIO(self.data) if line.endswith(b"\n"))


def _entries(lines: Iterable[bytes], kinds: Sequence[str]) -> Iterator[Entry]:
    for line in lines:
        # Parsing costs most; a line of another kind is told by its text.
        if not kinds or any(f'"kind":"{kind}"'.encode() in line for kind in kinds):
            entry = Entry.model_validate_json(line)
            if not kinds or entry.kind in kinds:
                yield entry


def problems_of(lines: Iterable[bytes], head: bytes | None) -> tuple[Problem, ...]:
    """What is wrong with the chain of these lines, which is to end with the record that ``head`` names, or go on."""
    problems: list[Problem] = []
    hashes = [GENESIS]
    prev, seq = GENESIS, 0
    for number, line in enumerate(lines, start=1):
        try:
            entry = Entry.model_validate_json(line)
            edited = entry.hash != entry.content_hash() or canonical(entry) != line.rstrip(b"\n")
        except ValidationError as error:
            problems.append(Problem(line=number, message=f"not a record: {error.errors()[0]['msg']}"))
            continue
        except CanonicalizationError as error:
            problems.append(Problem(line=number, message=f"not a record: {error}"))
            continue
        if edited:
            problems.append(Problem(line=number, message=f"record {entry.seq} was edited"))
        if entry.prev != prev or entry.seq != seq + 1:
            problems.append(Problem(line=number, message=f"record {entry.seq} does not follow record {seq}"))
        prev, seq = entry.hash, entry.seq
        hashes.append(prev)
    return (*problems, *_cut(hashes, head))


def _cut(hashes: list[str], kept: bytes | None) -> Iterator[Problem]:
    """What the kept head says of a ledger of these records (the first is the one before all others)."""
    last = len(hashes) - 1
    if kept is None:
        if last:
            yield Problem(line=last, message="the file that names the last record is missing")
        return
    try:
        head = Head.model_validate_json(kept)
    except ValidationError:
        yield Problem(line=last, message="the file that names the last record does not name one")
        return
    if head.seq > last:
        yield Problem(line=last, message=f"{head.seq - last} records were cut off after record {last}")
    elif head.seq < 1 or hashes[head.seq] != head.hash:
        yield Problem(line=max(head.seq, 0), message=f"record {head.seq} is not the one that was recorded")
