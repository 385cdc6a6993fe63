"""Severities, probabilities, impacts, scores and priorities outside their vocabulary."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.levels import LEVELS, level_of
from radeng_assets.planning.located import Fact
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each value; a bracketed note after a level is no fault."""
    for subject, what, fact in _values(documents):
        if fact and level_of(fact.value) is None:
            message = (
                f"The {what} of {subject} is {fact.value[:60]!r} ({fact.at}), which is none of {', '.join(LEVELS)}."
            )
            yield Issue(subject, message, (fact.at,), "Choose one of the four levels.")


def _values(documents: Documents) -> Iterator[tuple[str, str, Fact[str] | None]]:
    for category in documents.gaps.categories:
        yield category.name.value if category.name else "a category", "severity", category.severity
    for gap in documents.gaps.gaps:
        yield gap.id.value, "severity", gap.severity
    for section in documents.risks.sections:
        yield section.level.value, "level", section.level
    for risk in documents.risks.risks:
        yield risk.id.value, "probability", risk.probability
        yield risk.id.value, "impact", risk.impact
        yield risk.id.value, "score", risk.score
    for row in documents.readme.blocking_issues:
        yield row.issue.value, "severity", row.severity
    for module in documents.tests.modules:
        yield module.module.value, "priority", module.priority
    for case in documents.tests.cases:
        if case.note_kind.lower() == "priority":
            yield case.name.value, "priority", case.note


RULE = Rule(
    id="level-outside-vocabulary",
    severity="error",
    why=(
        "Levels are compared, counted and gated on. A value outside the four words is left out by every count, "
        "which is how a "
        "critical risk stops being one."
    ),
    example="The score of R-011 is 'MEDIUM-HIGH' (RISK-ASSESSMENT.md:276), which is none of LOW, MEDIUM, HIGH, "
    "CRITICAL.",
    check=check,
)
