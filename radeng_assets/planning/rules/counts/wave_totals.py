"""Each wave's claimed points and stories against the stories that it holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from radeng_assets.planning.located import Fact
from radeng_assets.planning.rules.documents import Documents, present, wave_key
from radeng_assets.planning.rules.rule import Issue, Rule
from radeng_assets.planning.rules.statements import Stated, contradiction, counted, says

Statements = dict[str, list[Stated[int]]]


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each wave whose points, and one whose number of stories, are told differently."""
    points: Statements = defaultdict(list)
    stories: Statements = defaultdict(list)
    _claims(documents, points, stories)
    _counts(documents, points, stories)
    for key in dict.fromkeys((*points, *stories)):
        yield from contradiction(key, f"Points of {key}", points[key], "Add up the points of the wave's stories again.")
        yield from contradiction(key, f"Stories of {key}", stories[key], "Count the wave's stories again.")


def _claims(documents: Documents, points: Statements, stories: Statements) -> None:
    rows: list[tuple[Fact[str], int | None, Fact[int] | None, Fact[int] | None]] = [
        *((wave.name, _number(wave.number), wave.points, wave.stories) for wave in documents.readme.waves),
        *((wave.name, _number(wave.number), wave.points, wave.stories) for wave in documents.master.waves),
        *((row.wave, None, row.points, row.stories) for table in documents.master.progress for row in table.rows),
    ]
    for name, number, of_points, of_stories in rows:
        if key := wave_key(name.value, number):
            points[key].extend(says(of_points, "claimed in"))
            stories[key].extend(says(of_stories, "claimed in"))


def _counts(documents: Documents, points: Statements, stories: Statements) -> None:
    for wave in documents.master.waves:
        if key := wave_key(wave.name.value, _number(wave.number)):
            told = [documents.told_of[name.value] for name in wave.story_ids]
            stories[key].extend(counted(len(told), documents.master.file, (story.id for story in told)))
            of_points = present(story.points for story in told)
            points[key].extend(_sum(of_points, len(told), documents.master.file))
    for wave in documents.plan.waves:
        if key := wave_key(wave.id.value):
            stories[key].extend(counted(len(wave.stories), documents.plan.file, (story.id for story in wave.stories)))
            of_points = present(story.points for story in wave.stories)
            points[key].extend(_sum(of_points, len(wave.stories), documents.plan.file))


def _sum(points: list[Fact[int]], stories: int, file: str) -> list[Stated[int]]:
    """Nothing where a story states no points: that is another finding, and the sum would only repeat it."""
    return counted(sum(point.value for point in points), file, points) if len(points) == stories else []


def _number(fact: Fact[int] | None) -> int | None:
    return fact.value if fact else None


RULE = Rule(
    id="wave-total-differs",
    severity="error",
    why=(
        "A wave is staffed and dated by its points. A heading or a table that claims other numbers than its "
        "stories have was "
        "not updated when the stories were."
    ),
    example="Points of wave-3: 15 (claimed in README.md:89) against 13 (counted in EXECUTION-PLAN.yaml).",
    check=check,
)
