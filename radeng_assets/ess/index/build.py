"""Making a snapshot: one SQLite file for each commit, published whole or not at all.

A file of its own, so that readers of an older commit are not disturbed, and so that the word statistics behind
BM25 are this commit's alone: answers do not depend on what else was ever indexed. A new snapshot begins as a copy
of the newest one there is, in which only the paths whose content address differs are read again. It is written
under another name and renamed when it is complete: a killed run leaves a draft, which the next one sweeps away.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from filelock import FileLock

from radeng_assets.canonical import digest_of
from radeng_assets.ess.index.commit_files import Entry, change_dates, contains, contents, entries
from radeng_assets.ess.index.extract import extract
from radeng_assets.ess.index.facts import Facts
from radeng_assets.ess.index.intake import Limit, Text, text_of
from radeng_assets.ess.index.language import grammar_versions, language_of
from radeng_assets.ess.index.links import link
from radeng_assets.ess.index.schema import FORMAT, FileRow, add, create, remove
from radeng_assets.ess.index.sections import SUFFIXES, read_document
from radeng_assets.ess.index.testing import is_test
from radeng_assets.execution.git import TargetRepository
from radeng_assets.execution.mirror import Mirror
from radeng_assets.holding import held
from radeng_assets.planning.collection import collection_paused

KEEP = 8
"""Snapshots of one target that are kept: a plan's waves and HEAD. The ones used longest ago go first."""

_OUTSIDE: tuple[Limit, ...] = ("link", "submodule", "name")
"""Entries of a tree that are counted and are no file of the snapshot."""


def folder_of(home: Path, repository: TargetRepository) -> Path:
    """Where a target's snapshots are."""
    return home / "index" / Mirror(home, repository).name


def snapshots(folder: Path) -> list[Path]:
    """The usable snapshots of a folder, the last used first."""
    found = [path for path in folder.glob(f"[0-9a-f]*-{_engine()}.sqlite") if _is_sound(path)]
    return sorted(found, key=_used, reverse=True)


def publish(home: Path, repository: TargetRepository, commit: str) -> Path:
    """The snapshot file of a commit (its full name), made now if it is not there.

    Any number of processes may ask at once: one makes it, the others wait. Raises ``GitError``.
    """
    folder = folder_of(home, repository)
    path = folder / f"{commit}-{_engine()}.sqlite"
    if not _is_ready(path):
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "lock", fallback_to_soft=False):
            if not _is_ready(path):
                _make(path, repository, commit)
    return path


def _engine() -> str:
    """What reads the code, as a part of a file's name: the format and the releases of the grammars."""
    return digest_of({"format": FORMAT, "grammars": grammar_versions()}).removeprefix("sha256:")[:12]


def _is_ready(path: Path) -> bool:
    """Whether a snapshot can be opened; it is then the last used, which no other process will take away."""
    with held(path.parent):
        try:
            os.utime(path)
        except FileNotFoundError:
            return False
    return _is_sound(path)


def _used(path: Path) -> tuple[float, str]:
    try:
        return path.stat().st_mtime, path.name
    except FileNotFoundError:  # another process took it away meanwhile
        return 0.0, path.name


def _is_sound(path: Path) -> bool:
    """Whether a file is a whole snapshot. One that the disk spoiled is made again."""
    if not path.exists():
        return False
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            return database.execute("SELECT value FROM meta WHERE name = 'digest'").fetchone() is not None
    except sqlite3.DatabaseError:
        return False


def _make(path: Path, repository: TargetRepository, commit: str) -> None:
    folder = path.parent
    for left in folder.glob(".draft-*"):
        left.unlink(missing_ok=True)
    draft = folder / f".draft-{uuid.uuid4().hex}"
    base = next(iter(snapshots(folder)), None)
    try:
        _write(draft, repository, commit, base)
    except sqlite3.DatabaseError:
        if base is None:
            raise
        base.unlink()  # spoiled by the disk behind its first pages
        draft.unlink()
        _write(draft, repository, commit, None)
    _sync(draft)
    draft.replace(path)
    _sync(folder)
    for old in sorted(folder.glob("*.sqlite"), key=_used, reverse=True)[KEEP:]:
        old.unlink(missing_ok=True)


