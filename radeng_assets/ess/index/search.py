"""Which places answer a query: BM25 over heads, files and places, and what lies near in the graph.

Three signals, each as a share of the query's best: the *head* of a file (its name, folders, header, what it
defines), which says what the file is for and which a long body would water down; its whole *text*; and its best
*place*, so that a function that is all about the query counts more than words strewn over a file. A file also gets a
share of the mean score of what it imports and of what imports it, and a fixed one if it defines an identifier that
the query names as such (``rate_limiter``, ``RateLimiter``; or as its only word). Tests and documents speak about code
that others hold: they are taken down, unless asked for; so is text of no known language, which is mostly data.

The figures were chosen on the questions of ``radeng_assets_tests/ess/retrieval`` beside two foreign code bases, in
the middle of where nothing much changes; without any one of the signals the mean reciprocal rank is lower. All of it
is arithmetic over one snapshot: same snapshot and query, same answer. Equal scores go by path.
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from radeng_assets.ess.answer import Hit
from radeng_assets.ess.index.synonyms import synonyms_of
from radeng_assets.ess.index.words import TERMS, query_terms

HEAD_WEIGHTS = (4.0, 2.0, 2.0, 1.0)
"""BM25 weights of a file's own name, its folders, its header and the names that it defines."""

FILE_WEIGHTS = (1.0, 1.0, 2.0, 1.0)
"""BM25 weights of a file's path, names, documentation and body."""

PLACE_WEIGHTS = (2.0, 2.0, 1.0)
"""BM25 weights of a place's symbol, documentation and body."""

TEXT_SHARE = 1.0
HEAD_SHARE = 0.5
PLACE_SHARE = 0.2
DEFINITION_SHARE = 0.5
NEIGHBOURS_SHARE = 0.1
TEST_FACTOR = 0.6
DOCUMENT_FACTOR = 0.7
TEXT_FACTOR = 0.7

OWN = 2
"""How often a query's own word counts for once of a synonym."""

CANDIDATES = 60
"""Rows of each signal that are looked at for one query."""

SCALE = 10.0
"""Makes scores readable: what is first by every signal gets 17."""

_TEST_WORDS = frozenset({"test", "tests", "tested", "testing", "spec", "specs"})
_DOCUMENT_WORDS = frozenset({"doc", "docs", "document", "documents", "documentation", "documented", "readme", "manual"})


_IDENTIFIER = re.compile(r"[^\W\d][\w$]*")
_TELLING = re.compile(r"\w_\w|[a-z0-9][A-Z]|[A-Z]{2}[a-z]")
"""What no word of prose has inside: an underscore, a capital behind a small letter."""


class _File(NamedTuple):
    path: str
    language: str
    test: int
    lines: int


def search(database: sqlite3.Connection, text: str, limit: int) -> tuple[Hit, ...]:
    """At most ``limit`` hits, one for each file, best first; none for a query without words."""
    terms = query_terms(text)
    if not terms or limit < 1:
        return ()
    match = _match(terms)
    most = max(CANDIDATES, 3 * limit)
    heads = _shares(_best(database, _HEADS, (*HEAD_WEIGHTS, match), most))
    texts = _shares(_best(database, _TEXTS, (*FILE_WEIGHTS, match), most))
    found_places = _best(database, _PLACES, (*PLACE_WEIGHTS, match), most)
    places = _shares(found_places)
    scores: dict[int, float] = defaultdict(float)
    for share, found in ((TEXT_SHARE, texts), (HEAD_SHARE, heads), (PLACE_SHARE, places)):
        for file, score in found.items():
            scores[file] += share * score
    defined = _defined(database, text)
    for file in defined:
        scores[file] += DEFINITION_SHARE
    files = _files(database, scores)
    asked = set(terms)
    for file, row in files.items():
        if row.test and not asked & _TEST_WORDS:
            scores[file] *= TEST_FACTOR
        if row.language == "markdown" and not asked & _DOCUMENT_WORDS:
            scores[file] *= DOCUMENT_FACTOR
        if not row.language:
            scores[file] *= TEXT_FACTOR
    scores = _with_neighbours(database, scores)
    ranked = sorted(scores, key=lambda file: (-scores[file], files[file].path))[:limit]
    best = {file: place for file, place, _ in reversed(found_places)} | defined
    return tuple(_hit(database, match, best.get(file), file, files[file], SCALE * scores[file]) for file in ranked)


def _match(terms: tuple[str, ...]) -> str:
    """FTS5's expression: any of the words. One given twice counts twice; all of them twice would change nothing."""
    others = [other for term in terms for other in synonyms_of(term)]
    return " OR ".join(f'"{word}"' for word in (*terms * (OWN if others else 1), *others))


