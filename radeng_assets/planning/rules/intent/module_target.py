"""Module targets below the target for all."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.rules.counts.coverage_target import UNIT
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule
from radeng_assets.planning.rules.words import words


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each module."""
    unit = next((one for one in documents.tests.targets if words(one.name.value) == UNIT), None)
    if unit is None or unit.minimum is None:
        return
    for module in documents.tests.modules:
        if module.target and module.target.value < unit.minimum.value:
            message = (
                f"{module.module.value} aims at {module.target.value:.0%} ({module.target.at}), below the "
                f"{unit.minimum.value:.0%} of all unit tests ({unit.minimum.at})."
            )
            yield Issue(
                module.module.value,
                message,
                (module.target.at, unit.minimum.at),
                "Raise it, or say why it may be lower.",
            )


RULE = Rule(
    id="module-target-below-whole",
    severity="info",
    why="The whole can reach its target while some modules stay below it. Which ones may should be decided, and "
    "not come about.",
    example="VACAPIHandler aims at 60% (TESTING-REQUIREMENTS.md:178), below the 80% of all unit tests (…:14).",
    check=check,
)
