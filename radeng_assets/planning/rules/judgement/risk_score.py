"""A risk's score against its probability and impact."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.documents.risk_register import Risk
from radeng_assets.planning.levels import Level, level_of, risk_score
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each risk off the table, citing one of the same pair that is on it."""
    on_table: dict[tuple[Level, Level], Risk] = {}
    off: list[tuple[Risk, Level, Level, Level]] = []
    for risk in documents.risks.risks:
        probability, impact = level_of(_text(risk, "probability")), level_of(_text(risk, "impact"))
        score = level_of(_text(risk, "score"))
        if probability is None or impact is None or score is None:
            continue
        if score == risk_score(probability, impact):
            on_table.setdefault((probability, impact), risk)
        else:
            off.append((risk, probability, impact, score))
    for risk, probability, impact, score in off:
        due = risk_score(probability, impact)
        at = tuple(fact.at for fact in (risk.score, risk.probability, risk.impact) if fact)
        other = on_table.get((probability, impact))
        beside = f", as {other.id.value} with the same two has ({other.score.at})" if other and other.score else ""
        message = (
            f"{risk.id.value} ({probability} x {impact}) is scored {score} ({at[0]}); the table gives {due}{beside}."
        )
        if other and other.score:
            at = (*at, other.score.at)
        yield Issue(risk.id.value, message, at, "Correct the score, the probability or the impact.")


def _text(risk: Risk, name: str) -> str:
    fact = getattr(risk, name)
    return fact.value if fact else ""


RULE = Rule(
    id="risk-score-differs",
    severity="error",
    why=(
        "Score is probability times impact, read off one table: the product of the ranks (LOW 1 to CRITICAL 4) "
        "gives LOW up to "
        "2, MEDIUM up to 4, HIGH at 6, CRITICAL from 8. The table rises with both, so no risk is scored below "
        "one that is "
        "neither likelier nor worse."
    ),
    example="R-021 (LOW x MEDIUM) is scored MEDIUM (…:464); the table gives LOW, as R-027 with the same two has "
    "(…:556).",
    check=check,
)
