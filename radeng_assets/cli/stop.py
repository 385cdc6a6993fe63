"""``radeng stop``: halt every agent and command of a home; ``--lift`` lets work go on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from radeng_assets.cli import console
from radeng_assets.cli.options import apply_settings
from radeng_assets.home import Home


def stop_command(
    reason: Annotated[str, typer.Option(help="Why; whoever runs into it is told.")] = "radeng stop",
    lift: Annotated[bool, typer.Option("--lift", help="Let work go on.")] = False,
    home: Annotated[Path | None, typer.Option(help="Where state lives.")] = None,
) -> None:
    """Halt every agent within two seconds; what was going on can go on later, and nothing is paid twice."""
    switch = Home.of(apply_settings(home=home)).stop
    if lift:
        switch.lift()
        console.out.print("Work may go on: run again, stories go on where they were.")
        return
    switch.pull(reason)
    console.out.print("Everything halts. Lift it with `radeng stop --lift`.")
