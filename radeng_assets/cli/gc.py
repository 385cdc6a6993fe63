"""``radeng gc``: lists what the policy lets go, then takes exactly that away."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.filesize import decimal
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from radeng_assets.cli import console
from radeng_assets.cli.options import recall_settings
from radeng_assets.cli.render import findings_table
from radeng_assets.home import Home
from radeng_assets.keeping.items import DAY_S, Item
from radeng_assets.keeping.removal import Busy, nobody_else
from radeng_assets.planning.folder import POLICY
from radeng_assets.readiness.judge import RESTORE
from radeng_assets.readiness.policy import read_policy

if TYPE_CHECKING:
    from radeng_assets.orchestration.collection import Collection
    from radeng_assets.orchestration.site import Site

_SHOWN = 40
"""Rows of the table. ``--json`` has all."""

Stayed = tuple[Item, str]
"""Something that was listed and is still there, and why."""


def gc_command(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list what would go.")] = False,
    plan: Annotated[Path | None, typer.Option(help="The planning folder, if not the last run's.")] = None,
    target: Annotated[str | None, typer.Option(help="The git repository, if not the last run's.")] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
    home: Annotated[Path | None, typer.Option(help="Where state lives.")] = None,
) -> None:
    """Take away what is old and not needed (readiness.yaml: retention). Runs may go on meanwhile.

    Exit 0: what is listed is gone, or there was nothing. 1: some of it stayed, and it says why. 2: there is no home,
    the policy or the ledger is broken, or another gc is at work: nothing is gone.
    """
    place = Home(recall_settings(home=home, plan_dir=plan, target_repo=target).home)
    if not place.path.is_dir():
        console.fail(f"there is no home {place.path}.", hint="Name it with --home DIR.")
    # Dagster takes a second to import; what fails before this line fails at once.
    from radeng_assets.orchestration.collection import Collection
    from radeng_assets.orchestration.site import Site

    place.prepare()
    site = Site.current()
    _check_policy(site)
    now = time.time()
    try:
        with nobody_else(place.path), Collection.start(site, now) as collection:
            items = collection.listed()
            stayed = () if dry_run else _taken_away(collection, items)
    except Busy as busy:
        console.fail(str(busy), hint="Wait until it has ended.")
    except ValueError as broken:
        console.fail(f"the record is broken, so nobody knows what is needed: {broken}", hint=RESTORE)
    if json:
        console.print_json(_document(items, stayed, now, dry_run=dry_run))
    else:
        _show(items, stayed, now, dry_run=dry_run)
    raise typer.Exit(console.FINDINGS if stayed else console.OK)


def _check_policy(site: Site) -> None:
    """Leave where the policy cannot be read whole: a default is no order to take anything away."""
    problems = [p for p in read_policy(site.sources.sources.get(POLICY))[1] if p.severity == "error"]
    if site.served.broken is not None:
        problems += site.served.broken_findings()
    if problems:
        console.err.print(findings_table(problems))
        console.fail(f"{POLICY} cannot be read whole, so nothing is taken away.", hint="Mend the findings above.")


def _taken_away(collection: Collection, items: Sequence[Item]) -> tuple[Stayed, ...]:
    stayed: list[Stayed] = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console.err, transient=True) as progress:
        task = progress.add_task("gc", total=len(items))
        for item, why in collection.take_away(items):
            progress.update(task, description=item.kind, advance=1)
            if why:
                stayed.append((item, why))
    return tuple(stayed)


def _document(items: Sequence[Item], stayed: Sequence[Stayed], now: float, *, dry_run: bool) -> dict[str, object]:
    return {
        "schema": "radeng/gc/v1",
        "dry_run": dry_run,
        "bytes": sum(item.size for item in items),
        "items": [
            {"kind": item.kind, "name": item.name, "age_days": round((now - item.at) / DAY_S, 1), "bytes": item.size}
            for item in items
        ],
        "stayed": [{"kind": item.kind, "name": item.name, "reason": why} for item, why in stayed],
    }


def _show(items: Sequence[Item], stayed: Sequence[Stayed], now: float, *, dry_run: bool) -> None:
    if not items:
        console.out.print("Nothing may go: all of it is young, needed, or among the last of its kind.")
        return
    table = Table(title="Would go" if dry_run else "Gone", title_justify="left")
    for name in ("kind", "what", "days old", "size"):
        table.add_column(name, justify="left" if name in ("kind", "what") else "right", overflow="fold")
    for item in items[:_SHOWN]:
        table.add_row(item.kind, item.name, f"{(now - item.at) / DAY_S:.1f}", decimal(item.size))
    console.out.print(table)
    if len(items) > _SHOWN:
        console.out.print(f"and {len(items) - _SHOWN} more (--json lists all)")
    console.out.print(f"{len(items)} things, {decimal(sum(item.size for item in items))}")
    for item, why in stayed[:_SHOWN]:
        console.out.print(f"{item.kind} {item.name} stayed: {why}", style="yellow", markup=False, soft_wrap=True)
