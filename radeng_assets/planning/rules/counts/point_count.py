"""Every claimed number of story points against the sum of the stories' points."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.documents.execution_plan import Story
from radeng_assets.planning.documents.master_plan import MasterStory
from radeng_assets.planning.rules.documents import Documents, present
from radeng_assets.planning.rules.rule import Issue, Rule
from radeng_assets.planning.rules.statements import Stated, contradiction, counted, says


def check(documents: Documents) -> Iterator[Issue]:
    """At most one issue: the whole folder tells one number of points, or it does not."""
    fix = "Decide which stories are in scope, add their points up, and correct the others."
    yield from contradiction("total_points", "Story points in all", list(_statements(documents)), fix)


def _statements(documents: Documents) -> Iterator[Stated[int]]:
    readme, plan, master = documents.readme, documents.plan, documents.master
    yield from says(readme.claimed_points, "claimed in")
    yield from says(master.claimed_points, "claimed in")
    yield from says(plan.meta.total_points, "claimed in")
    yield from says(plan.progress.total_points, "claimed in")
    for table in master.progress:
        yield from says(table.total.points if table.total else None, "claimed in")
    yield from _sum(master.file, master.stories)
    yield from _sum(plan.file, plan.stories)


def _sum(file: str, stories: tuple[Story, ...] | tuple[MasterStory, ...]) -> list[Stated[int]]:
    points = present(story.points for story in stories)
    return counted(sum(point.value for point in points), file, points[:1]) if len(points) == len(stories) else []


RULE = Rule(
    id="point-count-differs",
    severity="error",
    why=(
        'Effort, velocity and "85 % done" are shares of the total of story points. Totals that differ between '
        "documents make "
        "every such share a matter of choice."
    ),
    example="Story points in all: 107 (claimed in README.md:83) against 204 (claimed in "
    "MASTER-IMPLEMENTATION-PLAN.md:19).",
    check=check,
)
