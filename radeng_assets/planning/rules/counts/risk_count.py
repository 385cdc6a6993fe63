"""Claimed numbers of risks by level against the risks that stand under the level's heading."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.levels import LEVELS
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule
from radeng_assets.planning.rules.statements import contradiction, counted, says
from radeng_assets.planning.rules.words import words

NAMES = tuple(level.lower() for level in reversed(LEVELS))


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each level, and one for all, that is told differently."""
    risks = documents.risks
    claims = [*risks.profile, *(claim for section in documents.readme.documents for claim in section.claims)]
    about = [claim for claim in claims if "risk" in words(claim.label.value)]
    for level in NAMES:
        own = [claim for claim in about if [one for one in NAMES if one in words(claim.label.value)] == [level]]
        sections = [section for section in risks.sections if section.level.value.lower() == level]
        listed = [risk.id for section in sections for risk in section.risks]
        there = counted(len(listed), risks.file, [*(section.level for section in sections), *listed])
        said = [*(one for claim in own for one in says(claim.count, "claimed in")), *there]
        yield from contradiction(f"{level} risks", f"Risks of level {level}", said, "Count the section's risks again.")
    totals = [claim for claim in about if not any(level in words(claim.label.value) for level in NAMES)]
    said = [
        *(one for claim in totals for one in says(claim.count, "claimed in")),
        *counted(len(risks.risks), risks.file, (risk.id for risk in risks.risks)),
    ]
    yield from contradiction("total risks", "Risks in all", said, "Count the risks again.")


RULE = Rule(
    id="risk-count-differs",
    severity="error",
    why=(
        "The risk profile is the one number that managers read. If it is not the number of risks described "
        "below, a risk is "
        "either hidden or counted twice."
    ),
    example="Risks of level high: 9 (claimed in RISK-ASSESSMENT.md:19) against 8 (counted in RISK-ASSESSMENT.md).",
    check=check,
)
