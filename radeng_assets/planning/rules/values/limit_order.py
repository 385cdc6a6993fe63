"""Coverage tables whose current value is over the target."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each module, and one where limits grow stricter with the load."""
    for module in documents.tests.modules:
        if module.current and module.target and module.target.value == 0 < module.current.value:
            message = f"{module.module.value} has a target of 0 % ({module.target.at})."
            yield Issue(module.module.value, message, (module.target.at,), "Correct the target.")
    load = sorted(documents.tests.load, key=lambda criterion: criterion.agents.value)
    for fewer, more in pairwise(load):
        for what in ("error_rate", "p99_seconds"):
            low, high = getattr(fewer, what), getattr(more, what)
            if low and high and high.value < low.value:
                message = (
                    f"{what} allowed at {more.agents.value} agents ({high.value:g}, {high.at}) is stricter than at "
                    f"{fewer.agents.value} ({low.value:g}, {low.at})."
                )
                yield Issue(f"{more.agents.value} agents", message, (high.at, low.at), "Correct one of the limits.")


RULE = Rule(
    id="limit-order-contradicted",
    severity="warning",
    why="More load never makes a system faster or safer: limits that grow stricter with it were mistyped.",
    example="error_rate allowed at 100 agents (0.005, …:638) is stricter than at 50 (0.02, …:637).",
    check=check,
)
