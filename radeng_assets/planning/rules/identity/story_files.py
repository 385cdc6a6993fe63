"""One story with different files in the two plans."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.paths import is_path, meet
from radeng_assets.planning.rules.rule import Issue, Rule


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each story: which paths the master plan has that the execution plan's tasks do not touch."""
    for story, told in documents.told_twice:
        planned = {file.value for file in story.files}
        others = [file for file in told.files if file.value not in planned and is_path(file.value)]
        missing = [file for file in others if not any(meet(file.value, own) for own in planned)]
        if missing:
            paths = ", ".join(file.value for file in missing)
            message = (
                f"{story.id.value} touches {paths} in {documents.master.file}, and no task in "
                f"{documents.plan.file} does."
            )
            at = (story.id.at, *(file.at for file in missing))
            yield Issue(story.id.value, message, at, "Name the files in the tasks that touch them.")


RULE = Rule(
    id="story-files-differ",
    severity="info",
    why=(
        "Whether a story's files exist, and whether two agents touch the same one, is judged by the execution "
        "plan's tasks. "
        "Files that only the master plan names are seen by neither."
    ),
    example="W3-S3 touches src/health/server.ts in MASTER-IMPLEMENTATION-PLAN.md, and no task in "
    "EXECUTION-PLAN.yaml does.",
    check=check,
)
