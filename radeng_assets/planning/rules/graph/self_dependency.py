"""What waits for itself."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.located import Fact
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule


def check(documents: Documents) -> Iterator[Issue]:
    """Waves, stories of both plans, tracker entries, gaps."""
    plan, master, gaps = documents.plan, documents.master, documents.gaps
    edges: Iterator[tuple[Fact[str], tuple[Fact[str], ...]]] = iter(
        (
            *((wave.id, wave.dependencies) for wave in plan.waves),
            *((story.id, story.dependencies) for story in plan.stories),
            *((story.id, story.dependencies) for story in master.stories),
            *((entry.id, entry.dependencies) for entry in master.tracker),
            *((gap.id, gap.dependencies) for gap in gaps.gaps),
            *((edge.gap, edge.needs) for edge in gaps.dependencies),
        )
    )
    for name, needs in edges:
        for need in needs:
            if need.value == name.value:
                message = f"{name.value} depends on itself ({need.at})."
                yield Issue(name.value, message, (need.at, name.at), "Remove the dependency.")


RULE = Rule(
    id="self-dependency",
    severity="error",
    why="What waits for itself never starts.",
    example="W4-S2 depends on itself (EXECUTION-PLAN.yaml:331).",
    check=check,
)
