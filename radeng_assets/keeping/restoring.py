"""A home from its backup: unpacked beside its place, checked whole, and only then put there."""

from __future__ import annotations

import hashlib
import re
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path, PurePosixPath

from pydantic import ValidationError

from radeng_assets.evidence.ledger import Ledger
from radeng_assets.evidence.store import EvidenceChanged, EvidenceStore
from radeng_assets.execution.broker.audit import audit_of
from radeng_assets.keeping.backup import MANIFEST, SQLITE, Manifest

_UNZIPPABLE = (EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError)

_PLAIN = re.compile(r"[^\0\\]+")


class NotABackup(Exception):  # noqa: N818  # named for what was found
    """A file that no home can be restored from; the message says what is wrong with it."""


def restore(file: Path, home: Path) -> Manifest:
    """Make ``home`` (which must not hold anything yet) what it was when ``file`` was written.

    What was written is checked: each file's bytes, the chains of the ledger and of the audit log, each piece of
    evidence by its name, each database. Raises ``NotABackup``, ``FileExistsError``, and ``OSError`` for the disk.
    """
    if home.exists() and any(home.iterdir()):
        raise FileExistsError(f"{home} holds something already")
    home.absolute().parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.absolute().parent, prefix=f".{home.name}.") as scratch:
        draft = Path(scratch) / "home"
        draft.mkdir()
        try:
            with zipfile.ZipFile(file) as archive:
                manifest = _unpack(archive, draft)
        except (NotABackup, *_UNZIPPABLE, OSError) as error:
            raise NotABackup(f"{file}: {error}") from error
        for problem in _problems(draft, manifest):
            raise NotABackup(f"{file}: {problem}")
        if home.exists():
            home.rmdir()
        draft.rename(home)
    return manifest


def _unpack(archive: zipfile.ZipFile, home: Path) -> Manifest:
    try:
        manifest = Manifest.model_validate_json(archive.read(MANIFEST))
    except (KeyError, ValidationError):
        raise NotABackup(f"it holds no {MANIFEST} of ours, so it is no whole backup") from None
    for name, expected in manifest.files.items():
        if not _is_below(name):
            raise NotABackup(f"it names a file outside of the home: {name[:100]!r}")
        target = home / name
        target.parent.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        try:
            with archive.open(name) as source, target.open("wb") as stream:
                while block := source.read(1 << 20):
                    digest.update(block)
                    stream.write(block)
        except KeyError:
            raise NotABackup(f"{name} is missing in it") from None
        if digest.hexdigest() != expected:
            raise NotABackup(f"{name} is not what was copied")
    for mirror in home.glob("targets/*.git"):
        for folder in ("refs", "objects"):  # empty ones are not in the file, and git needs both
            (mirror / folder).mkdir(exist_ok=True)
    return manifest


def _is_below(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and bool(_PLAIN.fullmatch(name))


def _problems(home: Path, manifest: Manifest) -> Iterator[str]:
    """What does not hold of a home that was unpacked."""
    ledger = Ledger(home / "ledger.jsonl")
    audit = audit_of(home)
    for problem in ledger.verify():
        yield f"ledger.jsonl:{problem.line}: {problem.message}"
    if manifest.head and ledger.head() != manifest.head:
        yield "the ledger ends with another record than was copied"
    for problem in audit.verify():
        yield f"broker/{problem.file}:{problem.line}: {problem.message}"
    store = EvidenceStore(home)
    for digest in store.digests():
        try:
            store.get_bytes(digest)
        except EvidenceChanged as changed:
            yield str(changed)
    for name in manifest.files:
        with (home / name).open("rb") as stream:
            if stream.read(len(SQLITE)) != SQLITE:
                continue
        try:
            with closing(sqlite3.connect(home / name)) as database:
                said = str(database.execute("PRAGMA quick_check").fetchone()[0])
        except sqlite3.DatabaseError as error:
            said = str(error)
        if said != "ok":
            yield f"{name}: {said}"
