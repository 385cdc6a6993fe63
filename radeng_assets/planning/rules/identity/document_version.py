"""A document whose head and foot disagree about itself."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each statement that a footer overrules."""
    both = (documents.readme, documents.gaps, documents.risks, documents.tests, documents.master, documents.plan)
    for document in both:
        header = document.header
        for note in header.overruled:
            key = note.label.value
            now = getattr(header, key)
            if now is not None:
                message = (
                    f"{key} of {document.file} is {note.value.value} ({note.value.at}) and {now.value} ({now.at})."
                )
                yield Issue(f"{document.file}: {key}", message, (note.value.at, now.at), "State it once.", "warning")


RULE = Rule(
    id="document-version-differs",
    severity="warning",
    why="Approvals name a version. A document with two of them was changed after somebody approved the other.",
    example="version of MASTER-IMPLEMENTATION-PLAN.md is 1.0.0 (…:3) and 2.0.0 (…:1434).",
    check=check,
)
