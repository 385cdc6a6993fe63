"""A category's overall severity against its worst gap."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.levels import LEVELS
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each category."""
    for category in documents.gaps.categories:
        stated = category.severity
        known = [
            (LEVELS.index(gap.severity.value.upper()), gap.severity)
            for gap in category.gaps
            if gap.severity and gap.severity.value.upper() in LEVELS
        ]
        if stated and stated.value.upper() in LEVELS and known:
            worst = max(known, key=lambda one: one[0])
            if worst[0] != LEVELS.index(stated.value.upper()):
                name = category.name.value if category.name else "the category"
                message = (
                    f"{name} is {stated.value} overall ({stated.at}), its worst gap {worst[1].value} ({worst[1].at})."
                )
                yield Issue(name, message, (stated.at, worst[1].at), "Make the category as severe as its worst gap.")


RULE = Rule(
    id="category-severity-differs",
    severity="error",
    why="A category is as severe as its worst gap. Rated lower it hides that gap, rated higher it cries wolf.",
    example="Documentation is CRITICAL overall (…:650), its worst gap MEDIUM (…:655).",
    check=check,
)
