"""A home's backup: whole while others write, checked before it is put in place, and nothing where it is damaged."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from radeng_assets.evidence.ledger import Ledger
from radeng_assets.evidence.store import EvidenceStore
from radeng_assets.execution.broker.audit import audit_of
from radeng_assets.keeping.backup import MANIFEST, write_backup
from radeng_assets.keeping.removal import Busy, nobody_else
from radeng_assets.keeping.restoring import NotABackup, restore
from radeng_assets.record import Record

WRITER = """
import sqlite3, sys
from pathlib import Path
from radeng_assets.evidence.rotation import RotatedLedger
from radeng_assets.evidence.ledger import Ledger
from radeng_assets.evidence.store import EvidenceStore
from radeng_assets.record import Record

class Note(Record):
    evidence: tuple[str, ...]

home = Path(sys.argv[1])
database = sqlite3.connect(home / "broker" / "books.sqlite", isolation_level=None)
database.execute("PRAGMA journal_mode=WAL")
database.execute("CREATE TABLE IF NOT EXISTS pairs (a INTEGER, b INTEGER)")
audit = RotatedLedger(home / "broker" / "audit.jsonl", most_bytes=2000)
number = 0
while True:
    number += 1
    digest = EvidenceStore(home).put_bytes(f"evidence {number}".encode())
    Ledger(home / "ledger.jsonl").append("note", Note(evidence=(digest,)))
    audit.append("turn", Note(evidence=()))
    database.execute("BEGIN IMMEDIATE")
    database.execute("INSERT INTO pairs VALUES (?, 0)", (number,))
    database.execute("UPDATE pairs SET b = a WHERE a = ?", (number,))
    database.execute("COMMIT")
    print(number, flush=True)
"""


class Note(Record):
    evidence: tuple[str, ...] = ()


def make_home(home: Path) -> Path:
    """A small home: two records with evidence, an audit log, a mirror, and what is not to be copied."""
    (home / "broker").mkdir(parents=True)
    store = EvidenceStore(home)
    for number in range(2):
        Ledger(home / "ledger.jsonl").append("note", Note(evidence=(store.put_bytes(b"%d" % number),)))
        audit_of(home).append("turn", Note())
    for name in ("targets/a.git/refs/heads/x", "targets/a.git/objects/aa/b", "plans/p/EXECUTION-PLAN.yaml"):
        (home / name).parent.mkdir(parents=True)
        (home / name).write_text(name, encoding="utf-8")
    for name in ("worktrees/w/f", "benches/b/f", "index/i/x.sqlite", "setup/s/files", "locks/a.lock"):
        (home / name).parent.mkdir(parents=True)
        (home / name).write_text("made again", encoding="utf-8")
    (home / "plans" / ".writing-x").write_text("draft", encoding="utf-8")
    return home


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return make_home(tmp_path / "home")


def test_everything_that_cannot_be_made_again_comes_back(home: Path, tmp_path: Path) -> None:
    manifest = write_backup(home, tmp_path / "b.zip")
    assert restore(tmp_path / "b.zip", tmp_path / "new") == manifest
    there = {path.relative_to(tmp_path / "new").as_posix() for path in (tmp_path / "new").rglob("*") if path.is_file()}
    assert there == set(manifest.files)
    assert {name.partition("/")[0] for name in there} == {
        *("ledger.jsonl", "ledger.head", "evidence", "broker", "targets", "plans")
    }
    for name in there:
        assert (tmp_path / "new" / name).read_bytes() == (home / name).read_bytes()
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        names = archive.namelist()
    assert names.index("ledger.jsonl") < min(i for i, name in enumerate(names) if name.startswith("evidence/"))
    assert names.index("targets/a.git/refs/heads/x") < names.index("targets/a.git/objects/aa/b")


def test_a_backup_while_others_write_is_whole(home: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        for _ in range(20):
            writer.stdout.readline()
        write_backup(home, tmp_path / "b.zip")
        for _ in range(5):
            assert writer.stdout.readline(), "it went on meanwhile"
        writer.kill()
    restore(tmp_path / "b.zip", tmp_path / "new")
    ledger, store = Ledger(tmp_path / "new" / "ledger.jsonl"), EvidenceStore(tmp_path / "new")
    entries = list(ledger.entries("note"))
    assert len(entries) >= 20
    assert ledger.verify() == ()
    for entry in entries:
        for digest in json.loads(json.dumps(entry.body["evidence"])):
            store.get_bytes(digest)
    with closing(sqlite3.connect(tmp_path / "new" / "broker" / "books.sqlite")) as database:
        assert database.execute("SELECT COUNT(*) FROM pairs WHERE a != b").fetchone() == (0,)
        assert database.execute("SELECT COUNT(*) FROM pairs").fetchone()[0] >= 19
    assert audit_of(tmp_path / "new").verify() == ()
    assert audit_of(tmp_path / "new").segments()


Files = dict[str, bytes]


def edited_evidence(files: Files) -> None:
    name = next(name for name in files if name.startswith("evidence/"))
    files[name] += b"x"


def other_evidence(files: Files) -> None:
    """Evidence under another's name, and a manifest that says so: only the name gives it away."""
    name = next(name for name in files if name.startswith("evidence/"))
    put(files, name, b"something else")


