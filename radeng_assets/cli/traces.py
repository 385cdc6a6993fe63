"""``radeng traces``: the runs of the record as OpenTelemetry traces."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Collection
from pathlib import Path
from typing import Annotated

import typer

from radeng_assets.cli import console
from radeng_assets.cli.options import apply_settings
from radeng_assets.home import Home
from radeng_assets.telemetry.otlp import NoExporter, give, wanted
from radeng_assets.telemetry.shipping import Shipping
from radeng_assets.telemetry.spans import Span
from radeng_assets.telemetry.watch import Watch

HINT = "Set OTEL_EXPORTER_OTLP_ENDPOINT, as in OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318."


def traces_command(
    home: Annotated[Path | None, typer.Option(help="Where state lives.")] = None,
) -> None:
    """Send the traces of all runs that are new, or grew, since they were sent last.

    `radeng run` does so at its end; this is for runs of the web UI, and for a collector that was not there. Exit 0; 1
    where the collector did not take them; 2 where no collector is named.
    """
    settings = apply_settings(home=home)
    if not wanted(os.environ):
        console.fail("no collector is named.", hint=HINT)
    try:
        sent = _ship(Home.of(settings))
    except NoExporter as missing:
        console.fail(f"{missing}")
    except sqlite3.Error as error:
        console.fail(f"the broker's books cannot be read: {error}")
    if sent is None:
        console.fail("the collector did not take the traces.", hint="Run it again later.", code=console.FINDINGS)
    console.err.print(f"{sent} spans sent")


def ship_after_run(home: Home) -> None:
    """Send what is new where a collector is named. Whatever goes wrong is said, and is no failure of the run."""
    if not wanted(os.environ):
        return
    try:
        if _ship(home) is None:
            console.err.print("[yellow]The collector did not take the traces.[/] `radeng traces` sends them later.")
    except (NoExporter, OSError, sqlite3.Error) as error:
        console.err.print(f"No traces were sent: {error}", style="yellow", markup=False, soft_wrap=True)


def _ship(home: Home) -> int | None:
    """How many spans were sent; ``None`` where the collector did not take them."""
    arrived = True

    def hand(spans: Collection[Span]) -> bool:
        nonlocal arrived
        arrived = give(spans)
        return arrived

    sent = Shipping(home.path).ship(Watch(home).course(), round(time.time() * 1000), hand)
    return sent if arrived else None
