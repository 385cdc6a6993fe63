"""One story with different tasks in the two plans."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each story: which task ids one plan has and the other lacks."""
    for story, told in documents.told_twice:
        planned = {task.id.value: task.id for task in story.tasks}
        described = {task.id.value: task.id for task in told.tasks}
        if not planned or not described:
            continue
        only = [name for name in planned if name not in described]
        missing = [name for name in described if name not in planned]
        if only or missing:
            parts = [
                *([f"only in {documents.plan.file}: {', '.join(only)}"] if only else []),
                *([f"only in {documents.master.file}: {', '.join(missing)}"] if missing else []),
            ]
            message = (
                f"{story.id.value} has {len(planned)} tasks ({story.id.at}) and {len(described)} "
                f"({told.id.at}): {'; '.join(parts)}."
            )
            at = (
                story.id.at,
                told.id.at,
                *(planned[name].at for name in only),
                *(described[name].at for name in missing),
            )
            yield Issue(story.id.value, message, at, "Give both plans the same tasks.")


RULE = Rule(
    id="story-tasks-differ",
    severity="warning",
    why="An agent is briefed with the execution plan's tasks. A task that only the master plan has will not be done.",
    example="W1-S3 has 4 tasks (EXECUTION-PLAN.yaml:82) and 5 (MASTER-IMPLEMENTATION-PLAN.md:177): only in the "
    "latter: 1.3.5.",
    check=check,
)