def edited_ledger(files: Files) -> None:
    put(files, "ledger.jsonl", files["ledger.jsonl"].replace(b'"kind":"note"', b'"kind":"nota"', 1))


def cut_ledger(files: Files) -> None:
    put(files, "ledger.jsonl", files["ledger.jsonl"].splitlines(keepends=True)[0])


def edited_audit(files: Files) -> None:
    put(files, "broker/audit.jsonl", files["broker/audit.jsonl"].replace(b'"turn"', b'"tern"', 1))


def spoiled_database(files: Files) -> None:
    put(files, "broker/books.sqlite", b"SQLite format 3\0" + b"\1" * 5000)


def lost(files: Files) -> None:
    del files["ledger.head"]


def outside(files: Files) -> None:
    put(files, "../outside", b"x")


def no_manifest(files: Files) -> None:
    del files[MANIFEST]


def put(files: Files, name: str, data: bytes) -> None:
    from hashlib import sha256

    files[name] = data
    manifest = json.loads(files[MANIFEST])
    manifest["files"][name] = sha256(data).hexdigest()
    files[MANIFEST] = json.dumps(manifest).encode()


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (edited_evidence, "is not what was copied"),
        (other_evidence, "does not hold the bytes of"),
        (edited_ledger, "ledger.jsonl:1: record 1 was edited"),
        (cut_ledger, "were cut off"),
        (edited_audit, "broker/audit.jsonl:1"),
        (spoiled_database, "books.sqlite"),
        (lost, "ledger.head is missing"),
        (outside, "outside of the home"),
        (no_manifest, "no whole backup"),
    ],
)
def test_nothing_is_restored_from_a_damaged_backup(
    home: Path, tmp_path: Path, damage: Callable[[Files], None], message: str
) -> None:
    write_backup(home, tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    damage(files)
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    before = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(NotABackup, match=message):
        restore(tmp_path / "b.zip", tmp_path / "new")
    assert sorted(path.name for path in tmp_path.iterdir()) == before


@pytest.mark.parametrize("cut", [0, 10, 500])
def test_a_file_that_is_cut_off_is_no_backup(home: Path, tmp_path: Path, cut: int) -> None:
    write_backup(home, tmp_path / "b.zip")
    (tmp_path / "b.zip").write_bytes((tmp_path / "b.zip").read_bytes()[:cut])
    with pytest.raises(NotABackup):
        restore(tmp_path / "b.zip", tmp_path / "new")


def test_a_home_that_holds_something_is_left_alone(home: Path, tmp_path: Path) -> None:
    write_backup(home, tmp_path / "b.zip")
    with pytest.raises(FileExistsError):
        restore(tmp_path / "b.zip", home)
    (tmp_path / "empty").mkdir()
    restore(tmp_path / "b.zip", tmp_path / "empty")
    assert Ledger(tmp_path / "empty" / "ledger.jsonl").verify() == ()


def test_no_backup_of_a_broken_ledger_or_while_things_are_taken_away(home: Path, tmp_path: Path) -> None:
    with nobody_else(home), pytest.raises(Busy):
        write_backup(home, tmp_path / "b.zip")
    ledger = home / "ledger.jsonl"
    ledger.write_bytes(ledger.read_bytes().replace(b"note", b"nota"))
    with pytest.raises(ValueError, match=r"ledger.jsonl:1: record 1 was edited"):
        write_backup(home, tmp_path / "b.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["home"]
