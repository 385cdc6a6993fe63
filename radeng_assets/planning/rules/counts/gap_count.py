"""Claimed numbers of gaps, in all and by severity, against the gaps that are listed."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.documents.common import Claim
from radeng_assets.planning.levels import LEVELS
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule
from radeng_assets.planning.rules.statements import Stated, contradiction, counted, says
from radeng_assets.planning.rules.words import words

NAMES = tuple(level.lower() for level in reversed(LEVELS))


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each measure that is told differently."""
    gaps, claimed = documents.gaps, documents.gaps.claimed
    claims = [claim for section in documents.readme.documents for claim in section.claims]
    about = [claim for claim in claims if "gap" in words(claim.label.value)]
    totals = [claim for claim in about if not _levels(claim)]
    yield from contradiction(
        "total_gaps_identified",
        "Gaps in all",
        [
            *(one for claim in totals for one in says(claim.count, "claimed in")),
            *says(claimed.total, "claimed in"),
            *counted(len(gaps.gaps), gaps.file, (gap.id for gap in gaps.gaps)),
        ],
        "Count the gaps again and correct the claims, or add the gaps that are missing.",
    )
    for level in NAMES:
        yield from contradiction(
            f"{level}_gaps",
            f"Gaps of severity {level}",
            [
                *(one for claim in about if _levels(claim) == [level] for one in says(claim.count, "claimed in")),
                *says(getattr(claimed, level), "claimed in"),
                *_listed(documents, level),
            ],
            "Count the gaps of this severity again, or correct their severities.",
        )
    for claim in about:
        if len(levels := _levels(claim)) > 1:
            found = [one for level in levels for one in _listed(documents, level)]
            total = Stated(
                sum(one.value for one in found),
                f"counted in {gaps.file}",
                tuple(place for one in found for place in one.at),
            )
            yield from contradiction(
                "_".join([*levels, "gaps"]),
                f"Gaps of severity {' and '.join(levels)}",
                [*says(claim.count, "claimed in"), total],
                "Count the gaps of these severities again.",
            )


def _levels(claim: Claim) -> list[str]:
    return [level for level in NAMES if level in words(claim.label.value)]


def _listed(documents: Documents, level: str) -> list[Stated[int]]:
    severities = [gap.severity for gap in documents.gaps.gaps if gap.severity]
    of_level = [severity for severity in severities if severity.value.lower() == level]
    by = f"counted in {documents.gaps.file}"
    return (counted(len(of_level), documents.gaps.file, of_level) or [Stated(0, by, ())]) if severities else []


RULE = Rule(
    id="gap-count-differs",
    severity="error",
    why=(
        "A header's number of gaps is what people plan and report by. Where the list below it has another "
        "number, either gaps "
        "were lost or the number was never counted, and nobody can say how much is left."
    ),
    example="Gaps in all: 47 (claimed in README.md:26) against 34 (counted in COMPREHENSIVE-GAP-ANALYSIS.yaml).",
    check=check,
)
