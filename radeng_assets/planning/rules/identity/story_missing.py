"""Stories that one plan has and the other lacks."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each story. A document without any story is another finding."""
    plan, master = documents.plan, documents.master
    if not plan.stories or not master.stories:
        return
    for name, told in documents.told_of.items():
        if name not in documents.story_of:
            message = f"{name} is in {master.file}:{told.id.line} and not in {plan.file}: no wave will carry it out."
            at = (told.id.at, plan.waves[0].id.at)
            yield Issue(name, message, at, "Add it to the execution plan, or take it out of the master plan.")
    for name, story in documents.story_of.items():
        if name not in documents.told_of:
            message = f"{name} is in {plan.file}:{story.id.line} and not in {master.file}."
            at = (story.id.at, master.stories[0].id.at)
            yield Issue(name, message, at, "Add it to the master plan, or take it out of the execution plan.")


RULE = Rule(
    id="story-missing",
    severity="error",
    why=(
        "People read the master plan, machines the execution plan. A story that only one of them has is either "
        "work that nobody "
        "approved or work that will never be done."
    ),
    example="W7-S1 is in MASTER-IMPLEMENTATION-PLAN.md:999 and not in EXECUTION-PLAN.yaml: no wave will carry it out.",
    check=check,
)
