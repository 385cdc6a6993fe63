"""Error rates allowed at a number of agents, in every document that states one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from radeng_assets.planning.located import Fact
from radeng_assets.planning.rules.checklists import checklist_items
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule
from radeng_assets.planning.rules.statements import Stated, contradiction, says

_LIMIT = re.compile(
    r"(?P<agents>\d{1,7})\+? agents\W{1,4}<?=?\s{0,2}(?P<percent>\d{1,3}(?:\.\d{1,4})?)\s{0,2}% error", re.IGNORECASE
)


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each number of agents."""
    said: dict[int, list[Stated[float]]] = defaultdict(list)
    for criterion in documents.tests.load:
        said[criterion.agents.value].extend(says(criterion.error_rate, "limit of"))
    for text in _texts(documents):
        if match := _LIMIT.search(text.value):
            said[int(match["agents"])].extend(
                says(text.with_value(round(float(match["percent"]) / 100, 6)), "limit of")
            )
    for agents, statements in said.items():
        subject = f"{agents} agents"
        yield from contradiction(
            subject, f"Error rate allowed at {agents} agents", statements, "Settle on one limit.", "{:.2%}".format
        )


def _texts(documents: Documents) -> Iterator[Fact[str]]:
    for story in documents.plan.stories:
        yield from (text for text in story.criteria if "agents" in text.value)
    for story in documents.master.stories:
        yield from (item.text for item in story.tests if "agents" in item.text.value)
    yield from (item.text for item in checklist_items(documents))


RULE = Rule(
    id="load-criterion-differs",
    severity="error",
    why="A load test passes by the limit that it is held to. Two limits for one load make its result a matter "
    "of choice.",
    example="Error rate allowed at 100 agents: 5.00% (limit of TESTING-REQUIREMENTS.md:638) against 10.00% "
    "(README.md:203).",
    check=check,
)
