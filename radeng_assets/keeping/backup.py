"""A home as one file: everything that cannot be made again, copied while others go on working.

What cites is copied before what it cites, so that whatever is cited in the copy is there: first the ledger, a whole
prefix of it, then the evidence. Databases are copied by SQLite itself (https://www.sqlite.org/backup.html). The copy
says of each file what its bytes are, so that whoever restores it knows that it is whole.

Left out is what is made again where it is missing: worktrees, benches, kept setups, code indexes, scanners' rules,
copies of remote targets, locks.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import tempfile
import zipfile
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from radeng_assets.canonical import canonical
from radeng_assets.evidence.envelope import timestamp
from radeng_assets.evidence.ledger import Ledger
from radeng_assets.execution.broker.audit import audit_of
from radeng_assets.keeping.removal import nobody_else
from radeng_assets.record import Record

MANIFEST = "backup.json"

SQLITE = b"SQLite format 3\0"

_IN_ORDER = (
    *("last-run.json", "dagster.yaml", "assets", "plans", "load", "told", "history", "schedules", "storage"),
    *("broker", "targets", "evidence"),
)
"""What is copied after the ledger, in this order. Of a mirror, references come before the objects that they name."""

_PASSING = (".lock", "-wal", "-shm", "-journal", ".torn")


class Manifest(Record):
    """What a backup holds (``radeng/backup/v1``): the SHA-256 of each file, and the ledger's last record."""

    schema_: str = "radeng/backup/v1"
    made: str
    head: str
    files: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Writer:
    archive: zipfile.ZipFile
    files: dict[str, str]

    def add(self, name: str, path: Path) -> None:
        """One file as it is now; nothing where it is gone by now."""
        try:
            source = path.open("rb")
        except FileNotFoundError:
            return
        digest = hashlib.sha256()
        with source, self.archive.open(_info(name), "w", force_zip64=True) as stream:
            while block := source.read(1 << 20):
                digest.update(block)
                stream.write(block)
        self.files[name] = digest.hexdigest()

    def put(self, name: str, data: bytes) -> None:
        """One file of given bytes."""
        self.archive.writestr(_info(name), data)
        self.files[name] = hashlib.sha256(data).hexdigest()


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)  # without a time: equal homes give equal entries
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def write_backup(home: Path, file: Path) -> Manifest:
    """Copy a home into ``file``, whole or not at all; what it holds. Others may go on working.

    Raises ``Busy`` while a collection is at work, ``ValueError`` where the ledger is broken, ``OSError`` where ``file``
    cannot be written.
    """
    with nobody_else(home):
        handle, draft = tempfile.mkstemp(dir=file.absolute().parent, prefix=f".{file.name}.")
        try:
            with os.fdopen(handle, "wb") as stream:
                with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                    manifest = _write(home, _Writer(archive, {}))
                stream.flush()
                os.fsync(stream.fileno())
            Path(draft).replace(file)
        except BaseException:
            Path(draft).unlink(missing_ok=True)
            raise
    return manifest


def _write(home: Path, writer: _Writer) -> Manifest:
    ledger = Ledger(home / "ledger.jsonl").copied()
    if ledger.problems:
        raise ValueError(f"{home / 'ledger.jsonl'}:{ledger.problems[0].line}: {ledger.problems[0].message}")
    writer.put("ledger.jsonl", ledger.data)
    if ledger.head is not None:
        writer.put("ledger.head", ledger.head)
    for name, path in _files(home):
        if _is_database(path):
            with _copied(path) as copy:
                writer.add(name, copy)
        else:
            writer.add(name, path)
    _add_audit(home, writer)
    head = ledger.entries[-1].hash if ledger.entries else ""
    manifest = Manifest(made=timestamp(), head=head, files=writer.files)
    writer.archive.writestr(zipfile.ZipInfo(MANIFEST), canonical(manifest))
    return manifest


def _add_audit(home: Path, writer: _Writer) -> None:
    """The audit log, all files of it, between two appends: one of them may turn to another file."""
    audit = audit_of(home)
    if audit.path.parent.is_dir():
        with audit.lock():
            for path in (audit.head_file, *audit.segments(), audit.path):
                writer.add(path.relative_to(home).as_posix(), path)


def _files(home: Path) -> Iterator[tuple[str, Path]]:
    for top in _IN_ORDER:
        place = home / top
        found = [place] if place.is_file() else sorted(_walk(place), key=lambda path: "objects" in path.parts)
        for path in found:
            if path.name.startswith("audit") and top == "broker":
                continue
            yield path.relative_to(home).as_posix(), path


def _walk(folder: Path) -> Iterator[Path]:
    """The plain files below a folder that are neither locks nor drafts."""
    for place, _, names in os.walk(folder):
        for name in names:
            path = Path(place) / name
            if not name.startswith(".") and not name.endswith(_PASSING) and path.is_file() and not path.is_symlink():
                yield path


def _is_database(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return stream.read(len(SQLITE)) == SQLITE
    except FileNotFoundError:
        return False


@contextmanager
def _copied(path: Path) -> Generator[Path]:
    """A consistent copy of a database, whoever writes to it meanwhile; it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="radeng-backup-") as folder:
        copy = Path(folder) / "copy"
        with closing(sqlite3.connect(path, timeout=30)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        yield copy
