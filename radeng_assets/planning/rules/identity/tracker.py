"""A story tracker against the stories of the master plan."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each tracker that lacks stories, and one for each entry of a story that is not there."""
    master = documents.master
    entries = master.tracker
    for tracker in dict.fromkeys(entry.tracker for entry in entries):
        own = [entry for entry in entries if entry.tracker == tracker]
        tracked = {entry.id.value for entry in own}
        missing = [story.id for name, story in documents.told_of.items() if name not in tracked]
        if missing:
            names = ", ".join(fact.value for fact in missing)
            message = f"{tracker!r} ({own[0].id.at}) lacks {len(missing)} of {len(documents.told_of)} stories: {names}."
            subject = missing[0].value if len(missing) == 1 else tracker
            at = (own[0].id.at, *(fact.at for fact in missing))
            yield Issue(subject, message, at, "Add them to the tracker, or keep one tracker.")
        for entry in own:
            if documents.told_of and entry.id.value not in documents.told_of:
                message = f"{tracker!r} tracks {entry.id.value} ({entry.id.at}), which the plan does not describe."
                at = (entry.id.at, master.stories[0].id.at)
                yield Issue(entry.id.value, message, at, "Describe the story, or remove the entry.")


RULE = Rule(
    id="tracker-differs",
    severity="error",
    why="What is not tracked is not missed. A tracker without some of the stories reaches 100 % before the plan does.",
    example="'Story Status Tracker' (…:884) lacks 7 of 30 stories: W7-S1, W7-S2, W7-S3, W7-S4, W8-S1, W8-S2, W8-S3.",
    check=check,
)
