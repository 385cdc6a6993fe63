"""A ledger in several files: one chain, whoever writes, turns or is killed, and every damage is found where it is."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from radeng_assets.evidence.ledger import GENESIS, Ledger
from radeng_assets.evidence.rotation import RotatedLedger
from radeng_assets.record import Record


class Note(Record):
    text: str


WRITER = """
import sys
from pathlib import Path
from radeng_assets.evidence.rotation import RotatedLedger
from radeng_assets.record import Record

class Note(Record):
    text: str

ledger = RotatedLedger(Path(sys.argv[1]), most_bytes=600)
for number in range(int(sys.argv[3])):
    ledger.append("note", Note(text=f"{sys.argv[2]}-{number}"))
    print(number, flush=True)
"""


def writer(path: Path, name: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(path), name, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def texts(ledger: Ledger) -> list[str]:
    return [str(entry.body["text"]) for entry in ledger.entries("note")]


@pytest.fixture
def ledger(tmp_path: Path) -> RotatedLedger:
    """Twelve records in files of two or three."""
    filled = RotatedLedger(tmp_path / "audit.jsonl", most_bytes=600)
    for number in range(12):
        filled.append("note", Note(text=str(number)))
    return filled


def test_the_segments_are_one_chain(ledger: RotatedLedger) -> None:
    assert len(ledger.segments()) >= 3
    assert texts(ledger) == [str(number) for number in range(12)]
    entries = list(ledger.entries())
    assert [entry.seq for entry in entries] == list(range(1, 13))
    assert [entry.prev for entry in entries] == [GENESIS, *(entry.hash for entry in entries[:-1])]
    assert ledger.verify() == ()
    assert ledger.head() == entries[-1].hash
    # Each file but the last is full, and none goes on after it was.
    first = [next(Ledger(path).entries()) for path in (*ledger.segments()[1:], ledger.path)]
    before = [list(Ledger(path).entries())[-1] for path in ledger.segments()]
    assert [entry.prev for entry in first] == [entry.hash for entry in before]


def test_a_file_is_turned_by_age_too(tmp_path: Path) -> None:
    ledger = RotatedLedger(tmp_path / "audit.jsonl", most_days=0.0)
    for number in range(3):
        ledger.append("note", Note(text=str(number)))
    assert [path.name for path in ledger.segments()] == ["audit-000001.jsonl", "audit-000002.jsonl"]
    assert ledger.verify() == ()
    young = RotatedLedger(tmp_path / "young.jsonl")
    young.append("note", Note(text="a"))
    young.append("note", Note(text="b"))
    assert young.segments() == []


def edit(ledger: RotatedLedger) -> None:
    place = ledger.segments()[1]
    lines = place.read_text("utf-8").splitlines(keepends=True)
    place.write_text("".join([lines[0].replace('"text":"', '"text":"x'), *lines[1:]]), encoding="utf-8")


def lose(ledger: RotatedLedger) -> None:
    ledger.segments()[1].unlink()


def lose_first(ledger: RotatedLedger) -> None:
    ledger.segments()[0].unlink()


def lose_last(ledger: RotatedLedger) -> None:
    ledger.segments()[-1].unlink()


def lose_open(ledger: RotatedLedger) -> None:
    ledger.path.unlink()


def swap(ledger: RotatedLedger) -> None:
    first, second = ledger.segments()[:2]
    one, other = first.read_bytes(), second.read_bytes()
    first.write_bytes(other)
    second.write_bytes(one)


def cut(ledger: RotatedLedger) -> None:
    place = ledger.segments()[1]
    place.write_bytes(b"".join(place.read_bytes().splitlines(keepends=True)[:-1]))


@pytest.mark.parametrize(
    ("damage", "file", "line", "message"),
    [
        (edit, "audit-000002.jsonl", 1, "was edited"),
        (lose, "audit-000002.jsonl", 0, "the segment is missing"),
        (lose_first, "audit-000001.jsonl", 0, "the segment is missing"),
        (lose_last, "audit.jsonl", 1, "does not follow"),
        (lose_open, "audit-000003.jsonl", 3, "3 records were cut off after record 9"),
        (swap, "audit-000001.jsonl", 1, "does not follow record 0"),
        (cut, "audit-000003.jsonl", 1, "does not follow"),
    ],
)
def test_damage_is_found_and_located(
    ledger: RotatedLedger, damage: Callable[[RotatedLedger], None], file: str, line: int, message: str
) -> None:
    damage(ledger)
    found = ledger.verify()
    assert any((p.file, p.line) == (file, line) and message in p.message for p in found), found


def test_a_crash_between_turning_and_the_next_record_loses_nothing(ledger: RotatedLedger) -> None:
    last = ledger.head()
    # What a killed process leaves that had renamed the file, and written nothing yet; then an empty new one.
    ledger.path.rename(ledger.path.with_name(f"audit-{len(ledger.segments()) + 1:06}.jsonl"))
    assert ledger.verify() == ()
    assert ledger.head() == last
    ledger.path.touch()
    assert ledger.append("note", Note(text="12")).prev == last
    assert ledger.verify() == ()
    assert texts(ledger) == [str(number) for number in range(13)]


def test_whoever_reads_while_a_file_is_turned_reads_each_record_once(
    ledger: RotatedLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    segments = RotatedLedger.segments
    before = len(ledger.segments())

    def turned_meanwhile(reader: RotatedLedger) -> list[Path]:
        """What is listed once the file that is open for reading has become a segment."""
        monkeypatch.setattr(RotatedLedger, "segments", segments)
        while len(segments(reader)) < before + 2:
            reader.append("note", Note(text="later"))
        return segments(reader)

    monkeypatch.setattr(RotatedLedger, "segments", turned_meanwhile)
    read = texts(ledger)
    assert read[:12] == [str(number) for number in range(12)]
    assert set(read[12:]) <= {"later"}
    assert len(segments(ledger)) == before + 2


def test_a_torn_last_line_is_no_record_and_does_not_travel_into_a_segment(ledger: RotatedLedger) -> None:
    with ledger.path.open("ab") as stream:
        stream.write(b'{"seq":13,' + b"x" * 900)
    ledger.append("note", Note(text="12"))
    ledger.append("note", Note(text="13"))
    assert texts(ledger) == [str(number) for number in range(14)]
    assert ledger.verify() == ()


def test_many_processes_write_one_chain_and_a_killed_one_loses_nothing_that_it_was_told(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    others = [writer(path, name, 30) for name in ("a", "b")]
    with writer(path, "victim", 100_000) as victim:
        assert victim.stdout is not None
        told = [victim.stdout.readline() for _ in range(25)]
        victim.send_signal(signal.SIGKILL)
        told += victim.stdout.read().splitlines()
    for other in others:
        other.communicate()
        assert other.returncode == 0
    ledger = RotatedLedger(path, most_bytes=600)
    assert ledger.verify() == ()
    written = texts(ledger)
    assert [text for text in written if text.startswith("a-")] == [f"a-{number}" for number in range(30)]
    assert [text for text in written if text.startswith("b-")] == [f"b-{number}" for number in range(30)]
    assert {f"victim-{int(number)}" for number in told} <= set(written)
    assert len(ledger.segments()) > 10
