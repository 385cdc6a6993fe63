"""Modules below their coverage target that no story touches."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each module named as a folder (``core/``), by the folders in the plan's files."""
    folders = {part for story in documents.plan.stories for path in story.files for part in path.value.split("/")[:-1]}
    for module in documents.tests.modules:
        name = module.module.value
        if not (name.endswith("/") and module.current and module.target and folders):
            continue
        last = name.rstrip("/").rpartition("/")[2]
        if module.current.value < module.target.value and last not in folders:
            message = (
                f"{name} has {module.current.value:.0%} coverage and is to reach {module.target.value:.0%} "
                f"({module.module.at}), but no story touches it."
            )
            yield Issue(name, message, (module.module.at,), "Plan the tests, or correct the target.")


RULE = Rule(
    id="module-unplanned",
    severity="info",
    why="Coverage does not rise by itself. A module that is to reach a target and that no story touches will "
    "not reach it.",
    example="core/ has 70% coverage and is to reach 80% (TESTING-REQUIREMENTS.md:751), but no story touches it.",
    check=check,
)
