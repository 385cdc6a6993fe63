"""Critical and high gaps that no story addresses."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.levels import GRAVE, level_of
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each gap. Only explicit links count; suggestions never do."""
    if not documents.plan.stories:
        return
    first = documents.plan.stories[0].id.at
    for name, gap in documents.gap_of.items():
        level = level_of(gap.severity.value) if gap.severity else None
        if level in GRAVE and not documents.gap_stories[name]:
            message = f"No story addresses {name} ({level}, {gap.id.at})."
            fix = f"Write `addresses: [{name}]` to the story that closes it, in the plan or in verification.yaml."
            yield Issue(name, message, (gap.id.at, first), fix)


RULE = Rule(
    id="gap-without-story",
    severity="warning",
    why="A grave gap that no story names may be closed by one, or by none: nobody can tell, and no gate will ask.",
    example="No story addresses SEC-004 (HIGH, COMPREHENSIVE-GAP-ANALYSIS.yaml:559).",
    check=check,
)
