"""Gaps and the master plan's stories that wait for one another. The schedule finds the execution plan's cycles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from radeng_assets.planning.located import Fact
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.gap_needs import gap_needs
from radeng_assets.planning.rules.rule import Issue, Rule


def check(documents: Documents) -> Iterator[Issue]:
    """At most one cycle of each graph: mending it may mend the others."""
    gaps = {name: gap.id for name, gap in documents.gap_of.items()}
    yield from _cycle("gap", gaps, gap_needs(documents))
    stories = {name: story.id for name, story in documents.told_of.items()}
    yield from _cycle("story", stories, {name: story.dependencies for name, story in documents.told_of.items()})


def _cycle(kind: str, ids: Mapping[str, Fact[str]], needs: Mapping[str, tuple[Fact[str], ...]]) -> Iterator[Issue]:
    graph = {
        name: [need.value for need in needs.get(name, ()) if need.value in ids and need.value != name] for name in ids
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        cycle = [str(node) for node in reversed(error.args[1])]
        message = f"These wait for one another: {' -> '.join(cycle)}."
        edges = [need.at for name, to in pairwise(cycle) for need in needs[name] if need.value == to]
        yield Issue(cycle[0], message, tuple(edges), f"Remove one of the {kind} dependencies.")


RULE = Rule(
    id="dependency-cycle",
    severity="error",
    why="Work that waits for itself, at any distance, never starts; a plan with a cycle has no order in which "
    "it could be done.",
    example="These wait for one another: ESS-002 -> ESS-003 -> ESS-002.",
    check=check,
)
