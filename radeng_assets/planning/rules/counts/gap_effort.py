"""The claimed total effort against the sum of the gaps' efforts."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.rules.documents import Documents, present
from radeng_assets.planning.rules.rule import Issue, Rule
from radeng_assets.planning.rules.statements import contradiction, counted, says


def check(documents: Documents) -> Iterator[Issue]:
    """At most one issue."""
    gaps = documents.gaps
    efforts = present(gap.effort for gap in gaps.gaps)
    said = [
        *says(gaps.claimed_effort, "claimed in"),
        *counted(sum(effort.value for effort in efforts), gaps.file, efforts),
    ]
    fix = "Add the gaps' efforts up again, or correct the efforts."
    yield from contradiction("total_effort_estimate", "Story points of all gaps", said, fix)


RULE = Rule(
    id="gap-effort-differs",
    severity="error",
    why=(
        "Budgets are made from the total effort. A total that is not the sum of the gaps' own estimates "
        "promises a date that "
        "the estimates already refute."
    ),
    example="Story points of all gaps: 156 (claimed in COMPREHENSIVE-GAP-ANALYSIS.yaml:735) against 205 (counted).",
    check=check,
)
