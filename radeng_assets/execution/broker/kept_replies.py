"""The replies that a broker's books keep so that nobody pays twice: whose they are, and letting an attempt's go.

Apart from ``books``, because a broker may be at work: whoever opens the books as its own closes what is in flight.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from pydantic import ValidationError

from radeng_assets.execution.broker.line import Scope

BUSY_S = 30.0
"""How long a broker at work may keep us waiting."""


def kept_replies(books: Path) -> Iterator[tuple[Scope, int]]:
    """(attempt, bytes) of what is kept; nothing where there are no books."""
    if not books.exists():
        return
    with closing(sqlite3.connect(f"{books.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_S)) as database:
        for scope, size in database.execute("SELECT scope, SUM(LENGTH(body)) FROM replies GROUP BY scope"):
            try:
                yield Scope.model_validate_json(scope), int(size)
            except ValidationError:
                continue  # none of ours, so nobody here knows whether it is needed


def forget_replies(books: Path, scope: Scope) -> None:
    """Let an attempt's kept replies go. What was spent stays on the books."""
    with closing(sqlite3.connect(books, isolation_level=None, timeout=BUSY_S)) as database:
        database.execute("PRAGMA synchronous=FULL")
        database.execute("DELETE FROM replies WHERE scope = ?", (scope.model_dump_json(),))
