"""Stories without acceptance criteria."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.located import Fact
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each story without a criterion, and one for each criterion that stands twice in a story."""
    for story in documents.plan.stories:
        if not story.criteria:
            message = f"{story.id.value} has no acceptance criteria ({story.id.at})."
            yield Issue(story.id.value, message, (story.id.at,), "Say what must hold when the story is done.")
        seen: dict[str, Fact[str]] = {}
        for criterion in story.criteria:
            first = seen.setdefault(criterion.value, criterion)
            if first is not criterion:
                message = (
                    f"{story.id.value} has the criterion {criterion.value[:60]!r} twice ({first.at}, {criterion.at})."
                )
                yield Issue(story.id.value, message, (first.at, criterion.at), "Remove one.", "warning")


RULE = Rule(
    id="criteria-missing",
    severity="error",
    why="A story is done when its criteria are shown. Without any, it is done when its agent says so.",
    example="W4-S3 has no acceptance criteria (EXECUTION-PLAN.yaml:347).",
    check=check,
)
