"""Gaps that stand in no wave or no tier, and gaps that stand in two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from radeng_assets.planning.documents.gap_analysis import GapWave, PriorityTier
from radeng_assets.planning.levels import GRAVE
from radeng_assets.planning.located import Place
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each gap. Only where the analysis assigns gaps at all; critical and high ones are errors."""
    yield from _placed(documents, "wave", documents.gaps.waves, "no wave closes it")
    yield from _placed(documents, "tier", documents.gaps.tiers, "nobody said how urgent it is")


def _placed(documents: Documents, kind: str, groups: Iterable[GapWave | PriorityTier], meaning: str) -> Iterator[Issue]:
    places: dict[str, list[tuple[str, Place]]] = defaultdict(list)
    first: Place | None = None
    for group in groups:
        first = first or group.name.at
        for gap in group.gaps:
            places[gap.value].append((group.name.value, gap.at))
    if first is None:
        return
    unplaced = [gap for name, gap in documents.gap_of.items() if name not in places]
    for gap in unplaced:
        severity = gap.severity.value if gap.severity else "unknown"
        message = f"{gap.id.value} ({severity}) is in no {kind}: {meaning} (one of {len(unplaced)} such gaps)."
        level = "error" if severity.upper() in GRAVE else "warning"
        yield Issue(gap.id.value, message, (gap.id.at, first), f"Put it into a {kind}.", level)
    for name, found in places.items():
        if len(found) > 1:
            where = " and ".join(f"{group} ({at})" for group, at in found)
            yield Issue(name, f"{name} is in {where}.", tuple(at for _, at in found), f"Keep it in one {kind}.")


RULE = Rule(
    id="gap-placed-wrongly",
    severity="error",
    why=(
        "A gap in no wave is a gap that no work will close, and a gap in two is closed twice or by nobody. For "
        "critical and "
        "high gaps that is the difference between ready and not."
    ),
    example="ESS-001 (CRITICAL) is in no wave: no wave closes it (one of 14 such gaps).",
    check=check,
)
