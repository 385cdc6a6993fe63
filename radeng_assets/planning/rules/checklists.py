"""Tick boxes in which documents repeat numbers: the README's success criteria, the master plan's checklists."""

from __future__ import annotations

from radeng_assets.planning.documents.common import ChecklistItem
from radeng_assets.planning.rules.documents import Documents


def checklist_items(documents: Documents) -> tuple[ChecklistItem, ...]:
    """Every item of the success criteria and of the master plan's checklists outside its stories."""
    return (*documents.readme.success_criteria, *(item for one in documents.master.checklists for item in one.items))
