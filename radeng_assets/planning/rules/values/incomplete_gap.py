"""Gaps that lack what they are ordered and counted by."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each gap without title, severity or effort."""
    for gap in documents.gaps.gaps:
        parts = {"title": gap.title, "severity": gap.severity, "effort_estimate": gap.effort}
        missing = [name for name, part in parts.items() if part is None or part.value == ""]
        if missing:
            message = f"{gap.id.value} ({gap.id.at}) states no {' and no '.join(missing)}."
            level = "error" if "severity" in missing else None
            yield Issue(gap.id.value, message, (gap.id.at,), f"Add {', '.join(missing)}.", level)


RULE = Rule(
    id="gap-incomplete",
    severity="warning",
    why="A gap without severity is in no count and in no order, one without effort in no budget: both are "
    "forgotten first.",
    example="SEC-004 (COMPREHENSIVE-GAP-ANALYSIS.yaml:558) states no severity.",
    check=check,
)
