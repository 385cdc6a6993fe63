"""Test requirements that no story carries: OWASP, load, coverage."""

from __future__ import annotations

import re
from collections.abc import Iterator

from radeng_assets.planning.located import Fact
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule
from radeng_assets.planning.trace.story_text import own_texts

_OWASP = re.compile(r"\bOWASP\b|\bsecurity audit\b|\bprompt injection\b", re.IGNORECASE)
_LOAD = re.compile(r"\bload[ -]test|\b\d+[ -]agents?\b", re.IGNORECASE)
_COVERAGE = re.compile(r"cov", re.IGNORECASE)


def check(documents: Documents) -> Iterator[Issue]:
    """At most one issue for each kind of requirement. Gates carry coverage."""
    tests, plan = documents.tests, documents.plan
    if not plan.stories:
        return
    texts = [fact.value for story in plan.stories for fact in own_texts(story)]
    gates = [
        command.value
        for phase in (plan.gates.post_story, plan.gates.post_wave, plan.gates.post_final)
        for command in phase
    ]
    demanded: tuple[tuple[str, Fact[str] | Fact[int] | None, re.Pattern[str], list[str]], ...] = (
        ("OWASP", tests.owasp[0].id if tests.owasp else None, _OWASP, texts),
        ("load", tests.load[0].agents if tests.load else None, _LOAD, texts),
        ("coverage", tests.targets[0].name if tests.targets else None, _COVERAGE, [*texts, *gates]),
    )
    for name, stated, words, carriers in demanded:
        if stated and not any(words.search(text) for text in carriers):
            message = f"No story or gate carries the {name} requirements ({stated.at})."
            yield Issue(name, message, (stated.at, plan.stories[0].id.at), "Plan a story that tests it.")


RULE = Rule(
    id="test-requirement-unplanned",
    severity="warning",
    why="Test requirements that no story carries are found out at the end: the tests were demanded, and nobody "
    "wrote them.",
    example="No story or gate carries the load requirements (TESTING-REQUIREMENTS.md:636).",
    check=check,
)
