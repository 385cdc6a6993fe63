"""Stories that lack what is planned, given out and counted by."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each story of the execution plan, and for each of the master plan that names no agent."""
    for story in documents.plan.stories:
        parts = {"title": story.title, "points": story.points, "agent": story.agent}
        missing = [name for name, part in parts.items() if part is None or part.value == ""]
        mute = [task.id for task in story.tasks if not (task.description or task.command)]
        if missing:
            message = f"{story.id.value} ({story.id.at}) states no {' and no '.join(missing)}."
            level = "error" if "points" in missing else None
            yield Issue(story.id.value, message, (story.id.at,), f"Add {', '.join(missing)}.", level)
        if mute:
            names = ", ".join(task.value for task in mute)
            message = f"{story.id.value} has tasks that say nothing: {names}."
            yield Issue(story.id.value, message, tuple(task.at for task in mute), "Describe them, or name a command.")
    for told in documents.master.stories:
        if told.agent is None:
            message = f"{told.id.value} ({told.id.at}) states no agent."
            yield Issue(told.id.value, message, (told.id.at,), "Add '**Agent**: developer'.")


RULE = Rule(
    id="story-incomplete",
    severity="warning",
    why=(
        "A story without points is not in any total and not in the forecast, one without an agent gets the "
        "default rights, and "
        "one without a title is known to its author alone."
    ),
    example="W3-S2 (EXECUTION-PLAN.yaml:250) states no points.",
    check=check,
)
