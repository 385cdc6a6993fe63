"""Frozen plans on a place that machines share, so that a pin means the same plan on each of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from radeng_assets.planning.snapshot import PLANS, is_whole, move_in

if TYPE_CHECKING:
    from upath import UPath


class PlanMissing(Exception):  # noqa: N818  # named for what is missing
    """A pinned plan that is neither here nor on the shared place, or is damaged there."""


def offer(snapshot: Path, shared: UPath) -> None:
    """Put a frozen plan there. What names it is its content, so it does not matter who does, nor how often."""
    there = shared / PLANS / snapshot.name
    done = there / ".whole"
    if done.exists():
        return
    there.mkdir(parents=True, exist_ok=True)
    for path in sorted(snapshot.iterdir()):
        (there / path.name).write_bytes(path.read_bytes())
    done.touch()


def fetch(pin: str, home: Path, shared: UPath) -> None:
    """Bring the plans that a pin names into the home, where they are not there. Raises ``PlanMissing``."""
    for name in filter(None, dict.fromkeys(pin.split(","))):
        here = home / PLANS / name
        if is_whole(here):
            continue
        there = shared / PLANS / name
        if not there.exists():
            raise PlanMissing(f"the plan {name[:12]} is not at {there}: do all machines name the same RADENG_SHARED?")
        files = {path.name: path.read_bytes() for path in there.iterdir() if path.name != ".whole"}
        move_in(files, here)
        if not is_whole(here):
            raise PlanMissing(f"the plan at {there} does not hold what its name says: remove it there.")
