"""What is known of one commit's index: what it holds, how far it can be trusted, and whether both branches answer."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence

from pydantic import Field

from radeng_assets.ess.access import EssAccess, Standing
from radeng_assets.ess.answer import Fault, FaultType, Node, Source
from radeng_assets.ess.exercise import exercise
from radeng_assets.ess.index.code_index import Counts
from radeng_assets.ess.reader import Reader
from radeng_assets.ess.service import EssService
from radeng_assets.ess.trials import Exercise
from radeng_assets.ess.veracity import snapshot_veracity
from radeng_assets.evidence.states import State
from radeng_assets.execution.git import GitError
from radeng_assets.record import Record

FAULTS = 200
"""Most faults that a snapshot lists; it counts all of them."""

_ORDER: tuple[FaultType, ...] = ("CONTRADICTION", "STALE_DOC", "LOW_COVERAGE", "ORPHANED_NODE")
"""Those that cost most come first."""


class Snapshot(Record):
    """One commit's index at one moment. ``state`` is what the exercise of both branches came to, ``reason`` why.

    ``source`` is who answers: the gateway where its branch was shown just now, else the index. ``veracity`` is 0 to
    100; ``faults`` are the first, ``fault_counts`` all of them by type. Without an index ``commit`` alone may be there.
    """

    state: State
    reason: str
    commit: str | None = None
    source: Source | None = None
    gateway: Standing = Standing(configured=False)
    index: str | None = None
    counts: Counts | None = None
    reader: Reader | None = None
    veracity: int | None = None
    fault_counts: dict[FaultType, int] = Field(default_factory=dict[FaultType, int])
    faults: tuple[Fault, ...] = ()
    exercise: Exercise | None = None


def take(access: EssAccess, commit: str) -> Snapshot:
    """Index a commit, weigh the index and try both branches.

    Never raises for what git, the disk or the gateway do: then the snapshot is ``missing`` and says why.
    """
    gateway = access.standing()
    try:
        with access.at(commit) as (service, counts):
            return _taken(service, counts, gateway, service.index.nodes(), access.repository.files(commit))
    except (GitError, OSError, sqlite3.Error) as error:
        return Snapshot(state="missing", reason=f"no index could be made: {error}", commit=commit, gateway=gateway)


def _taken(
    service: EssService, counts: Counts, gateway: Standing, nodes: Sequence[Node], paths: Sequence[str]
) -> Snapshot:
    changed = {node.path: node.changed for node in nodes}
    veracity = snapshot_veracity(nodes, changed, service.now(), service.terms.veracity)
    tried = exercise(service, question_for(nodes, paths))
    return Snapshot(
        state=tried.state,
        reason="; ".join(f"{trial.branch.replace('_', ' ')}: {trial.reason}" for trial in (tried.up, tried.down)),
        commit=service.index.commit,
        source="gateway" if tried.up.state == "passed" else "embedded",
        gateway=gateway,
        index=service.index.digest,
        counts=counts,
        reader=Reader.installed(),
        veracity=veracity.score,
        fault_counts=dict(Counter(fault.type for fault in veracity.faults)),
        faults=tuple(sorted(veracity.faults, key=lambda fault: _ORDER.index(fault.type))[:FAULTS]),
        exercise=tried,
    )


def question_for(nodes: Sequence[Node], paths: Sequence[str]) -> str:
    """A question that the commit's own code answers: the name of what most hangs on, else of its first file."""
    best = min(nodes, key=lambda node: (-node.neighbours, node.path, node.line), default=None)
    return best.name if best else paths[0] if paths else ""
