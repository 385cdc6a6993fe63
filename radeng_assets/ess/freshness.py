"""The order rule: an index is fresh as long as no file that it could hold has changed since its commit."""

from __future__ import annotations

from radeng_assets.execution.git import GitError, TargetRepository, git_bytes
from radeng_assets.record import Record

_FILES = ("100644", "100755")
_NAMED = 3


class Freshness(Record):
    """Whether an index is stale, and why. ``changed`` are the paths that moved on."""

    stale: bool
    reason: str
    changed: tuple[str, ...] = ()


def freshness(repository: TargetRepository, indexed: str | None, question: str, head: str) -> Freshness:
    """How the index of a commit stands against the commit in question and against HEAD.

    Without agents the two are one. With agents the commit in question is the integration branch's, and what HEAD has
    that the branch has not counts too. What cannot be compared is stale.
    """
    if indexed is None:
        return Freshness(stale=True, reason="there is no index yet")
    try:
        changed = changed_files(repository, indexed, question)
        if head != question:
            changed += changed_files(repository, _parting(repository, question, head) or question, head)
    except GitError as error:
        return Freshness(stale=True, reason=f"{indexed[:12]} cannot be compared: {error}")
    paths = tuple(dict.fromkeys(changed))
    if not paths:
        same = "it is of this very commit" if indexed == question else f"no file changed since {indexed[:12]}"
        return Freshness(stale=False, reason=same)
    more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
    reason = f"changed since {indexed[:12]}: {', '.join(paths[:_NAMED])}{more}"
    return Freshness(stale=True, reason=reason, changed=paths)


def changed_files(repository: TargetRepository, before: str, after: str) -> tuple[str, ...]:
    """The files whose content differs between two commits; links and submodules are none. Raises ``GitError``."""
    if before == after:
        return ()
    shape = ("-r", "-z", "--raw", "--no-renames", "--no-abbrev")
    fields = _git(repository, "diff-tree", *shape, before, after, "--").decode(errors="replace").split("\0")
    found: list[str] = []
    for head, path in zip(fields[0::2], fields[1::2], strict=False):
        mode_before, mode_after, blob_before, blob_after, _ = head.lstrip(":").split(" ")
        if blob_before != blob_after and (mode_before in _FILES or mode_after in _FILES):
            found.append(path)
    return tuple(found)


def _parting(repository: TargetRepository, one: str, other: str) -> str:
    """The commit at which two histories parted; empty where they have none in common."""
    return _git(repository, "merge-base", one, other, fails_with=1).decode().strip()


def _git(repository: TargetRepository, *args: str, fails_with: int = 0) -> bytes:
    return git_bytes("--git-dir", str(repository.git_dir), *args, cwd=repository.git_dir, fails_with=fails_with)
