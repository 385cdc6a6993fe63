"""One story with two sizes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from radeng_assets.planning.documents.master_plan import TrackerEntry
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule
from radeng_assets.planning.rules.statements import contradiction, says


def check(documents: Documents) -> Iterator[Issue]:
    """Plan, master plan and trackers against each other."""
    entries: dict[str, list[TrackerEntry]] = defaultdict(list)
    for entry in documents.master.tracker:
        entries[entry.id.value].append(entry)
    for name in dict.fromkeys((*documents.story_of, *documents.told_of)):
        story, told = documents.story_of.get(name), documents.told_of.get(name)
        said = [*says(story.points if story else None), *says(told.points if told else None)]
        said += [one for entry in entries[name] for one in says(entry.points)]
        yield from contradiction(name, f"Points of {name}", said, "Settle on one size.")


RULE = Rule(
    id="story-points-differ",
    severity="error",
    why="Totals, forecasts and the share of what is done rest on each story's points; one story cannot have two sizes.",
    example="Points of W2-S1: 8 (EXECUTION-PLAN.yaml:112) against 5 (MASTER-IMPLEMENTATION-PLAN.md:217).",
    check=check,
)
