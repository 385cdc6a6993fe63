"""``radeng verdict``: the last verdict, again, and its bundle."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from radeng_assets.cli import console
from radeng_assets.cli.options import apply_settings
from radeng_assets.cli.render import counts_line, criteria_table, verdict_line, waves_table
from radeng_assets.home import Home
from radeng_assets.readiness.bundle import write_bundle
from radeng_assets.readiness.verdict import Verdict


def verdict_command(
    gate: Annotated[bool, typer.Option("--gate", help="Exit 3 unless READY.")] = False,
    bundle: Annotated[Path | None, typer.Option(help="Write the verdict's bundle here.")] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
    home: Annotated[Path | None, typer.Option(help="Where state lives.")] = None,
) -> None:
    """Print the last verdict.

    Exit 0; with --gate 3 unless it is READY. 2 where there is no verdict yet.
    """
    place = Home(apply_settings(home=home).home)
    stored = place.verdict
    if not stored.is_file():
        console.fail(f"there is no verdict in {place.path} yet.", hint="Run `radeng run` first.")
    verdict = Verdict.model_validate_json(stored.read_bytes())
    if bundle is not None:
        write_bundle(
            bundle,
            verdict,
            plan=place.plan(verdict.plan.digest),
            ledger=place.ledger,
            store=place.store,
        )
        console.err.print(f"bundle: {bundle}")
    if json:
        console.print_json(verdict.document())
    else:
        console.out.print(counts_line(verdict.plan))
        console.out.print(waves_table(verdict), criteria_table(verdict), verdict_line(verdict))
    if gate and verdict.verdict != "READY":
        raise typer.Exit(console.NOT_READY)
