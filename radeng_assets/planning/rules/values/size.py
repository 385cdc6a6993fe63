"""Points, efforts, counts and limits that cannot be."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.located import Fact
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each number: sizes and limits must be over zero, counts may be zero."""
    for subject, what, fact, least in _numbers(documents):
        if fact and fact.value < least:
            message = f"{what} of {subject} is {fact.value:g} ({fact.at}); it must be at least {least:g}."
            yield Issue(subject, message, (fact.at,), "Correct the number.")


def _numbers(documents: Documents) -> Iterator[tuple[str, str, Fact[int] | Fact[float] | None, int]]:
    plan, master, gaps = documents.plan, documents.master, documents.gaps
    for story in (*plan.stories, *master.stories):
        yield story.id.value, "points", story.points, 1
    for entry in master.tracker:
        yield entry.id.value, "points", entry.points, 1
    for gap in gaps.gaps:
        yield gap.id.value, "effort", gap.effort, 1
    constraints = plan.constraints
    yield "max_parallel_agents", "value", constraints.max_parallel_agents, 1
    yield "typecheck_errors_allowed", "value", constraints.typecheck_errors_allowed, 0
    for scope in plan.memory:
        yield scope.name.value, "token_budget", scope.token_budget, 1
    for name in ("total_stories", "total_points"):
        yield f"meta: {name}", "value", getattr(plan.meta, name), 1
    for name in ("completed", "in_progress", "pending", "completed_points", "total_stories", "total_points"):
        yield f"progress: {name}", "value", getattr(plan.progress, name), 0
    for criterion in documents.tests.load:
        yield f"{criterion.agents.value} agents", "number", criterion.agents, 1
        if criterion.p99_seconds and criterion.p99_seconds.value <= 0:
            yield f"{criterion.agents.value} agents", "p99", criterion.p99_seconds, 1
    for name in ("total", "critical", "high", "medium", "low"):
        yield f"{name} gaps", "number", getattr(gaps.claimed, name), 0


RULE = Rule(
    id="number-out-of-range",
    severity="error",
    why=(
        "A story of no or negative size, a limit of no agents, a budget of no tokens: whoever computes with it "
        "gets a total, a "
        "schedule or a share that means nothing."
    ),
    example="points of W3-S2 is -5 (EXECUTION-PLAN.yaml:252); it must be at least 1.",
    check=check,
)
