"""Plans whose money the books have frozen, because a reply claimed to have cost more than it could: letting them spend.

A person decides that, after a look at the account. Apart from ``books`` for the reason of ``kept_replies``.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from radeng_assets.execution.broker.kept_replies import BUSY_S


def thaw_money(books: Path) -> dict[str, str]:
    """Let every frozen plan spend again; plan → why it was frozen. Nothing where there are no books."""
    if not books.exists():
        return {}
    with closing(sqlite3.connect(books, isolation_level=None, timeout=BUSY_S)) as database:
        database.execute("PRAGMA synchronous=FULL")
        return dict(database.execute("DELETE FROM frozen RETURNING plan, why").fetchall())
