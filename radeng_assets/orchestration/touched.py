"""Which assets an edit of the planning folder touches, by the lineage itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import dagster as dg

from radeng_assets.orchestration.names import DOCUMENTS, READINESS, READS

CHEAP = frozenset({DOCUMENTS, READINESS})
"""Groups whose assets only read and judge. What runs commands or agents no edit starts by itself."""


def touched(specs: Iterable[dg.AssetSpec], files: Collection[str]) -> list[dg.AssetKey]:
    """The cheap assets that read one of the files, or depend on something that does, however far away; in order.

    What is not cheap is passed through: progress is counted anew where the plan of the waves changed.
    """
    known = {spec.key: spec for spec in specs}
    found = {key for key, spec in known.items() if set(spec.metadata.get(READS, ())) & set(files)}
    while more := {
        key for key, spec in known.items() if key not in found and any(dep.asset_key in found for dep in spec.deps)
    }:
        found |= more
    return sorted(key for key in found if known[key].group_name in CHEAP)
