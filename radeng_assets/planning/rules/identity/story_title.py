"""One story under two titles."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule
from radeng_assets.planning.rules.words import same_title, share_a_word


def check(documents: Documents) -> Iterator[Issue]:
    """Plan against master plan; a tracker's short title only where it shares no word with the story's."""
    for story, told in documents.told_twice:
        if story.title and told.title and not same_title(story.title.value, told.title.value):
            message = (
                f"{story.id.value} is {story.title.value!r} ({story.title.at}) and {told.title.value!r} "
                f"({told.title.at})."
            )
            yield Issue(story.id.value, message, (story.title.at, told.title.at), "Give it one title.")
    for entry in documents.master.tracker:
        told = documents.told_of.get(entry.id.value)
        if told and told.title and entry.title and not share_a_word(entry.title.value, told.title.value):
            message = (
                f"{entry.id.value} is {told.title.value!r} ({told.title.at}) and {entry.title.value!r} "
                f"({entry.title.at})."
            )
            yield Issue(entry.id.value, message, (told.title.at, entry.title.at), "Give it one title.")


RULE = Rule(
    id="story-title-differs",
    severity="warning",
    why=(
        "Two titles for one id mean that two people plan two different things under it. A shorter telling of "
        "the same words "
        '("Config System" for "Create Centralized Configuration System") is not meant.'
    ),
    example="W5-S1 is 'Rate Limiting' (EXECUTION-PLAN.yaml:436) and 'Prompt Caching' "
    "(MASTER-IMPLEMENTATION-PLAN.md:556).",
    check=check,
)
