"""Stories that say neither which file, nor which command, nor which criterion."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each story; one without any task is said apart."""
    for story in documents.plan.stories:
        if not (story.files or story.criteria or any(task.command for task in story.tasks)):
            message = f"{story.id.value} ({story.id.at}) names no file, no command and no criterion."
            yield Issue(
                story.id.value, message, (story.id.at,), "Say what it changes, or how one sees that it is done."
            )
        elif not story.tasks:
            message = f"{story.id.value} ({story.id.at}) has no task."
            yield Issue(story.id.value, message, (story.id.at,), "Say what is to be done.", "warning")


RULE = Rule(
    id="story-without-substance",
    severity="error",
    why="Nothing can show that such a story is done: whatever an agent answers will have to be believed.",
    example="W3-S2 (EXECUTION-PLAN.yaml:250) names no file, no command and no criterion.",
    check=check,
)
