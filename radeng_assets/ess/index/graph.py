"""What hangs together: definitions, references, neighbours, and the tests that touch something.

A reference is to a *name*. It means the symbols of that name in its own file or in a file that this one imports,
else the only symbol of that name in the snapshot. That is as far as syntax goes; there is no type inference.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from radeng_assets.ess.answer import Hit

HOPS = 2
"""Imports between a test and what it touches: its own, and those of the helper or facade between."""


class Edge(NamedTuple):
    """A resolved reference: from a file and, within it, a place (or ``None``), to a place."""

    file: int
    owner: int | None
    target: int
    line: int


EDGES = """
SELECT r.file, r.owner, p.id, r.line FROM refs r JOIN places p ON p.name = r.name AND p.kind != 'section'
WHERE (p.file = r.file
  OR EXISTS (SELECT 1 FROM links l WHERE l.source = r.file AND l.target = p.file AND l.kind = 'import')
  OR (SELECT count(*) FROM (SELECT 1 FROM places q WHERE q.name = r.name AND q.kind != 'section' LIMIT 2)) = 1)
  AND p.id IS NOT r.owner
"""

_PLACE = "SELECT p.id, f.path, p.line_start, p.line_end, p.symbol, p.kind FROM places p JOIN files f ON f.id = p.file"

_AROUND = (
    "SELECT container FROM places WHERE id = ? AND container NOT NULL UNION SELECT id FROM places WHERE container = ?"
)


def definitions(database: sqlite3.Connection, symbol: str) -> tuple[Hit, ...]:
    """Where a symbol is defined: by its name, or by that with its containers' (``RateLimiter.acquire``)."""
    return tuple(hit for _, hit in _defined(database, symbol))


def references(database: sqlite3.Connection, symbol: str) -> tuple[Hit, ...]:
    """Every line that refers to a symbol; ``Hit.symbol`` is what the line stands in, ``kind`` is ``reference``."""
    found: dict[tuple[str, int], Hit] = {}
    for target, _ in _defined(database, symbol):
        for edge in _edges(database, "p.id", target):
            path, owner = _owner(database, edge)
            hit = Hit(path=path, line_start=edge.line, line_end=edge.line, symbol=owner, kind="reference", score=1.0)
            found.setdefault((path, edge.line), hit)
    return tuple(found[key] for key in sorted(found))


def neighbours(database: sqlite3.Connection, symbol: str) -> tuple[Hit, ...]:
    """Places that an edge joins to a symbol: what refers to it, what it refers to, what contains it or is in it."""
    near: set[int] = set()
    own = [place for place, _ in _defined(database, symbol)]
    for place in own:
        near.update(edge.owner for edge in _edges(database, "p.id", place) if edge.owner is not None)
        near.update(edge.target for edge in _edges(database, "r.owner", place))
        near.update(other for (other,) in database.execute(_AROUND, (place, place)))
    hits = [_hit(row) for place in near - set(own) for row in database.execute(f"{_PLACE} WHERE p.id = ?", (place,))]
    return tuple(sorted(hits, key=_by_place))


def tests_of(database: sqlite3.Connection, subject: str) -> tuple[Hit, ...]:
    """The tests that touch a path or a symbol, nearest first; the score is 1 over the number of imports between.

    A test touches a symbol if it refers to it, and a file if it imports it, itself or through one other file.
    """
    found: dict[str, Hit] = {}
    for hit in references(database, subject):
        if _is_test(database, hit.path):
            found.setdefault(hit.path, hit)
    start = {file for (file,) in database.execute(_FILE, (_sayable(subject),))}
    if not start and not found:
        paths = [hit.path for hit in definitions(database, subject)]
        start = {file for path in paths for (file,) in database.execute(_FILE, (path,))}
    seen, layer = set(start), start
    for hop in range(1, HOPS + 1):
        rows = [row for file in layer for row in database.execute(_IMPORTERS, (file,))]
        for _, path, line, test in sorted(rows, key=lambda row: (row[1], row[2])):
            if test:
                found.setdefault(path, Hit(path=path, line_start=line, line_end=line, kind="import", score=1 / hop))
        layer = {file for file, *_ in rows} - seen
        seen |= layer
    return tuple(sorted(found.values(), key=_by_place))


_FILE = "SELECT id FROM files WHERE path = ?"
_IMPORTERS = (
    "SELECT f.id, f.path, l.line, f.test FROM links l JOIN files f ON f.id = l.source"
    " WHERE l.target = ? AND l.kind = 'import'"
)


def _defined(database: sqlite3.Connection, symbol: str) -> list[tuple[int, Hit]]:
    symbol = _sayable(symbol)
    name = symbol.rpartition(".")[2]
    rows = database.execute(f"{_PLACE} WHERE p.name IN (?, ?) AND p.kind != 'section'", (name, symbol))
    found = [(place, _hit((place, *row))) for place, *row in rows]
    meant = [(place, hit) for place, hit in found if f".{hit.symbol}".endswith(f".{symbol}")]
    return sorted(meant, key=_by_hit)


def _edges(database: sqlite3.Connection, column: str, place: int) -> Iterator[Edge]:
    return (Edge(*row) for row in database.execute(f"{EDGES} AND {column} = ?", (place,)))


def _owner(database: sqlite3.Connection, edge: Edge) -> tuple[str, str]:
    return database.execute(
        "SELECT f.path, coalesce(p.symbol, '') FROM files f LEFT JOIN places p ON p.id = ? WHERE f.id = ?",
        (edge.owner, edge.file),
    ).fetchone()


def _is_test(database: sqlite3.Connection, path: str) -> bool:
    return bool(database.execute("SELECT test FROM files WHERE path = ?", (path,)).fetchone()[0])


def _hit(row: tuple[object, ...]) -> Hit:
    _, path, first, last, symbol, kind = row
    return Hit.model_validate(
        {"path": path, "line_start": first, "line_end": last, "symbol": symbol, "kind": kind, "score": 1.0}
    )


def _by_place(hit: Hit) -> tuple[float, str, int, int]:
    return -hit.score, hit.path, hit.line_start, hit.line_end


def _by_hit(found: tuple[int, Hit]) -> tuple[float, str, int, int]:
    return _by_place(found[1])


def _sayable(text: str) -> str:
    """A text that SQLite takes: half a surrogate pair names nothing."""
    return text.encode(errors="replace").decode()
