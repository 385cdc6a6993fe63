"""Agent roles outside their vocabulary."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.located import Fact
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule

ROLES = frozenset(
    (
        *("developer", "test-writer", "tester", "code-reviewer", "reviewer", "planner", "architect", "researcher"),
        *("documenter", "technical-writer", "doc-writer", "debugger", "refactorer", "designer", "analyst", "devops"),
        *(
            "security-reviewer",
            "security-engineer",
            "security-auditor",
            "qa",
            "qa-engineer",
            "release-manager",
            "engineer",
        ),
        *("frontend-developer", "backend-developer", "ui-developer", "data-engineer", "devops-engineer", "coder"),
    )
)
"""Roles that coding-agent setups commonly define; the reference plan uses four of them."""


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each story of both plans."""
    for story in (*documents.plan.stories, *documents.master.stories):
        agent = story.agent
        if agent and agent.value.strip().lower().replace("_", "-").replace(" ", "-") not in ROLES:
            message = f"{story.id.value} is given to {agent.value[:60]!r} ({agent.at}), which is no agent role."
            yield Issue(story.id.value, message, (agent.at,), _fix(agent))


def _fix(agent: Fact[str]) -> str:
    return "Use a known role (developer, test-writer, code-reviewer, planner …)." if agent.value else "Name a role."


RULE = Rule(
    id="agent-outside-vocabulary",
    severity="warning",
    why="The role chooses the agent's brief and rights. A role that is not defined gets the default ones, "
    "whatever was meant.",
    example="W3-S1 is given to 'wizard' (EXECUTION-PLAN.yaml:223), which is no agent role.",
    check=check,
)
