"""``radeng verify``: a bundle's verdict, judged again from what is in it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from radeng_assets.cli import console
from radeng_assets.cli.render import verdict_line
from radeng_assets.readiness.bundle import NotABundle
from radeng_assets.readiness.verification import recount

_SHOWN = 20


def verify_command(
    bundle: Annotated[Path, typer.Argument(help="What `radeng verdict --bundle FILE.zip` wrote.")],
    json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Judge a bundle again, offline: the plan, the ledger and the evidence in it, and nothing else.

    Exit 0: the same verdict, byte for byte. 1: another one. 2: it is no bundle.
    """
    try:
        found = recount(bundle)
    except NotABundle as error:
        console.fail(str(error), hint="Write one with `radeng verdict --bundle FILE.zip`.")
    same = not found.differences
    if json:
        console.print_json(
            {
                "schema": "radeng/verify/v1",
                "same": same,
                "claimed": found.claimed,
                "digest": found.verdict.digest,
                "differences": list(found.differences),
                "verdict": found.verdict.document(),
            }
        )
    else:
        console.out.print(verdict_line(found.verdict))
        if same:
            console.out.print("[green]The same verdict follows from the bundle's own evidence.[/]")
        for words in found.differences[:_SHOWN]:
            console.out.print(words, style="yellow", markup=False, soft_wrap=True)
        if len(found.differences) > _SHOWN:
            console.out.print(f"and {len(found.differences) - _SHOWN} more differences")
    raise typer.Exit(console.OK if same else console.FINDINGS)
