"""Reading the record: the ledger, the broker's books and audit, the journals of agents. Only what is new is parsed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import JsonValue, ValidationError

from radeng_assets.evidence.ledger import Entry
from radeng_assets.evidence.rotation import RotatedLedger
from radeng_assets.execution.agents.claude.journal import Journal, Note
from radeng_assets.execution.bench import bench_folder
from radeng_assets.execution.broker.audit import audit_of
from radeng_assets.execution.broker.calls import Call, CallReader
from radeng_assets.home import Home
from radeng_assets.record import Record


class ToolUse(Record):
    """One call of a tool in an attempt. Times as the record writes them; ``ended`` is empty while it goes on."""

    attempt: str
    number: int
    name: str
    began: str
    ended: str = ""
    failed: bool = False

    @property
    def key(self) -> str:
        """Its name for ever."""
        return f"tool/{self.attempt}/{self.number}"


@dataclass(frozen=True, slots=True)
class Chronicle:
    """The record as it was at one moment. ``requests`` are the broker's audit, ``tools`` from journals still there."""

    entries: Sequence[Entry] = ()
    calls: Sequence[Call] = ()
    requests: Sequence[Entry] = ()
    tools: Sequence[ToolUse] = ()


@dataclass
class _Tail:
    """A file of records that grows: what was read of it once is not read again."""

    path: Path
    entries: list[Entry] = field(default_factory=list[Entry])
    _at: int = 0
    _file: int = 0

    def read(self) -> list[Entry]:
        """All records up to the last whole line; those that are none are left out (``/ready`` speaks of them)."""
        try:
            facts = self.path.stat()
        except FileNotFoundError:
            facts = None
        if facts is None or facts.st_size < self._at or facts.st_ino != self._file:
            # Another file in its place: restored, or begun anew.
            self.entries, self._at, self._file = [], 0, facts.st_ino if facts else 0
        if facts is None:
            return self.entries
        with self.path.open("rb") as stream:
            stream.seek(self._at)
            for line in stream:
                if not line.endswith(b"\n"):
                    break
                self._at += len(line)
                try:
                    self.entries.append(Entry.model_validate_json(line))
                except ValidationError:
                    continue
        return self.entries


@dataclass
class _Tails:
    """A log in several files. One that was turned keeps what was read of it, under its new name."""

    log: RotatedLedger
    _known: dict[int, _Tail] = field(default_factory=dict[int, _Tail])

    def read(self) -> list[Entry]:
        """All records of all files, in order."""
        while True:
            segments = self.log.segments()
            found = [entry for path in (*segments, self.log.path) for entry in self._tail(path)]
            if segments == self.log.segments():  # else the last one was turned between two looks, and was missed
                return found

    def _tail(self, path: Path) -> list[Entry]:
        try:
            number = path.stat().st_ino
        except FileNotFoundError:
            return []
        tail = self._known.setdefault(number, _Tail(path))
        tail.path = path
        return tail.read()


@dataclass
class Chronicler:
    """Reads the record of a home again and again."""

    home: Path

    def __post_init__(self) -> None:
        self._ledger = _Tail(Home(self.home).ledger.path)
        self._audit = _Tails(audit_of(self.home))
        self._calls = CallReader.of(self.home)
        self._tools: dict[str, tuple[int, tuple[ToolUse, ...]]] = {}

    def read(self) -> Chronicle:
        """The record as it is now. Raises ``OSError`` and ``sqlite3.Error`` where a file cannot be read."""
        # The ledger after the books: the attempt of each call stands in it by then.
        calls, requests = self._calls.read(), tuple(self._audit.read())
        entries = tuple(self._ledger.read())
        keys = [_key(entry.body) for entry in entries if entry.kind == "attempt"]
        tools = tuple(use for key in keys for use in self._tools_of(key))
        return Chronicle(entries, calls, requests, tools)

    def _tools_of(self, key: str) -> tuple[ToolUse, ...]:
        path = bench_folder(self.home, key) / "scratch" / "journal.jsonl"
        size = path.stat().st_size if path.exists() else 0
        known = self._tools.get(key)
        if known is None or known[0] < size:  # where the journal was removed, what it said is still so
            known = self._tools[key] = (size, tuple(tool_uses(key, Journal.seen(path))))
        return known[1]


def tool_uses(attempt: str, notes: Sequence[Note]) -> Iterator[ToolUse]:
    """The tool calls of a journal, in order. Of what was asked and answered, only the tool's name is taken."""
    begun: dict[str, tuple[str, str]] = {}
    number = 0
    for note in notes:
        if note.kind == "doing":
            call = note.body.get("call")
            if isinstance(call, dict):
                begun[str(call.get("id"))] = (str(call.get("name")), str(note.body.get("at", "")))
        elif note.kind == "done":
            name, began = begun.pop(str(note.body.get("id")), ("", ""))
            ended = str(note.body.get("at", ""))
            if began and ended:
                number += 1
                yield ToolUse(
                    attempt=attempt,
                    number=number,
                    name=name,
                    began=began,
                    ended=ended,
                    failed=note.body.get("is_error") is True,
                )


def _key(body: dict[str, JsonValue]) -> str:
    return f"{body.get('plan')}/{body.get('story')}/{body.get('number')}"
