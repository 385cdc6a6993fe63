"""The master plan's stories that need a story of a wave with a higher number."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each such dependency. Tracks without number are in no order."""
    number = {story.value: wave.number for wave in documents.master.waves if wave.number for story in wave.story_ids}
    for name, told in documents.told_of.items():
        own = number.get(name)
        for need in told.dependencies:
            other = number.get(need.value)
            if own and other and other.value > own.value:
                message = (
                    f"{name} of wave {own.value} ({told.id.at}) depends on {need.value} of wave "
                    f"{other.value} ({need.at})."
                )
                yield Issue(name, message, (need.at, own.at, other.at), "Move one of the stories.")


RULE = Rule(
    id="dependency-on-later-wave",
    severity="error",
    why="The master plan numbers its waves in the order of work. A story cannot need what is done after it.",
    example="W2-S1 of wave 2 depends on W4-S1 of wave 4 (MASTER-IMPLEMENTATION-PLAN.md:219).",
    check=check,
)
