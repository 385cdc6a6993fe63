"""Coverage for people: what was counted, as tables."""

from __future__ import annotations

from collections.abc import Sequence

from radeng_assets.evidence.formats.coverage.lines import Count
from radeng_assets.readiness.reports.assessment import Table
from radeng_assets.readiness.reports.coverage_targets import Module


def overall_table(count: Count, said: Count, threshold: float | None) -> Table:
    """All code, and what the tools themselves counted of it."""
    return Table(
        title="Overall",
        columns=("what", "covered", "total", "share", "demanded"),
        rows=(
            ("all code of the product", count.covered, count.total, share(count), threshold),
            ("what the reports list of it", said.covered, said.total, share(said), None),
        ),
    )


def module_table(modules: Sequence[Module]) -> Table:
    """Each module of the plan."""
    return Table(
        title="Modules",
        columns=("module", "covered", "total", "share", "demanded", "why not known"),
        rows=tuple(
            (m.name, m.count.covered, m.count.total, share(m.count), m.target, "")
            if m.count is not None
            else (m.name, None, None, None, m.target, m.why)
            for m in modules
        ),
    )


def share(count: Count) -> float | None:
    """For people: four digits. Nothing is decided by it."""
    return round(count.covered / count.total, 4) if count.total else None
