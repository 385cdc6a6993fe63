"""A risk's score against the heading that it stands under."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each risk whose score is not the level of its section."""
    for section in documents.risks.sections:
        for risk in section.risks:
            if risk.score and risk.score.value.strip().upper() != section.level.value.strip().upper():
                message = (
                    f"{risk.id.value} is scored {risk.score.value} ({risk.score.at}) and stands under "
                    f"{section.level.value} risks ({section.level.at})."
                )
                yield Issue(
                    risk.id.value,
                    message,
                    (risk.score.at, section.level.at, risk.id.at),
                    "Move it, or correct the score.",
                )


RULE = Rule(
    id="risk-section-differs",
    severity="error",
    why="Sections are what people read and count. A risk under the wrong heading is reviewed as often as that "
    "heading says.",
    example="R-011 is scored MEDIUM-HIGH (RISK-ASSESSMENT.md:282) and stands under High risks "
    "(RISK-ASSESSMENT.md:170).",
    check=check,
)
