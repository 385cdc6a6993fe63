"""The circumstances of a verdict, looked up: the target's commit and files, and what changed since others."""

from __future__ import annotations

from radeng_assets.evidence.envelope import timestamp
from radeng_assets.evidence.ledger import LedgerCopy
from radeng_assets.execution.git import Commit
from radeng_assets.execution.mirror import Mirror
from radeng_assets.readiness.circumstances import Circumstances, Target
from radeng_assets.readiness.signoff import signed_commits

SHOWING_KINDS = ("story", "wave", "gate", "measurement")
"""The kinds of records that are about a commit."""


def observe(commit: Commit | None, mirror: Mirror | None, ledger: LedgerCopy) -> Circumstances:
    """What is so now. Without a target there is only the time. Raises ``NotARepository``."""
    if commit is None or mirror is None:
        return Circumstances(as_of=timestamp())
    entries = ledger.entries
    others = {str(e.body.get("commit")) for e in entries if e.kind in SHOWING_KINDS} | set(signed_commits(entries))
    head = mirror.target.head().commit
    return Circumstances(
        as_of=timestamp(),
        target=Target(commit=commit.commit, tree=commit.tree),
        files=mirror.blobs(commit.commit),
        changes={one: mirror.changed_paths(one, commit.commit) for one in sorted(others - {commit.commit})},
        ahead=(*_ahead(commit, head, mirror), *mirror.target.replaced(commit)),
        head="" if head == commit.commit else head,
    )


def _ahead(commit: Commit, head: str, mirror: Mirror) -> tuple[str, ...]:
    """What the target's HEAD has that the commit in question has not."""
    if head == commit.commit or mirror.holds(head, commit.commit):
        return ()
    parting = mirror.parting(head, commit.commit)
    return tuple(mirror.blobs(head)) if parting is None else mirror.changed_paths(parting, head) or ()
