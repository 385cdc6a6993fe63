"""A gap's severity against the priority tier that it stands in."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.levels import LEVELS
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule
from radeng_assets.planning.rules.words import words

NAMES = tuple(level.lower() for level in reversed(LEVELS))


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each gap. A tier whose name says no level is not judged."""
    for tier in documents.gaps.tiers:
        level = next((level for level in NAMES if level in words(tier.name.value)), None)
        for named in tier.gaps if level else ():
            gap = documents.gap_of.get(named.value)
            if gap and gap.severity and gap.severity.value.lower() in NAMES and gap.severity.value.lower() != level:
                message = (
                    f"{named.value} is {gap.severity.value} ({gap.severity.at}) and stands in "
                    f"{tier.name.value} ({named.at})."
                )
                yield Issue(named.value, message, (gap.severity.at, named.at), "Change the severity or the tier.")


RULE = Rule(
    id="tier-severity-differs",
    severity="error",
    why="Severity and priority are one judgement made twice. Work is ordered by the tier, and reported by the "
    "severity.",
    example="SDK-002 is HIGH (COMPREHENSIVE-GAP-ANALYSIS.yaml:63) and stands in critical_path (…:696).",
    check=check,
)
