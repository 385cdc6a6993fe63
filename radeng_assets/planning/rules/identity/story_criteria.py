"""One story with different numbers of acceptance criteria and tests."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each story. Numbers are compared, wordings are not: they are always rephrased."""
    for story, told in documents.told_twice:
        criteria, tests = story.criteria, told.tests
        if criteria and tests and len(criteria) != len(tests):
            name = story.id.value
            message = (
                f"{name} has {len(criteria)} acceptance criteria ({criteria[0].at}) and {len(tests)} "
                f"tests ({tests[0].text.at})."
            )
            yield Issue(name, message, (criteria[0].at, tests[0].text.at), "Give both plans the same criteria.")


RULE = Rule(
    id="criteria-count-differs",
    severity="warning",
    why=(
        "A story is done when its criteria are shown. What the master plan tests and the execution plan does "
        "not ask for will be "
        "called done without having been looked at."
    ),
    example="W2-S1 has 4 acceptance criteria (EXECUTION-PLAN.yaml:142) and 5 tests "
    "(MASTER-IMPLEMENTATION-PLAN.md:232).",
    check=check,
)
