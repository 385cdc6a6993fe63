"""Where imports and mentions lead: from what a file says to the files of the commit that it means."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from posixpath import basename, dirname, join, normpath

from radeng_assets.ess.index.language import all_languages


class Paths:
    """The paths of a commit, and what may be meant by a part of one."""

    def __init__(self, ids: Mapping[str, int]) -> None:
        self._ids = ids
        self._by_name: dict[str, list[str]] = {}
        for path in ids:
            self._by_name.setdefault(basename(path), []).append(path)

    def imported(self, language: str, path: str, specifier: str) -> int | None:
        """The file that an import leads to; ``None`` for a package from elsewhere."""
        known = all_languages().get(language)
        if known is None:
            return None
        return next((self._ids[one] for one in known.candidates(path, specifier) if one in self._ids), None)

    def mentioned(self, path: str, text: str) -> int | None:
        """The file that a document names: from its folder, from the top, or as the one path that ends so."""
        for one in (normpath(join(dirname(path), text)), normpath(text), text.replace(".", "/") + ".py"):
            if one in self._ids:
                return self._ids[one]
        ending = normpath(text).lstrip("./")
        same = [one for one in self._by_name.get(basename(ending), ()) if f"/{one}".endswith(f"/{ending}")]
        return self._ids[same[0]] if len(same) == 1 else None


def link(database: sqlite3.Connection, sources: Iterable[int] | None) -> None:
    """Make the links of some files anew, or of all (``None``): a path that comes or goes may concern any of them."""
    paths = Paths(dict(database.execute("SELECT path, id FROM files")))
    if sources is None:
        database.execute("DELETE FROM links")
        leads = database.execute(f"{_LEADS} ORDER BY l.rowid").fetchall()
    else:
        one = f"{_LEADS} AND f.id = ? ORDER BY l.rowid"
        leads = [row for source in sources for row in database.execute(one, (source,))]
    database.executemany("INSERT OR IGNORE INTO links VALUES (?, ?, ?, ?)", _links(paths, leads))


_LEADS = "SELECT f.id, f.path, f.language, l.kind, l.text, l.line FROM leads l JOIN files f ON f.id = l.file WHERE TRUE"


def _links(paths: Paths, leads: Iterable[tuple[int, str, str, str, str, int]]) -> Iterator[tuple[int, int, str, int]]:
    for source, path, language, kind, text, line in leads:
        target = paths.imported(language, path, text) if kind == "import" else paths.mentioned(path, text)
        if target is not None and target != source:
            yield source, target, kind, line
