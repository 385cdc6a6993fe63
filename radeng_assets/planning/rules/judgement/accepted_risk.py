"""Risks that are to be accepted and have mitigations described."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each response ACCEPT that names such risks."""
    for row in documents.risks.responses:
        if not row.kind.value.upper().startswith("ACCEPT"):
            continue
        named = dict.fromkeys(fact.value for fact in row.risks)
        treated = [risk for name in named if (risk := documents.risk_of.get(name)) and risk.mitigations]
        if treated:
            names = ", ".join(risk.id.value for risk in treated)
            message = (
                f"{len(treated)} risks with the response {row.kind.value} ({row.kind.at}) describe a "
                f"mitigation: {names}."
            )
            at = (row.kind.at, *(risk.mitigations[0].at for risk in treated))
            yield Issue(row.kind.value, message, at, "Say whether these mitigations are planned.")


RULE = Rule(
    id="accepted-risk-mitigated",
    severity="info",
    why=(
        "To accept a risk is to do nothing about it. Mitigations that stand beside it are either planned work "
        "that no story "
        "carries, or ideas: worth a word, no fault."
    ),
    example="7 risks with the response ACCEPT (RISK-ASSESSMENT.md:590) describe a mitigation: R-021, R-022 …",
    check=check,
)
