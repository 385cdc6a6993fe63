"""Steps that only a person can do."""

from __future__ import annotations

import re
from collections.abc import Iterator

from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule

# Only what nobody would give a machine: "contract" and "phone" stand in many tasks that an agent can do. The lookahead
# halves the time, because most words begin with another letter.
_HUMAN = re.compile(
    r"\b(?=[abgilmopsu])(?:manually|manual "
    r"(?:tests?|testing|checks?|reviews?|steps?|verification|approval|sign)|by hand|"
    r"sign[- ]?off|signs? off|approv(?:e[ds]?|al) (?:by|from|of) (?:the|a|our)|(?:get|obtain) approval|"
    r"ask (?:the|a) (?:user|customer|owner|team|manager|stakeholder)|in person|user acceptance|"
    r"on (?:a )?real (?:device|hardware)|legal review|purchase (?:a|the)|buy (?:a|the) )",
    re.IGNORECASE,
)


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each story, citing its tasks and criteria with such words."""
    for story in documents.plan.stories:
        texts = [*(task.description for task in story.tasks if task.description), *story.criteria]
        human = [(text, match.group()) for text in texts if (match := _HUMAN.search(text.value))]
        if human:
            words = ", ".join(f"{word.strip()!r} ({text.at})" for text, word in human)
            message = f"{story.id.value} has steps that only a person can do: {words}."
            yield Issue(
                story.id.value,
                message,
                tuple(text.at for text, _ in human),
                "Take them out of the story, and plan a person's time.",
            )


RULE = Rule(
    id="human-step",
    severity="warning",
    why="An agent cannot sign, buy, phone or look at a device. It will say that it did, or wait for ever.",
    example="W6-S4 has steps that only a person can do: 'sign-off' (EXECUTION-PLAN.yaml:610).",
    check=check,
)
