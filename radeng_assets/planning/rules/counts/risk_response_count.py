"""The response summary's counts against the ids that it names, and their sum against all risks."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule
from radeng_assets.planning.rules.statements import Stated, contradiction, counted, says

_OPEN = ("e.g", "such as", "...", "\u2026", "etc", "including")


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each row, and one for the sum."""
    risks = documents.risks
    for row in risks.responses:
        words = row.examples.value.lower() if row.examples else ""
        if row.examples and (row.risks or (row.count and row.count.value)) and not any(sign in words for sign in _OPEN):
            named = Stated(len({risk.value for risk in row.risks}), f"named in {row.examples.at}", (row.examples.at,))
            said = [*says(row.count, "claimed in"), named]
            yield from contradiction(
                row.kind.value, f"Risks to {row.kind.value}", said, "Correct the count or the ids."
            )
    counts = [row.count for row in risks.responses if row.count]
    if counts:
        total = Stated(
            sum(count.value for count in counts), "sum of the responses", tuple(count.at for count in counts)
        )
        said = [total, *counted(len(risks.risks), risks.file, (risk.id for risk in risks.risks))]
        yield from contradiction("responses", "Risks in all", said, "Give every risk one response.")


RULE = Rule(
    id="risk-response-count-differs",
    severity="error",
    why=(
        "The response summary says for how many risks something is done. Its counts must be those of the ids "
        "that it names, and "
        "together those of the register; else some risk has no response and nobody notices."
    ),
    example="Risks to MITIGATE: 21 (claimed in RISK-ASSESSMENT.md:588) against 20 (named in RISK-ASSESSMENT.md:588).",
    check=check,
)
