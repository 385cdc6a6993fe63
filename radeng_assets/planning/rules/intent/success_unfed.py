"""Success criteria that no story feeds."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule
from radeng_assets.planning.trace.success import links_to, success_criteria

_GIVEN = frozenset({"stories_completed", "stakeholder_signoff"})
"""Fed by the pipeline itself, and by people."""


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each criterion without a story; a gate that measures coverage feeds the coverage criterion."""
    plan, readme = documents.plan, documents.readme
    if not plan.stories:
        return
    criteria = list(success_criteria(readme))
    fed = {name for name, item in criteria if any(link.kind == "story-success" for link in links_to(name, item, plan))}
    gates = (command for phase in ("post_story", "post_wave", "post_final") for command in plan.gates.commands(phase))
    if any("cov" in command.lower() for command in gates):
        fed.add("test_coverage")
    for name, item in criteria:
        if name not in fed | _GIVEN:
            message = f"No story or gate feeds the success criterion {item.text.value!r} ({item.text.at})."
            at = (item.text.at, plan.stories[0].id.at)
            yield Issue(name, message, at, "Plan a story for it, or drop the criterion.")


RULE = Rule(
    id="success-criterion-unfed",
    severity="warning",
    why=(
        "Readiness means that every success criterion is shown. One that no story works towards will be open on "
        "the last day, "
        "when there is no time left to plan."
    ),
    example="No story or gate feeds the success criterion 'ESS integration functional' (README.md:206).",
    check=check,
)
