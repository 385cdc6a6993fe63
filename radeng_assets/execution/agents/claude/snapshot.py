"""Snapshots of a workspace, so that a tool call which a kill cut short is undone before it is done again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from radeng_assets.execution.bench import nested_repositories
from radeng_assets.execution.git import run_git


@dataclass(frozen=True, slots=True)
class Snapshots:
    """Git trees of ``tree`` in a private store at ``store``; ignored files are not in them: caches may stay."""

    tree: Path
    store: Path

    def take(self) -> str:
        """The workspace's files as they are now. Raises ``GitError``."""
        if not (self.store / "HEAD").exists():
            run_git("init", "--quiet", "--bare", "--template=", str(self.store), cwd=self.store.parent)
        without = [f":(exclude,top,literal){path}" for path in nested_repositories(self.tree)]
        self._git("add", "--all", "--", ".", *without)
        return self._git("write-tree").strip()

    def restore(self, snapshot: str) -> None:
        """Put the workspace's files back as they were. Raises ``GitError``."""
        now = self.take()
        added = self._git("diff-tree", "-r", "-z", "--name-only", "--no-renames", "--diff-filter=A", snapshot, now)
        self._git("read-tree", snapshot)
        for path in filter(None, added.split("\0")):
            (self.tree / path).unlink(missing_ok=True)
        self._git("checkout-index", "--all", "--force")

    def _git(self, *args: str) -> str:
        where = ("--git-dir", str(self.store), "--work-tree", str(self.tree))
        return run_git(*where, *args, cwd=self.tree, index=self.store / "snapshots.index")
