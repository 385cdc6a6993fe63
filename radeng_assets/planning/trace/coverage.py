"""What counts as linked: the one place that rules and gates ask. Guesses cannot get in here."""

from __future__ import annotations

from collections.abc import Iterable

from radeng_assets.planning.folder import Planning
from radeng_assets.planning.trace.links import Link, explicit_links


def gap_stories(planning: Planning, links: Iterable[Link] | None = None) -> dict[str, tuple[Link, ...]]:
    """Gap id → the links from stories that count, for every gap in file order; empty where no story says so.

    ``links`` are those of ``links_of``, where somebody has them already.
    """
    gaps = planning.gap_analysis.gaps if planning.gap_analysis else ()
    return _by_target("story-gap", (gap.id.value for gap in gaps), links_of(planning) if links is None else links)


def risk_stories(planning: Planning, links: Iterable[Link] | None = None) -> dict[str, tuple[Link, ...]]:
    """Risk id → the links from stories that count, for every risk in file order; empty where no story says so."""
    risks = planning.risk_register.risks if planning.risk_register else ()
    return _by_target("story-risk", (risk.id.value for risk in risks), links_of(planning) if links is None else links)


def links_of(planning: Planning) -> tuple[Link, ...]:
    """The explicit links to gaps and risks of a whole folder."""
    return explicit_links(
        planning.execution_plan,
        planning.gap_analysis,
        planning.verification,
        planning.risk_register,
        planning.master_plan,
    )


def _by_target(kind: str, targets: Iterable[str], links: Iterable[Link]) -> dict[str, tuple[Link, ...]]:
    found: dict[str, list[Link]] = {target: [] for target in targets}
    for link in links:
        if link.kind == kind and link.counts:
            found[link.target].append(link)
    return {target: tuple(those) for target, those in found.items()}
