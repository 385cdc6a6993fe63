"""Coverage targets: the same target in every document that states it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from radeng_assets.planning.located import Fact
from radeng_assets.planning.rules.checklists import checklist_items
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule
from radeng_assets.planning.rules.statements import Stated, contradiction, says
from radeng_assets.planning.rules.words import words

UNIT = words("Unit Test Coverage")
_PERCENT = re.compile(r"(?P<percent>\d{1,3}(?:\.\d{1,3})?)\s{0,2}%")
_TEST_COVERAGE = re.compile(r"(?P<percent>\d{1,3}(?:\.\d{1,3})?)\s{0,2}%\+?\s{1,2}test coverage", re.IGNORECASE)


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each kind of coverage, and one for the minimum that the whole must reach."""
    for text in documents.readme.coverage_targets:
        name = text.value.partition(":")[0]
        for target in documents.tests.targets:
            if words(name) == words(target.name.value):
                said = [*says(_percent(text, _PERCENT), "claimed in"), *says(_rounded(target.minimum), "claimed in")]
                yield from contradiction(name, name, said, "Settle on one target.", "{:.0%}".format)
    said = list(_minimum(documents))
    yield from contradiction(
        "test_coverage_minimum", "Least test coverage", said, "Settle on one minimum.", "{:.0%}".format
    )


def _minimum(documents: Documents) -> Iterator[Stated[float]]:
    stated = documents.plan.constraints.test_coverage_minimum
    if stated and stated.value <= 1:
        yield from says(_rounded(stated), "claimed in")
    for item in checklist_items(documents):
        yield from says(_percent(item.text, _TEST_COVERAGE), "claimed in")
    for target in documents.tests.targets:
        if words(target.name.value) == UNIT:
            yield from says(_rounded(target.minimum), "claimed in")
    for gate in documents.tests.gates:
        if gate.metric.value == "lines":
            yield from says(_rounded(gate.minimum), "claimed in")


def _percent(text: Fact[str], pattern: re.Pattern[str]) -> Fact[float] | None:
    match = pattern.search(text.value)
    return text.with_value(round(float(match["percent"]) / 100, 6)) if match else None


def _rounded(fact: Fact[float] | None) -> Fact[float] | None:
    return fact and fact.with_value(round(fact.value, 6))


RULE = Rule(
    id="coverage-target-differs",
    severity="error",
    why=(
        "The coverage gate passes or fails by one number. If the plan, the test requirements and the success "
        "criteria name "
        "different ones, a run can be called both passed and failed."
    ),
    example="Least test coverage: 80% (claimed in EXECUTION-PLAN.yaml:30) against 85% (claimed in README.md:202).",
    check=check,
)
