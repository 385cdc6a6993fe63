"""Places as veracity sees them: when they were last touched, what hangs on them, what a document describes."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator

from radeng_assets.ess.answer import Hit, Node
from radeng_assets.ess.index.graph import EDGES

_FILES = "SELECT id, path, title, language, changed FROM files"


def all_nodes(database: sqlite3.Connection) -> tuple[Node, ...]:
    """A node for each symbol and each document of the snapshot, in order of paths and lines."""
    return tuple(_nodes(database, None))


def nodes_of(database: sqlite3.Connection, hits: Iterable[Hit]) -> tuple[Node, ...]:
    """The nodes that some hits of this snapshot are about: a symbol's for a symbol, the file's for anything else."""
    wanted = list(dict.fromkeys((hit.path, hit.line_start, hit.symbol) for hit in hits))
    by_file: dict[str, list[Node]] = defaultdict(list)
    for node in _nodes(database, {path for path, _, _ in wanted}):
        by_file[node.path].append(node)
    found = (_node_for(by_file[path], line, symbol) for path, line, symbol in wanted)
    return tuple(dict.fromkeys(node for node in found if node is not None))


def _node_for(nodes: list[Node], line: int, symbol: str) -> Node | None:
    exact = (node for node in nodes if node.line == line and node.name == symbol)
    return next(exact, nodes[0] if nodes else None)


def _nodes(database: sqlite3.Connection, paths: set[str] | None) -> Iterator[Node]:
    """Every symbol's and document's node; of ``paths`` alone where they are given, and then each file's own too."""
    files = [row for row in database.execute(f"{_FILES} ORDER BY path") if paths is None or row[1] in paths]
    chosen = None if paths is None else [file for file, *_ in files]
    near = _neighbours(database, chosen)
    for file, path, title, language, changed in files:
        if language == "markdown" or chosen is not None:
            described = database.execute(_DESCRIBED, (file,)).fetchall() if language == "markdown" else []
            yield Node(
                path=path,
                line=1,
                name=title or path,
                document=language == "markdown",
                changed=changed,
                neighbours=len(near["file", file]),
                describes=tuple(other for (other,) in described),
            )
        rows = database.execute(_SYMBOLS, (file,))
        for place, line, symbol in rows:
            count = len(near["place", place])
            yield Node(path=path, line=line, name=symbol, document=False, changed=changed, neighbours=count)


_DESCRIBED = (
    "SELECT f.path FROM links l JOIN files f ON f.id = l.target WHERE l.source = ? AND l.kind = 'mention'"
    " AND f.language NOT IN ('', 'markdown') ORDER BY f.path"
)
_SYMBOLS = (
    "SELECT id, line_start, symbol FROM places WHERE file = ? AND kind != 'section'"
    " ORDER BY line_start, line_end DESC, symbol"
)

_Key = tuple[str, int]


def _neighbours(database: sqlite3.Connection, files: list[int] | None) -> defaultdict[_Key, set[_Key]]:
    """What an edge joins to each place and file: references, containers, and links between files."""
    near: defaultdict[_Key, set[_Key]] = defaultdict(set)

    def join(one: _Key, other: _Key) -> None:
        near[one].add(other)
        near[other].add(one)

    among = None if files is None else ", ".join(map(str, files))
    edges = [EDGES] if among is None else [f"{EDGES} AND {column} IN ({among})" for column in ("p.file", "r.file")]
    for statement in edges:
        for file, owner, target, _ in database.execute(statement):
            join(("file", file) if owner is None else ("place", owner), ("place", target))
    containers = "SELECT id, container FROM places WHERE container NOT NULL"
    for place, container in database.execute(containers if among is None else f"{containers} AND file IN ({among})"):
        join(("place", place), ("place", container))
    links = "SELECT source, target FROM links"
    for source, target in database.execute(
        links if among is None else f"{links} WHERE source IN ({among}) OR target IN ({among})"
    ):
        join(("file", source), ("file", target))
    return near