def _write(draft: Path, repository: TargetRepository, commit: str, base: Path | None) -> None:
    if base:
        shutil.copyfile(base, draft)
    with closing(sqlite3.connect(draft, isolation_level=None)) as database:
        # The draft is worth nothing until it is renamed: no journal, no waiting for the disk.
        database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -32768")
        if not base:
            create(database)
        database.execute("BEGIN")
        with collection_paused():
            _fill(database, repository, commit, base.name.partition("-")[0] if base else "")
        database.execute("COMMIT")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _fill(database: sqlite3.Connection, repository: TargetRepository, commit: str, base: str) -> None:
    """Bring a database from the commit ``base`` (or from nothing) to ``commit``."""
    since = base if base and contains(repository, commit, base) else ""
    with ThreadPoolExecutor(1) as beside:  # git walks the history on the other core
        dates = beside.submit(change_dates, repository, commit, since)
        outside: Counter[str] = Counter()
        wanted: dict[str, Entry] = {}
        for entry in entries(repository, commit):
            if entry.limit in _OUTSIDE:
                outside[entry.limit] += 1
            else:
                wanted[entry.path] = entry
        known = {path: (file, blob) for file, path, blob in database.execute(_KNOWN)}
        stale = {path: file for path, (file, blob) in known.items() if path not in wanted or wanted[path].blob != blob}
        new = [entry for path, entry in wanted.items() if path not in known or path in stale]
        remove(database, stale.values())
        read = [add(database, row, stale.get(row.path)) for row in _rows(repository, new)]
        same_paths = known.keys() == wanted.keys()
        link(database, read if same_paths else None)
        touched, oldest = dates.result()
    _date(database, touched, oldest, [entry.path for entry in new] if since else wanted)
    _sum_up(database, commit, outside)


_KNOWN = "SELECT id, path, CASE limits WHEN 'missing' THEN '' ELSE blob END FROM files"
"""What was missing from the object store may be there now."""


def _rows(repository: TargetRepository, new: Iterable[Entry]) -> Iterator[FileRow]:
    readable: list[Entry] = []
    for entry in new:
        if entry.limit:
            yield FileRow(entry.path, entry.blob, "", (entry.limit,), Facts(), is_test(entry.path))
        else:
            readable.append(entry)
    for entry, data in contents(repository, readable):
        text, limits = Text(limits=("missing",)) if data is None else text_of(data)
        facts = _facts(entry.path, text) if text else Facts()
        limits = (*limits, facts.limit) if facts.limit else limits
        yield FileRow(entry.path, entry.blob, text, limits, facts, is_test(entry.path))


def _facts(path: str, text: str) -> Facts:
    if language := language_of(path):
        return extract(language, text)
    return read_document(text) if path.lower().endswith(SUFFIXES) else Facts()


def _date(database: sqlite3.Connection, touched: dict[str, str], oldest: str, unseen: Iterable[str]) -> None:
    """Note when each path was changed; ``unseen`` are the paths that have no date of an earlier snapshot."""
    dates = {**dict.fromkeys(unseen, oldest), **touched}
    database.executemany("UPDATE files SET changed = ? WHERE path = ?", [(date, path) for path, date in dates.items()])


def _sum_up(database: sqlite3.Connection, commit: str, outside: Counter[str]) -> None:
    """The snapshot's digest and counts: over what it holds, and not over SQLite's bytes or row ids."""
    limits = outside.copy()
    for (names,) in database.execute("SELECT limits FROM files WHERE limits != ''"):
        limits.update(names.split())
    files = [list(row) for row in database.execute("SELECT path, digest FROM files ORDER BY path")]
    skipped = dict(sorted(limits.items()))
    digest = digest_of({"format": FORMAT, "files": files, "skipped": skipped})
    meta = {"commit": commit, "digest": digest, **{f"skipped {reason}": str(n) for reason, n in skipped.items()}}
    database.execute("DELETE FROM meta")
    database.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
