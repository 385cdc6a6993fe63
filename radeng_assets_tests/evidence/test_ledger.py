"""The ledger: nothing lost, nothing changed unseen, under concurrent writers and kills."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from radeng_assets.canonical import canonical
from radeng_assets.evidence.ledger import GENESIS, Ledger
from radeng_assets.record import Record


class Note(Record):
    text: str


WRITER = """
import sys
from pathlib import Path
from radeng_assets.canonical import canonical
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
        lines[1] = canonical({**record, "hash": forged.content_hash()}).decode()
    ledger.path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    problems = ledger.verify()
    assert problems
    assert problems[0].line == 3


@pytest.mark.parametrize("attack", ["cut", "cut to nothing", "head gone", "head of another", "head that is none"])
def test_what_was_cut_off_the_end_is_told(attack: str, ledger: Ledger) -> None:
    lines = ledger.path.read_bytes().splitlines(keepends=True)
    if attack == "cut":
        ledger.path.write_bytes(b"".join(lines[:-2]))
    elif attack == "cut to nothing":
        ledger.path.unlink()
    elif attack == "head gone":
        ledger.head_file.unlink()
    elif attack == "head of another":
        ledger.head_file.write_text(json.dumps({"seq": 5, "hash": GENESIS}), encoding="utf-8")
    else:
        ledger.head_file.write_bytes(b"\xff")
    found = [problem.message for problem in ledger.verify()]
    assert found == [problem.message for problem in ledger.copied().problems]
    assert len(found) == 1
    assert ("2 records were cut off" in found[0]) == (attack == "cut")


def test_a_head_that_was_lost_with_the_machine_is_behind_and_no_problem(ledger: Ledger) -> None:
    behind = ledger.head_file.read_bytes()
    ledger.append("note", Note(text="more"))
    ledger.head_file.write_bytes(behind)
    assert ledger.verify() == ()
    assert [entry.seq for entry in ledger.copied().entries] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("bad", [b"\xff\xfe\n", b"{}\n", b'{"seq": 1e999}\n', b"\r\n", b"added\r\n"])
def test_bytes_that_are_no_record_are_a_problem_with_a_line(bad: bytes, ledger: Ledger) -> None:
    lines = ledger.path.read_bytes().splitlines(keepends=True)
    ledger.path.write_bytes(b"".join([*lines[:2], bad, *lines[2:]]))
    assert [(problem.line, "not a record" in problem.message) for problem in ledger.verify()] == [(3, True)]


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
