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
    gate: Annotated[bool, typer.Option("--gate", help="Exit 3 unless that verdict is READY.")] = False,
    commit: Annotated[str | None, typer.Option(help="Exit 1 unless it is about this commit, named in full.")] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Judge a bundle again, offline: the plan, the ledger and the evidence in it, and nothing else.

    Exit 0: the same verdict, byte for byte. 1: another one, or one about another commit. 2: it is no bundle. 3: with
    --gate, the verdict is not READY.
    """
    try:
        found = recount(bundle)
    except NotABundle as error:
        console.fail(str(error), hint="Write one with `radeng verdict --bundle FILE.zip`.")
    same = not found.differences
    about = found.verdict.target.commit if found.verdict.target else "no commit"
    elsewhere = commit is not None and commit != about
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
    if elsewhere:
        console.err.print(f"The bundle is about {about}, not about {commit}.", style="yellow", soft_wrap=True)
    if not same or elsewhere:
        raise typer.Exit(console.FINDINGS)
    raise typer.Exit(console.NOT_READY if gate and found.verdict.verdict != "READY" else console.OK)
