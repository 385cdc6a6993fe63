"""The SQLite file of a snapshot: its tables, and how one file's facts get in and out.

Unchanged files' rows are carried over from an earlier snapshot's file, so no row depends on any other file's; what
does (``links``) is made anew. Row ids depend on history: nothing that is answered or digested contains one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from posixpath import split
from typing import NamedTuple

from radeng_assets.ess.index.facts import MODULE, Facts, digest_of_file
from radeng_assets.ess.index.words import split_identifiers

FORMAT = 1
"""Raised whenever facts, tables or rules of reading change: snapshots of another format are not used."""

_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE files (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, blob TEXT NOT NULL, language TEXT NOT NULL,
  title TEXT NOT NULL, lines INTEGER NOT NULL, limits TEXT NOT NULL, digest TEXT NOT NULL, test INTEGER NOT NULL,
  changed TEXT NOT NULL DEFAULT '');
CREATE TABLE places (id INTEGER PRIMARY KEY, file INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
  symbol TEXT NOT NULL, signature TEXT NOT NULL, doc TEXT NOT NULL, line_start INTEGER NOT NULL,
  line_end INTEGER NOT NULL, container INTEGER);
CREATE INDEX places_file ON places (file);
CREATE INDEX places_name ON places (name);
CREATE TABLE refs (file INTEGER NOT NULL, owner INTEGER, kind TEXT NOT NULL, name TEXT NOT NULL, line INTEGER NOT NULL);
CREATE INDEX refs_file ON refs (file);
CREATE INDEX refs_name ON refs (name);
CREATE TABLE leads (file INTEGER NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL, line INTEGER NOT NULL);
CREATE INDEX leads_file ON leads (file);
CREATE TABLE links (source INTEGER NOT NULL, target INTEGER NOT NULL, kind TEXT NOT NULL, line INTEGER NOT NULL,
  PRIMARY KEY (source, target, kind)) WITHOUT ROWID;
CREATE INDEX links_target ON links (target);
CREATE VIRTUAL TABLE heads_text USING fts5 (stem, folder, header, names, tokenize = 'porter unicode61');
CREATE VIRTUAL TABLE files_text USING fts5 (path, names, doc, body, tokenize = 'porter unicode61');
CREATE VIRTUAL TABLE places_text USING fts5 (name, doc, body, tokenize = 'porter unicode61');
"""


class FileRow(NamedTuple):
    """One file of the commit, ready to be stored."""

    path: str
    blob: str
    text: str
    limits: tuple[str, ...]
    facts: Facts
    test: bool


def create(database: sqlite3.Connection) -> None:
    """Make the tables of an empty snapshot."""
    database.executescript(_TABLES)


def remove(database: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Take files out, with everything that came from them. Links *to* them stay: ``add`` may give the id again."""
    rows = [(file,) for file in ids]
    database.executemany("DELETE FROM places_text WHERE rowid IN (SELECT id FROM places WHERE file = ?)", rows)
    for statement in (
        "DELETE FROM places WHERE file = ?",
        "DELETE FROM refs WHERE file = ?",
        "DELETE FROM leads WHERE file = ?",
        "DELETE FROM links WHERE source = ?",
        "DELETE FROM heads_text WHERE rowid = ?",
        "DELETE FROM files_text WHERE rowid = ?",
        "DELETE FROM files WHERE id = ?",
    ):
        database.executemany(statement, rows)


def add(database: sqlite3.Connection, row: FileRow, known: int | None) -> int:
    """Store a file, and say under which id: the one that its path was ``known`` by, or a new one."""
    facts = row.facts
    digest = digest_of_file(row.blob, row.limits, facts)
    title = facts.header.partition("\n")[0]
    lines = row.text.count("\n") + (not row.text.endswith("\n")) if row.text else 0
    file = database.execute(
        "INSERT INTO files (id, path, blob, language, title, lines, limits, digest, test)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (known, row.path, row.blob, facts.language, title, lines, " ".join(row.limits), digest, row.test),
    ).lastrowid
    if file is None:
        raise sqlite3.DatabaseError(f"no row id for {row.path}")
    first = database.execute("SELECT coalesce(max(id), 0) + 1 FROM places").fetchone()[0]
    _add_facts(database, file, first, facts)
    _add_text(database, file, first, row)
    return file


def _add_facts(database: sqlite3.Connection, file: int, first: int, facts: Facts) -> None:
    database.executemany(
        "INSERT INTO places VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (first + index, file, *place[:-1], None if place.container == MODULE else first + place.container)
            for index, place in enumerate(facts.places)
        ],
    )
    database.executemany(
        "INSERT INTO refs VALUES (?, ?, ?, ?, ?)",
        [
            (file, None if owner == MODULE else first + owner, kind, name, line)
            for kind, name, line, owner in facts.references
        ],
    )
    database.executemany("INSERT INTO leads VALUES (?, ?, ?, ?)", [(file, *lead) for lead in facts.leads])


def _add_text(database: sqlite3.Connection, file: int, first: int, row: FileRow) -> None:
    """Full text: the whole file, and each place by itself (of one that contains others, what stands before them)."""
    body = split_identifiers(row.text)
    places = row.facts.places
    names = split_identifiers(" ".join(place.name for place in places))
    doc = split_identifiers("\n".join(place.doc for place in places if place.kind != "section"))
    folder, stem, header = map(split_identifiers, (*split(row.path), row.facts.header))
    database.execute(
        "INSERT INTO heads_text (rowid, stem, folder, header, names) VALUES (?, ?, ?, ?, ?)",
        (file, stem, folder, header, names),
    )
    database.execute(
        "INSERT INTO files_text (rowid, path, names, doc, body) VALUES (?, ?, ?, ?, ?)",
        (file, f"{folder} {stem}", names, f"{header}\n{doc}", body),
    )
    lines = body.split("\n")
    ends = {place.container: place.line_start - 1 for place in reversed(places)}
    database.executemany(
        "INSERT INTO places_text (rowid, name, doc, body) VALUES (?, ?, ?, ?)",
        [
            (
                first + index,
                split_identifiers(place.symbol),
                "" if place.kind == "section" else split_identifiers(place.doc),
                "\n".join(lines[place.line_start - 1 : ends.get(index, place.line_end)]),
            )
            for index, place in enumerate(places)
        ],
    )
