"""The index of one commit, open for questions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from radeng_assets.ess.answer import Hit, Node
from radeng_assets.ess.index import graph
from radeng_assets.ess.index.build import folder_of, publish, snapshots
from radeng_assets.ess.index.nodes import all_nodes, nodes_of
from radeng_assets.ess.index.search import search
from radeng_assets.execution.git import TargetRepository
from radeng_assets.record import Record


class Counts(Record):
    """What a snapshot holds. ``edges`` are links between files and references to names.

    ``skipped`` counts files by what kept them from being indexed wholly or at all (``intake.Limit``); one file may
    be counted for two reasons.
    """

    files: int
    lines: int
    symbols: int
    sections: int
    edges: int
    skipped: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class CodeIndex:
    """A snapshot. It answers from any thread, is never written to, and is to be closed (``with``)."""

    commit: str
    digest: str
    counts: Counts
    _database: sqlite3.Connection

    @classmethod
    def build(cls, home: Path, repository: TargetRepository, commit: str) -> CodeIndex:
        """The index of a revision: the one that is there, else made now from what has changed. Raises ``GitError``."""
        return cls._open(publish(home, repository, repository.resolve(commit).commit))

    @classmethod
    def latest(cls, home: Path, repository: TargetRepository) -> CodeIndex | None:
        """The index that was used last, as it is; ``None`` where there is none yet. Nothing is built."""
        found = snapshots(folder_of(home, repository))
        return cls._open(found[0]) if found else None

    def search(self, text: str, limit: int = 10) -> tuple[Hit, ...]:
        """The places that answer a question best, one for each file, best first."""
        return search(self._database, text, limit)

    def definitions(self, symbol: str) -> tuple[Hit, ...]:
        """Where a symbol is defined: ``acquire`` or ``RateLimiter.acquire``."""
        return graph.definitions(self._database, symbol)

    def references(self, symbol: str) -> tuple[Hit, ...]:
        """The lines that call or otherwise name a symbol."""
        return graph.references(self._database, symbol)

    def neighbours(self, symbol: str) -> tuple[Hit, ...]:
        """The symbols that an edge joins to a symbol."""
        return graph.neighbours(self._database, symbol)

    def tests_of(self, subject: str) -> tuple[Hit, ...]:
        """The tests that touch a path or a symbol, nearest first."""
        return graph.tests_of(self._database, subject)

    def nodes(self) -> tuple[Node, ...]:
        """Every symbol and document, as veracity needs them."""
        return all_nodes(self._database)

    def nodes_of(self, hits: Iterable[Hit]) -> tuple[Node, ...]:
        """The nodes that some hits of this index are about."""
        return nodes_of(self._database, hits)

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def __enter__(self) -> CodeIndex:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @classmethod
    def _open(cls, path: Path) -> CodeIndex:
        database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        meta = dict(database.execute("SELECT name, value FROM meta").fetchall())
        return cls(meta["commit"], meta["digest"], _counts(database, meta), database)


def _counts(database: sqlite3.Connection, meta: Mapping[str, str]) -> Counts:
    files, lines = database.execute("SELECT count(*), coalesce(sum(lines), 0) FROM files").fetchone()
    places, sections = database.execute(
        "SELECT count(*), count(*) FILTER (WHERE kind = 'section') FROM places"
    ).fetchone()
    edges = database.execute("SELECT (SELECT count(*) FROM links) + (SELECT count(*) FROM refs)").fetchone()[0]
    skipped = {name.removeprefix("skipped "): int(value) for name, value in meta.items() if name.startswith("skipped ")}
    return Counts(files=files, lines=lines, symbols=places - sections, sections=sections, edges=edges, skipped=skipped)
