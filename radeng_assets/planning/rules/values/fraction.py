"""Fractions that are percentages, and percentages over a hundred."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.located import Fact
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each number outside 0 to 1 (percent: 0 to 100)."""
    for subject, fact, most in _fractions(documents):
        if fact and not 0 <= fact.value <= most:
            hint = (
                f"; as a fraction {fact.value:g} % is {fact.value / 100:g}"
                if most == 1 and 1 < fact.value <= 100
                else ""
            )
            message = f"{subject} is {fact.value:g} ({fact.at}), which is not between 0 and {most:g}{hint}."
            yield Issue(subject, message, (fact.at,), "Correct the number.")


def _fractions(documents: Documents) -> Iterator[tuple[str, Fact[float] | None, float]]:
    tests = documents.tests
    yield "test_coverage_minimum", documents.plan.constraints.test_coverage_minimum, 1.0
    yield "percentage", documents.plan.progress.percentage, 100.0
    for target in tests.targets:
        yield target.name.value, target.minimum, 1.0
    for module in tests.modules:
        yield f"{module.module.value}: current", module.current, 1.0
        yield f"{module.module.value}: target", module.target, 1.0
    for criterion in tests.load:
        yield f"{criterion.agents.value} agents: error rate", criterion.error_rate, 1.0
    for gate in tests.gates:
        yield f"coverage gate: {gate.metric.value}", gate.minimum, 1.0
    for share in (*tests.effort, *documents.readme.effort):
        yield f"effort: {share.name.value}", share.fraction, 1.0
    for note in documents.gaps.header.notes:
        if "certainty" in note.label.value or "confidence" in note.label.value:
            yield note.label.value, _number(note.value), 1.0


def _number(fact: Fact[str]) -> Fact[float] | None:
    try:
        return fact.with_value(float(fact.value))
    except ValueError:
        return None


RULE = Rule(
    id="fraction-out-of-range",
    severity="error",
    why="A gate at 80 where 0.80 was meant can never pass, and one at 0.8 % always does.",
    example="test_coverage_minimum is 80 (EXECUTION-PLAN.yaml:30), which is not between 0 and 1; as a fraction "
    "80 % is 0.8.",
    check=check,
)
