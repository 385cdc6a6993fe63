"""``radeng:load``: the fleet of ``radeng load``, at the reference's numbers of agents or those that the policy names.

``radeng:load 10,50`` in ``readiness.yaml`` asks for 10 and for 50 agents. It leaves the fleet's own record.
"""

from __future__ import annotations

import json

from radeng_assets.execution.broker.client import NoBroker
from radeng_assets.execution.load.limits import OVERHEAD, REFERENCE
from radeng_assets.execution.load.report import Terms
from radeng_assets.execution.measuring.scene import Scene, Taken

MOST_AGENTS = 1000
"""Most agents that one machine is asked for, as on the command line."""

TERMS = Terms(fastest_s=1.0, slowest_s=4.0, throttled=0.02, resets=0.01, seed=4, overhead=OVERHEAD)
"""What ``radeng load`` does when nobody says otherwise."""

FILE = ("load", "load.json")
"""Role and path of the record."""


def measure(scene: Scene) -> Taken:
    """Run the fleet, level after level. What it is short of is for whoever reads the record: it ran to its end."""
    from radeng_assets.execution.load.run import Busy, LoadTest  # with the SDK, which takes seconds

    agents = _agents(scene.words)
    if not agents:
        return Taken("no_runner", f"{scene.words[:80]!r} are no numbers of agents from 1 to {MOST_AGENTS}")
    said: list[str] = []
    try:
        report, _ = LoadTest(scene.mirror.home, TERMS, scene.stopping, said.append).run(agents, ())
    except (Busy, NoBroker) as error:
        return Taken("no_runner", str(error), "\n".join(said))
    record = json.dumps(report.document(), indent=2, ensure_ascii=False) + "\n"
    return Taken("passed", "", "\n".join(said) + "\n", {FILE: record.encode()})


def _agents(words: str) -> tuple[int, ...]:
    """The numbers that were named; the reference's where none was; nothing where they are none."""
    if not words:
        return tuple(limit.agents for limit in REFERENCE)
    parts = [part.strip() for part in words.split(",")]
    if not all(part.isascii() and part.isdigit() and 1 <= int(part[:9]) <= MOST_AGENTS for part in parts):
        return ()
    return tuple(map(int, parts))
