"""The matrix as rows of text: one shape for the CSV file, the web UI and the terminal."""

from __future__ import annotations

import re

from radeng_assets.planning.trace.links import Link
from radeng_assets.planning.trace.matrix import Traceability

COLUMNS = ("kind", "id", "title", "linked", "how", "suggested", "at")
DANGLING = "dangling"
"""The kind of a row about a link that leads to nothing."""


def traceability_table(trace: Traceability) -> list[tuple[str, ...]]:
    """Rows of ``COLUMNS``, the matrix first and then a row for each dangling link.

    ``linked`` are sources of links with both ends known, parted by spaces; a gap wave reads ``wave:name``, because
    it says no story. ``how`` are their ways, each once, parted by ``; ``. ``suggested`` reads ``W1-S1?0.42``.
    """
    rows: list[tuple[str, ...]] = []
    for row in trace.rows:
        known = [link for link in row.links if link.known]
        linked = " ".join(dict.fromkeys(_source(link) for link in known))
        how = "; ".join(dict.fromkeys(link.how for link in known))
        suggested = " ".join(f"{one.story}?{one.score:.2f}" for one in row.suggested)
        rows.append((row.kind, row.id, row.title, linked, how, suggested, str(row.place)))
    for link in trace.dangling:
        said = f"stated of {link.source}, and one of the two is in no document"
        rows.append((DANGLING, link.target, said, "", link.how, "", str(link.at)))
    return rows


def _source(link: Link) -> str:
    name = re.sub(r"\s+", "_", link.source)
    return f"wave:{name}" if link.kind == "wave-gap" else name
