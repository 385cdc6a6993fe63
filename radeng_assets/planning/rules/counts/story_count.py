"""Every claimed number of stories against the stories that are there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from radeng_assets.planning.located import Fact
from radeng_assets.planning.rules.checklists import checklist_items
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule
from radeng_assets.planning.rules.statements import Stated, contradiction, counted, says

_ALL = re.compile(r"\ball (?P<count>\d{1,6}) stories\b", re.IGNORECASE)


def check(documents: Documents) -> Iterator[Issue]:
    """At most one issue: the whole folder tells one number of stories, or it does not."""
    yield from contradiction(
        "total_stories",
        "Stories in all",
        list(_statements(documents)),
        "Decide which stories are in scope, and correct the others.",
    )


def _statements(documents: Documents) -> Iterator[Stated[int]]:
    readme, plan, master = documents.readme, documents.plan, documents.master
    yield from says(readme.claimed_stories, "claimed in")
    yield from says(master.claimed_stories, "claimed in")
    yield from says(plan.meta.total_stories, "claimed in")
    yield from says(plan.progress.total_stories, "claimed in")
    for table in master.progress:
        yield from says(table.total.stories if table.total else None, "claimed in")
    for item in checklist_items(documents):
        if match := _ALL.search(item.text.value):
            yield from says(item.text.with_value(int(match["count"])), "claimed in")
    yield from _there(master.file, [story.id for story in master.stories])
    yield from _there(plan.file, [story.id for story in plan.stories])


def _there(file: str, ids: list[Fact[str]]) -> list[Stated[int]]:
    return counted(len(ids), file, ids[:1])


RULE = Rule(
    id="story-count-differs",
    severity="error",
    why=(
        '"All stories completed" is a success criterion. It means nothing as long as the documents do not agree '
        "on how many "
        "stories there are."
    ),
    example="Stories in all: 23 (claimed in README.md:82) against 39 (claimed in MASTER-IMPLEMENTATION-PLAN.md:19).",
    check=check,
)
