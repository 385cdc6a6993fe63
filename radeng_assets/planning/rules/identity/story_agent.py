"""One story given to two roles."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule
from radeng_assets.planning.rules.statements import contradiction, says


def check(documents: Documents) -> Iterator[Issue]:
    """Plan against master plan."""
    for story, told in documents.told_twice:
        said = [*says(story.agent), *says(told.agent)]
        yield from contradiction(story.id.value, f"Agent of {story.id.value}", said, "Settle on one role.")


RULE = Rule(
    id="story-agent-differs",
    severity="error",
    why="The role decides what an agent may do: a reviewer that is given a developer's story either cannot work "
    "or marks its own.",
    example="Agent of W5-S3: code-reviewer (EXECUTION-PLAN.yaml:485) against developer "
    "(MASTER-IMPLEMENTATION-PLAN.md:625).",
    check=check,
)
