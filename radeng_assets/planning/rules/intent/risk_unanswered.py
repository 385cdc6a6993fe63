"""Critical and high risks without mitigation, owner or mitigating story."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.levels import GRAVE, level_of
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each risk and thing that it lacks. The graver of score and section decides how grave it is."""
    stories = documents.plan.stories
    for section in documents.risks.sections:
        for risk in section.risks:
            level = level_of(risk.score.value) if risk.score else None
            if level not in GRAVE and level_of(section.level.value) not in GRAVE:
                continue
            name, at = risk.id.value, (risk.id.at,)
            told = f"{name} ({risk.score.value if risk.score else section.level.value}, {risk.id.at})"
            if not risk.mitigations:
                yield Issue(name, f"{told} has no mitigation.", at, "Say what is done about it.", "error")
            if risk.owner is None or not risk.owner.value.strip(" -"):
                yield Issue(name, f"{told} has no owner.", at, "Name who watches it.", "error")
            if stories and not documents.risk_stories[name]:
                fix = f"Write `mitigates: [{name}]` to the story that lessens it, in the plan or in verification.yaml."
                yield Issue(name, f"No story mitigates {told}.", (*at, stories[0].id.at), fix)


RULE = Rule(
    id="risk-unanswered",
    severity="warning",
    why="A grave risk needs somebody who watches it, something that is done, and a story that does it. Else it "
    "is only written down.",
    example="No story mitigates R-004 (CRITICAL, RISK-ASSESSMENT.md:111).",
    check=check,
)
