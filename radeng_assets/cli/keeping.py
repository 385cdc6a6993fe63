"""Before Dagster starts: the home is there, its database answers, and whoever moved the runs elsewhere is told so."""

from __future__ import annotations

import os
from pathlib import Path

from radeng_assets.cli import console
from radeng_assets.database import ADDRESS, NoDatabase, address, configured, reach
from radeng_assets.home import Home
from radeng_assets.storage import on_database


def prepare_home(path: Path) -> Home:
    """The home at a path, ready for Dagster. Leaves with code 2 where its runs cannot be kept where they should be."""
    home = Home(path)
    try:
        if not configured(os.environ):
            return home.prepare()
        identity = reach(address(os.environ))
        if home.database not in (None, identity):
            console.fail(
                f"this home's runs are in another database than {ADDRESS} names.",
                hint=f"Name that one. To begin a new history here, delete {home.path / 'database'}.",
            )
        moves = home.sqlite.is_dir() and not (home.config.exists() and on_database(home.config.read_text("utf-8")))
        home.prepare()
        if identity is not None:
            home.note_database(identity)
    except NoDatabase as error:
        console.fail(str(error), hint=error.hint)
    if moves:
        console.err.print(
            f"From now on this home keeps its runs in Postgres. Those of before stay in {home.sqlite} and are not "
            "shown there; what was shown and paid is in the ledger, and counts as before.",
            style="yellow",
            markup=False,
            soft_wrap=True,
        )
    return home
