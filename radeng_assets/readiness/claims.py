"""What the README claims about each success criterion. A tick is shown as a claim and counts as nothing."""

from __future__ import annotations

from radeng_assets.planning.documents.common import ChecklistItem
from radeng_assets.planning.trace.success import SUCCESS_RULES
from radeng_assets.readiness.case import Case

NEED_TARGET = "Run it on a repository: radeng run --plan DIR --target REPO"
"""What to do next where nothing could be shown because there is no commit."""


def claim_of(case: Case, criterion: str) -> str:
    """The README's wording of a criterion with its place and tick; empty where it says nothing."""
    item = stated(case, criterion)
    if item is None:
        return ""
    state = "ticked" if item.ticked else "not ticked"
    return f"{item.text.value} ({state}, {item.text.at})"


def stated(case: Case, criterion: str) -> ChecklistItem | None:
    """The README's checklist line about a criterion, ``None`` where it has none."""
    readme = case.planning.readme
    for item in readme.success_criteria if readme else ():
        if any(word in item.text.value.lower() for word in SUCCESS_RULES[criterion].stated):
            return item
    return None
