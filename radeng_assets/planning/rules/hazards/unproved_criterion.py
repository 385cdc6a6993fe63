"""Criteria that no command proves."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each story, with its criteria that ``verification.yaml`` gives no command."""
    proved = {
        entry.story.value: {proof.criterion.value for proof in entry.proofs} for entry in documents.verification.stories
    }
    stories = documents.plan.stories
    total = sum(len(story.criteria) for story in stories)
    open_ = {
        story.id.value: [
            (number, text)
            for number, text in enumerate(story.criteria, start=1)
            if number not in proved.get(story.id.value, ())
        ]
        for story in stories
    }
    count = sum(len(unproved) for unproved in open_.values())
    for name, unproved in open_.items():
        if unproved:
            numbers = ", ".join(str(number) for number, _ in unproved)
            message = (
                f"No command proves {len(unproved)} criteria of {name} (number {numbers}; {count} of "
                f"{total} in the plan)."
            )
            fix = (
                f"Add a command for each to verification.yaml: stories: {name}: criteria: {unproved[0][0]}: "
                f"{{command: ...}}."
            )
            yield Issue(name, message, tuple(text.at for _, text in unproved), fix)


RULE = Rule(
    id="criterion-without-proof",
    severity="info",
    why=(
        "A criterion in prose is checked by nobody. Until a command proves it, the story counts as unverified, "
        "whatever its "
        "agent says."
    ),
    example="No command proves 3 criteria of W1-S1 (number 1, 2, 3; 82 of 82 in the plan).",
    check=check,
)
