"""Review intervals that are longer for graver risks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from radeng_assets.planning.levels import LEVELS
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each level that is reviewed less often than the next lower one, or not at all."""
    cadence = {one.level.value.upper(): one for one in documents.risks.cadence}
    stated = [cadence[level] for level in LEVELS if level in cadence and cadence[level].days is not None]
    for lower, graver in pairwise(stated):
        if graver.days is not None and lower.days is not None and graver.days > lower.days:
            message = (
                f"{graver.level.value} risks are reviewed every {graver.days} days ({graver.every.at}), "
                f"{lower.level.value} "
                f"ones every {lower.days} ({lower.every.at})."
            )
            yield Issue(
                graver.level.value, message, (graver.every.at, lower.every.at), "Review graver risks more often."
            )
    for section in documents.risks.sections:
        if cadence and section.risks and section.level.value.upper() not in cadence:
            first = documents.risks.cadence[0].level.at
            message = f"{section.level.value} risks ({section.level.at}) have no review cadence ({first})."
            yield Issue(section.level.value, message, (section.level.at, first), "Say how often they are reviewed.")


RULE = Rule(
    id="cadence-contradicted",
    severity="warning",
    why="Freshness policies come from the review cadence. A critical risk that is looked at less often than a "
    "low one goes stale first.",
    example="Critical risks are reviewed every 30 days (RISK-ASSESSMENT.md:598), High ones every 7 (…:599).",
    check=check,
)
