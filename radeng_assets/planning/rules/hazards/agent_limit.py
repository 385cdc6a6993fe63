"""More agents than the plan allows at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule

_AGENT = re.compile(r"\bAgent (?P<number>\d{1,6})\b")
_CLAIMED = re.compile(r"(?P<most>\d{1,4}) parallel agents", re.IGNORECASE)


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each story given to an agent over the limit, and one for each duration that counts on more."""
    limit = documents.plan.constraints.max_parallel_agents
    if limit is None or limit.value < 1:
        return
    for story in documents.master.stories:
        match = _AGENT.search(story.assignment.value) if story.assignment else None
        if story.assignment and match and int(match["number"]) > limit.value:
            message = (
                f"{story.id.value} is for agent {match['number']} ({story.assignment.at}); at most "
                f"{limit.value} work at once ({limit.at})."
            )
            yield Issue(
                story.id.value,
                message,
                (story.assignment.at, limit.at),
                "Raise the limit, or share the agents out anew.",
            )
    for claim in (documents.master.claimed_duration, documents.gaps.claimed_weeks, documents.readme.claimed_duration):
        match = _CLAIMED.search(claim.value) if claim else None
        if claim and match and int(match["most"]) > limit.value:
            message = (
                f"The duration counts on {match['most']} agents ({claim.at}); at most {limit.value} work "
                f"at once ({limit.at})."
            )
            yield Issue(
                "max_parallel_agents", message, (claim.at, limit.at), "Raise the limit, or correct the duration."
            )


RULE = Rule(
    id="agent-limit-exceeded",
    severity="warning",
    why="Stories given to more agents than may work at once wait for one another, and the dates that count on "
    "them slip.",
    example="W3-S4 is for agent 4 (MASTER-IMPLEMENTATION-PLAN.md:420); at most 3 work at once "
    "(EXECUTION-PLAN.yaml:28).",
    check=check,
)
