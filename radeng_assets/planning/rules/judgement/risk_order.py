"""Risks scored below others that are neither likelier nor worse."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.documents.risk_register import Risk
from radeng_assets.planning.levels import rank_of
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each class of risks and the worst-scored class below it: classes are few, risks may be many."""
    classes: dict[tuple[int, int, int], Risk] = {}
    for risk in documents.risks.risks:
        ranks = [rank_of(fact.value if fact else "") for fact in (risk.probability, risk.impact, risk.score)]
        if None not in ranks:
            probability, impact, score = (rank for rank in ranks if rank is not None)
            classes.setdefault((probability, impact, score), risk)
    for (probability, impact, score), risk in classes.items():
        below = [
            (theirs[2], other)
            for theirs, other in classes.items()
            if theirs[0] <= probability
            and theirs[1] <= impact
            and theirs[:2] != (probability, impact)
            and theirs[2] > score
        ]
        if below and risk.score:
            other = max(below, key=lambda one: one[0])[1]
            if other.score:
                message = (
                    f"{_told(risk)} is scored {risk.score.value} ({risk.score.at}), below {_told(other)}, scored "
                    f"{other.score.value} ({other.score.at})."
                )
                yield Issue(risk.id.value, message, (risk.score.at, other.score.at), "Correct one of the scores.")


def _told(risk: Risk) -> str:
    probability, impact = (fact.value if fact else "?" for fact in (risk.probability, risk.impact))
    return f"{risk.id.value} ({probability} x {impact})"


RULE = Rule(
    id="risk-order-contradicted",
    severity="error",
    why=(
        "A risk that is at least as likely and at least as bad as another cannot score lower. Whoever works "
        "down the list by "
        "score treats the lesser one first."
    ),
    example="R-006 (HIGH x HIGH) is scored HIGH (…:180), below R-005 (MEDIUM x HIGH), scored CRITICAL (…:148).",
    check=check,
)
