"""``radeng logs``: what happened, one JSON line for each event."""

from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from radeng_assets.cli import console
from radeng_assets.cli.options import apply_settings
from radeng_assets.home import Home
from radeng_assets.telemetry.activity import Activity
from radeng_assets.telemetry.lines import LogLine, lines_of
from radeng_assets.telemetry.watch import Watch

POLL_S = 0.5
"""How often (s) the record is looked at for what is new."""


def logs_command(
    run: Annotated[str | None, typer.Option(help="Only this run's lines.")] = None,
    follow: Annotated[bool, typer.Option("--follow", help="Go on with what happens from now on.")] = False,
    home: Annotated[Path | None, typer.Option(help="Where state lives.")] = None,
) -> None:
    """Print the events of the record, oldest first, as JSON lines on stdout.

    They hold names, states, times and numbers: no prompt, no output, no reason. Exit 0; 2 where the record cannot be
    read.
    """
    watch = Watch(Home.of(apply_settings(home=home)))
    known: set[Activity] = set()
    told: set[LogLine] = set()
    while True:
        try:
            fresh = [activity for activity in watch.course() if activity not in known]
        except sqlite3.Error as error:
            console.fail(f"{watch.home.path / 'broker' / 'books.sqlite'} cannot be read: {error}")
        known.update(fresh)
        _print((line for line in lines_of(fresh) if run in (None, line.run)), told)
        if not follow:
            return
        time.sleep(POLL_S)


def _print(lines: Iterable[LogLine], told: set[LogLine]) -> None:
    """Print the lines that were not, and flush: whoever reads along sees an event whole and at once."""
    for line in lines:
        if line not in told:
            told.add(line)
            sys.stdout.write(f"{line.text()}\n")
    sys.stdout.flush()
