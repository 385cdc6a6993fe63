"""Everything that anybody who reads a repository can see: each content under each name that it ever had."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from radeng_assets.execution.git import run_git
from radeng_assets.execution.inspection.change import GITLINK
from radeng_assets.execution.measuring.scene import Scene

_NOTHING = "0" * 40


@dataclass(frozen=True, slots=True)
class Reachable:
    """``now`` are the commit's files, path → blob; ``ever`` the paths of each blob, there or at any time before."""

    now: dict[str, str]
    ever: dict[str, tuple[str, ...]]


def reachable(scene: Scene) -> Reachable:
    """The commit's files, those of its history, and those of every branch and attempt of the plan.

    Raises ``GitError``, also where a part of the history is not there (a shallow clone).
    """
    mirror = scene.mirror
    now = {path: blob for path, mode, blob in _tree(mirror.path, scene.commit.commit) if mode != GITLINK}
    tips = {scene.commit.commit}
    for git_dir in (mirror.path, mirror.target.git_dir):
        tips.update(_git(git_dir, "for-each-ref", "--format=%(objectname)", *scene.branches.folders).split())
    ever: dict[str, dict[str, None]] = {}
    for path, blob in (*now.items(), *_written(mirror.path, sorted(tips))):
        ever.setdefault(blob, {})[path] = None
    return Reachable(now, {blob: tuple(paths) for blob, paths in ever.items()})


def _tree(git_dir: Path, commit: str) -> Iterator[tuple[str, str, str]]:
    for entry in _git(git_dir, "ls-tree", "-r", "-z", "--full-tree", commit).split("\0"):
        head, _, path = entry.partition("\t")
        if path:
            yield path, head.split(" ")[0], head.split(" ")[2]


def _written(git_dir: Path, tips: list[str]) -> Iterator[tuple[str, str]]:
    """(path, blob) of every file that any commit wrote, the newest first; a merge against its first parent."""
    how = ("--raw", "-z", "--root", "--no-renames", "--no-abbrev", "--format=", "--diff-merges=first-parent")
    fields = iter(_git(git_dir, "log", *how, "--stdin", stdin="\n".join((*tips, "")).encode()).split("\0"))
    for head in fields:
        if not head.startswith(":"):
            continue  # between two commits
        path = next(fields)
        _, mode, _, blob, _ = head[1:].split(" ")
        if blob != _NOTHING and mode != GITLINK:
            yield path, blob


def _git(git_dir: Path, *args: str, stdin: bytes = b"") -> str:
    return run_git("--git-dir", str(git_dir), *args, cwd=git_dir, stdin=stdin)
