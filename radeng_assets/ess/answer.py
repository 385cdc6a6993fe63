"""What a code index answers, whichever of the two gave it: places in the code, and how far they can be trusted."""

from __future__ import annotations

from typing import Literal

from radeng_assets.record import Record

Source = Literal["embedded", "gateway"]

FaultType = Literal["STALE_DOC", "ORPHANED_NODE", "CONTRADICTION", "LOW_COVERAGE"]
"""The four faults of the ESS formula."""


class Hit(Record):
    """A place that answers a query. Lines count from 1, both ends included; ``kind`` is the symbol's or ``section``."""

    path: str
    line_start: int
    line_end: int
    symbol: str = ""
    kind: str = ""
    score: float


class Node(Record):
    """What veracity needs to know of one place: the file's last change and what hangs on the symbol.

    ``changed`` is the date (ISO 8601, UTC) of the last commit that touched ``path``; ``neighbours`` counts the
    distinct symbols and files that an edge joins it to; ``describes`` are the code paths that a document names.
    """

    path: str
    line: int
    name: str
    document: bool
    changed: str
    neighbours: int
    describes: tuple[str, ...] = ()


class Fault(Record):
    """One reason for doubt, with its evidence: where, and which dates or counts."""

    type: FaultType
    message: str
    path: str = ""
    line: int | None = None


class Veracity(Record):
    """0 to 100, and every fault that took points off."""

    score: int
    faults: tuple[Fault, ...] = ()


class Answer(Record):
    """The answer to one query. ``index`` is the digest of the snapshot that was asked, at ``commit``."""

    source: Source
    commit: str
    index: str
    results: tuple[Hit, ...]
    veracity: Veracity
