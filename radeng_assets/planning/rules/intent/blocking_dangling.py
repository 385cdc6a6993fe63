"""Blocking issues that point to nothing."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each row without a gap id. Ids that nobody describes are another rule's."""
    for row in documents.readme.blocking_issues:
        if not row.gaps:
            named = f" ({row.reference.value!r})" if row.reference else ""
            message = f"The blocking issue {row.issue.value!r} ({row.issue.at}) refers to no gap{named}."
            yield Issue(row.issue.value, message, (row.issue.at,), "Name the gap's id as its reference.")


RULE = Rule(
    id="blocking-issue-dangling",
    severity="error",
    why="A blocker without a gap has no severity, no effort and no story. It blocks in words only.",
    example="The blocking issue 'Licences unclear' (README.md:150) refers to no gap.",
    check=check,
)
