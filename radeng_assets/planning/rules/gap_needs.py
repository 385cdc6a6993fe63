"""Which gaps a gap needs first, by its own word and by the dependency graph together."""

from __future__ import annotations

from radeng_assets.planning.located import Fact
from radeng_assets.planning.rules.documents import Documents


def gap_needs(documents: Documents) -> dict[str, tuple[Fact[str], ...]]:
    """Gap id → what it needs, each id once, at the place that says so first."""
    needs: dict[str, dict[str, Fact[str]]] = {}
    for gap in documents.gaps.gaps:
        for need in gap.dependencies:
            needs.setdefault(gap.id.value, {}).setdefault(need.value, need)
    for edge in documents.gaps.dependencies:
        for need in edge.needs:
            needs.setdefault(edge.gap.value, {}).setdefault(need.value, need)
    return {name: tuple(found.values()) for name, found in needs.items()}
