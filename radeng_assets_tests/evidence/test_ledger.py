"""The ledger: nothing lost, nothing changed unseen, under concurrent writers and kills."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from radeng_assets.evidence.ledger import GENESIS, Ledger
from radeng_assets.record import Record


class Note(Record):
    text: str


WRITER = """
import sys
from pathlib import Path
from radeng_assets.evidence.ledger import Ledger
from radeng_assets.record import Record

class Note(Record):
    text: str

ledger = Ledger(Path(sys.argv[1]))
for number in range(int(sys.argv[3])):
    ledger.append("note", Note(text=f"{sys.argv[2]}-{number}"))
    print(number, flush=True)
"""


def writer(path: Path, name: str, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), name, str(count)], stdout=subprocess.PIPE, text=True
    )


def texts(ledger: Ledger) -> list[str]:
    return [str(entry.body["text"]) for entry in ledger.entries("note")]


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    filled = Ledger(tmp_path / "ledger.jsonl")
    for number in range(5):
        filled.append("note" if number % 2 else "other", Note(text=str(number)))
    return filled


def test_records_come_back_in_order_and_chained(ledger: Ledger) -> None:
    entries = list(ledger.entries())
    assert [entry.seq for entry in entries] == [1, 2, 3, 4, 5]
    assert entries[0].prev == GENESIS
    assert [entry.prev for entry in entries[1:]] == [entry.hash for entry in entries[:-1]]
    assert ledger.head() == entries[-1].hash
    assert ledger.verify() == ()
    assert texts(ledger) == ["1", "3"]


def test_a_ledger_that_was_never_written_is_empty(tmp_path: Path) -> None:
    empty = Ledger(tmp_path / "nowhere" / "ledger.jsonl")
    assert list(empty.entries()) == []
    assert empty.head() == GENESIS
    assert empty.verify() == ()


def test_a_kind_in_a_body_is_not_a_kind(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.jsonl")
    ledger.append("other", Note(text='"kind":"note"'))
    assert texts(ledger) == []


@pytest.mark.parametrize("attack", ["edit", "remove", "insert", "swap", "rehash"])
def test_tampering_is_found_and_located(ledger: Ledger, attack: str) -> None:
    lines = ledger.path.read_text("utf-8").splitlines()
    if attack == "edit":
        lines[2] = lines[2].replace('"text":"2"', '"text":"two"')
    elif attack == "remove":
        del lines[2]
    elif attack == "insert":
        lines.insert(2, lines[1])
    elif attack == "swap":
        lines[2], lines[3] = lines[3], lines[2]
    else:  # edited, with the record's own hash made right again: the next record still tells
        record = json.loads(lines[1])
        record["body"]["text"] = "one"
        forged = next(ledger.entries()).model_validate({**record, "hash": ""})
        lines[1] = json.dumps({**record, "hash": forged.content_hash()})
    ledger.path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    problems = ledger.verify()
    assert problems
    assert problems[0].line == 3


def test_an_unfinished_last_line_is_set_aside_and_no_record(ledger: Ledger) -> None:
    whole = ledger.path.read_bytes()
    ledger.path.write_bytes(whole + b'{"seq":6,"half')
    assert len(list(ledger.entries())) == 5
    ledger.append("note", Note(text="after"))
    assert ledger.verify() == ()
    assert [entry.seq for entry in ledger.entries()] == [1, 2, 3, 4, 5, 6]
    torn = ledger.path.with_name("ledger.jsonl.torn")
    assert torn.read_bytes() == b'{"seq":6,"half\n'


def test_a_record_longer_than_the_read_buffer(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.jsonl")
    for size in (200_000, 10, 200_000):
        ledger.append("note", Note(text="x" * size))
    assert ledger.verify() == ()


def test_concurrent_writers_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    writers = [writer(path, name, 40) for name in "abcd"]
    for process in writers:
        process.communicate(timeout=120)
        assert process.returncode == 0
    ledger = Ledger(path)
    assert ledger.verify() == ()
    assert sorted(texts(ledger)) == sorted(f"{name}-{n}" for name in "abcd" for n in range(40))


def test_killed_writers_lose_nothing_that_they_were_told_is_written(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    confirmed: list[str] = []
    for name, records in zip("abcdef", (1, 23, 7, 29, 2, 13), strict=True):
        process = writer(path, name, 1000)
        assert process.stdout is not None
        confirmed.extend(f"{name}-{process.stdout.readline().strip()}" for _ in range(records))
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
    ledger = Ledger(path)
    ledger.append("note", Note(text="last"))
    assert ledger.verify() == ()
    assert set(confirmed) <= set(texts(ledger))
