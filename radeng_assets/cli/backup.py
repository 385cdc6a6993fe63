"""``radeng backup`` and ``radeng restore``: a home as one file, and back."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.filesize import decimal

from radeng_assets.cli import console
from radeng_assets.cli.options import apply_settings
from radeng_assets.home import Home
from radeng_assets.keeping.backup import Manifest, write_backup
from radeng_assets.keeping.removal import Busy
from radeng_assets.keeping.restoring import NotABackup, restore
from radeng_assets.readiness.judge import RESTORE

_POSTGRES = "Dagster's own runs are on Postgres, and not in it: copy them with pg_dump (docs/retention.md)."


def backup_command(
    file: Annotated[Path, typer.Argument(help="Write the backup here.")],
    json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
    home: Annotated[Path | None, typer.Option(help="Where state lives.")] = None,
) -> None:
    """Copy everything that cannot be made again into one file, while work goes on.

    Exit 0: written, whole. 2: there is no home, its ledger is broken, or the file cannot be written.
    """
    place = Home(apply_settings(home=home).home)
    if not place.path.is_dir():
        console.fail(f"there is no home {place.path}.", hint="Name it with --home DIR.")
    if not file.absolute().parent.is_dir():
        console.fail(f"{file} cannot be written: there is no folder {file.absolute().parent}.")
    try:
        manifest = write_backup(place.path, file)
    except Busy as busy:
        console.fail(str(busy), hint="Wait until it has ended.")
    except ValueError as broken:
        console.fail(f"the record is broken: {broken}", hint=RESTORE)
    if os.environ.get("RADENG_POSTGRES_URL"):
        console.err.print(_POSTGRES, style="yellow")
    _say(manifest, file, "backup", json=json)


def restore_command(
    file: Annotated[Path, typer.Argument(help="What `radeng backup FILE` wrote.")],
    json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
    home: Annotated[Path | None, typer.Option(help="Where state is to live: a folder that holds nothing yet.")] = None,
) -> None:
    """Make a home from a backup: all of it is checked before it is put in place.

    Exit 0: it is there, whole. 2: the file is no whole backup, or the home holds something: nothing was changed.
    """
    place = apply_settings(home=home).home
    if not file.is_file():
        console.fail(f"there is no file {file}.", hint="Write one with `radeng backup FILE`.")
    try:
        manifest = restore(file, place)
    except NotABackup as error:
        console.fail(str(error), hint="Restore another backup; nothing was changed.")
    except FileExistsError as error:
        console.fail(f"{error}.", hint="Name a new folder with --home DIR, or move the old one away.")
    _say(manifest, file, "restore", json=json)


def _say(manifest: Manifest, file: Path, what: str, *, json: bool) -> None:
    size = file.stat().st_size
    if json:
        facts = {"made": manifest.made, "ledger_head": manifest.head, "files": len(manifest.files), "bytes": size}
        console.print_json({"schema": f"radeng/{what}/v1", **facts})
    else:
        done = "written" if what == "backup" else "restored, every file and the ledger's chain checked"
        console.out.print(f"{len(manifest.files)} files, {decimal(size)}, of {manifest.made}: {done}")