_HEADS = "SELECT rowid AS id, -bm25(heads_text, ?, ?, ?, ?) AS score FROM heads_text WHERE heads_text MATCH ?"
_TEXTS = "SELECT rowid AS id, -bm25(files_text, ?, ?, ?, ?) AS score FROM files_text WHERE files_text MATCH ?"
_PLACES = "SELECT rowid AS id, -bm25(places_text, ?, ?, ?) AS score FROM places_text WHERE places_text MATCH ?"

_OF_FILES = "SELECT t.id, t.id, t.score, f.path FROM ({}) t JOIN files f ON f.id = t.id"
_OF_PLACES = (
    "SELECT p.file, t.id, t.score, f.path FROM ({}) t JOIN places p ON p.id = t.id JOIN files f ON f.id = p.file"
)


def _best(
    database: sqlite3.Connection, signal: str, arguments: tuple[float | str, ...], most: int
) -> list[tuple[int, int, float]]:
    """The best ``most`` rows of a signal as (file, row, score), best first.

    A tie at the cut goes by path, because which of the rows has the smaller id depends on what was indexed before.
    So more rows are fetched, and all of them where the tie goes on behind those.
    """
    joined = (_OF_PLACES if signal == _PLACES else _OF_FILES) + " ORDER BY t.score DESC, f.path, t.id"
    found = database.execute(joined.format(f"{signal} ORDER BY score DESC LIMIT ?"), (*arguments, most * 4)).fetchall()
    if len(found) == most * 4 and found[-1][2] == found[most - 1][2]:
        found = database.execute(joined.format(signal), arguments).fetchall()
    return [(file, row, score) for file, row, score, _ in found[:most]]


def _shares(rows: list[tuple[int, int, float]]) -> dict[int, float]:
    """File → its best score over the best of all. FTS5 gives words that stand nearly everywhere hardly more than 0."""
    top = rows[0][2] if rows else 0.0
    shares: dict[int, float] = {}
    for file, _, score in rows:
        shares.setdefault(file, score / top if top > 0 else 0.0)
    return shares


def _defined(database: sqlite3.Connection, text: str) -> dict[int, int]:
    """File → the first place in it that defines an identifier of the query."""
    words = _IDENTIFIER.findall(text)[:TERMS]
    named = [word for word in words if len(words) == 1 or _TELLING.search(word)]
    found: dict[int, int] = {}
    for word in named:
        rows = database.execute("SELECT file, id FROM places WHERE name = ? AND kind != 'section' ORDER BY id", (word,))
        for file, place in rows:
            found.setdefault(file, place)
    return found


def _files(database: sqlite3.Connection, scores: Mapping[int, float]) -> dict[int, _File]:
    rows = database.execute(
        f"SELECT id, path, language, test, lines FROM files WHERE id IN ({_list(scores)})"  # noqa: S608 - integers
    )
    return {file: _File(*row) for file, *row in rows}


def _list(ids: Mapping[int, float]) -> str:
    return ", ".join(map(str, ids))


def _with_neighbours(database: sqlite3.Connection, scores: Mapping[int, float]) -> dict[int, float]:
    near: dict[int, set[int]] = defaultdict(set)
    rows = database.execute(f"SELECT source, target FROM links WHERE source IN ({_list(scores)})")  # noqa: S608 - integers
    for source, target in rows:
        if target in scores:
            near[source].add(target)
            near[target].add(source)
    return {
        file: score + NEIGHBOURS_SHARE * sum(sorted(scores[other] for other in near[file])) / max(len(near[file]), 1)
        for file, score in scores.items()
    }


def _hit(database: sqlite3.Connection, match: str, place: int | None, file: int, row: _File, score: float) -> Hit:
    """The place of a file that answers best, or the file where no place does."""
    if place is None:
        first, last = database.execute("SELECT min(id), max(id) FROM places WHERE file = ?", (file,)).fetchone()
        within = (*PLACE_WEIGHTS, match, first or 0, last or 0)
        place, _ = database.execute(f"{_PLACES} AND rowid BETWEEN ? AND ? {_FIRST}", within).fetchone() or (None, 0)
    if place is None:
        return Hit(path=row.path, line_start=1, line_end=max(row.lines, 1), kind="file", score=score)
    symbol, kind, line_start, line_end = database.execute(
        "SELECT symbol, kind, line_start, line_end FROM places WHERE id = ?", (place,)
    ).fetchone()
    return Hit(path=row.path, line_start=line_start, line_end=line_end, symbol=symbol, kind=kind, score=score)


_FIRST = "ORDER BY score DESC, rowid LIMIT 1"
