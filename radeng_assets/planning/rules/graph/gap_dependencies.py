"""A gap's own dependencies against the dependency graph."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.located import Fact
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each gap. Only where the document has a graph at all."""
    edges = {edge.gap.value: edge for edge in documents.gaps.dependencies}
    if not edges:
        return
    first = documents.gaps.dependencies[0].gap.at
    for name, gap in documents.gap_of.items():
        edge = edges.get(name)
        drawn = edge.needs if edge else ()
        if {need.value for need in gap.dependencies} != {need.value for need in drawn}:
            there = edge.gap.at if edge else first
            message = (
                f"{name} depends on {_list(gap.dependencies)} ({gap.id.at}), in the graph on {_list(drawn)} ({there})."
            )
            at = (gap.id.at, *(need.at for need in gap.dependencies), there, *(need.at for need in drawn))
            yield Issue(name, message, at, "Make the gap and the graph say the same.")


def _list(needs: tuple[Fact[str], ...]) -> str:
    return ", ".join(dict.fromkeys(need.value for need in needs)) or "nothing"


RULE = Rule(
    id="gap-dependencies-differ",
    severity="error",
    why="The graph is what waves were cut from, the gap's own list is what its owner knows. Where they differ, "
    "one is out of date.",
    example="UI-004 depends on UI-002 (…:217), in the graph on nothing (…:741).",
    check=check,
)
