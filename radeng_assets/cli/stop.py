"""``radeng stop``: halt every agent and command of a home; ``--lift`` lets work go on, ``--thaw`` money be spent."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from radeng_assets.cli import console
from radeng_assets.cli.options import apply_settings
from radeng_assets.execution.broker.frozen_money import thaw_money
from radeng_assets.home import Home
from radeng_assets.keeping.inventory import BOOKS


def stop_command(
    reason: Annotated[str, typer.Option(help="Why; whoever runs into it is told.")] = "radeng stop",
    lift: Annotated[bool, typer.Option("--lift", help="Let work go on.")] = False,
    thaw: Annotated[
        bool, typer.Option("--thaw", help="Let plans spend whose money was frozen; look at the account first.")
    ] = False,
    home: Annotated[Path | None, typer.Option(help="Where state lives.")] = None,
) -> None:
    """Halt every agent within two seconds; what was going on can go on later, and nothing is paid twice."""
    place = Home.of(apply_settings(home=home))
    if thaw:
        _thaw(place)
    if lift:
        place.stop.lift()
        console.out.print("Work may go on: run again, stories go on where they were.")
    if not (thaw or lift):
        place.stop.pull(reason)
        console.out.print("Everything halts. Lift it with `radeng stop --lift`.")


def _thaw(home: Home) -> None:
    frozen = thaw_money(home.path / BOOKS)
    for plan, why in frozen.items():
        console.out.print(f"{plan} may spend again. It was frozen: {why}", markup=False, soft_wrap=True)
    if not frozen:
        console.out.print("No plan's money is frozen.")
