"""The circumstances of a verdict, looked up: the target's commit and files, and what changed since others."""

from __future__ import annotations

from collections.abc import Iterable

from radeng_assets.evidence.envelope import timestamp
from radeng_assets.evidence.ledger import Entry
from radeng_assets.execution.git import Commit
from radeng_assets.execution.mirror import Mirror
from radeng_assets.readiness.circumstances import Circumstances, Target

SHOWING_KINDS = ("story", "wave", "gate", "measurement")
"""The kinds of records that are about a commit."""


def observe(commit: Commit | None, mirror: Mirror | None, entries: Iterable[Entry]) -> Circumstances:
    """What is so now. Without a target there is only the time."""
    if commit is None or mirror is None:
        return Circumstances(as_of=timestamp())
    others = {str(e.body["commit"]) for e in entries if e.kind in SHOWING_KINDS and e.body.get("commit")}
    return Circumstances(
        as_of=timestamp(),
        target=Target(commit=commit.commit, tree=commit.tree),
        files=mirror.blobs(commit.commit),
        changes={one: mirror.changed_paths(one, commit.commit) for one in sorted(others - {commit.commit})},
    )
