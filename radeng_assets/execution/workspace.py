"""Clean worktrees of a target's commit, made without touching the target.

Worktrees hang on a *mirror* in the home: a bare repository without objects of its own, which borrows the
target's (git alternates). So nothing is written to the user's repository, not even worktree
administration, and nothing is copied. The mirror has no filters, hooks or configuration of the target.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from filelock import FileLock

from radeng_assets.canonical import digest_bytes
from radeng_assets.execution.git import TargetRepository, run_git


@dataclass(frozen=True, slots=True)
class Workspaces:
    """Worktrees of one target below ``<home>/worktrees``. Any number of processes may use it at once."""

    home: Path
    target: TargetRepository

    @contextmanager
    def clean(self, commit: str) -> Generator[Path]:
        """A worktree with exactly the commit's files, removed afterwards. Raises ``GitError``."""
        place = self._root / _owned_name()
        with self._lock():
            self._prepare()
            self._prune()
            self._git("worktree", "add", "--detach", "--force", str(place), commit)
        try:
            yield place
        finally:
            with self._lock():
                self._remove(place)

    @property
    def _name(self) -> str:
        return digest_bytes(os.fsencode(self.target.git_dir)).removeprefix("sha256:")[:16]

    @property
    def _root(self) -> Path:
        return self.home / "worktrees" / self._name

    @property
    def _mirror(self) -> Path:
        return self.home / "targets" / f"{self._name}.git"

    def _lock(self) -> FileLock:
        self._mirror.parent.mkdir(parents=True, exist_ok=True)
        # A lock of the kernel's: it is free at once when its holder is killed.
        return FileLock(self._mirror.with_suffix(".lock"), fallback_to_soft=False)

    def _git(self, *args: str) -> None:
        run_git("--git-dir", str(self._mirror), *args, cwd=self._mirror)

    def _prepare(self) -> None:
        self._root.mkdir(parents=True, exist_ok=True)
        if not (self._mirror / "HEAD").exists():
            draft = self._mirror.with_name(f".{self._mirror.name}-{uuid.uuid4().hex}")
            run_git("init", "--quiet", "--bare", "--template=", str(draft), cwd=self.home)
            draft.replace(self._mirror)
        alternates = self._mirror / "objects" / "info" / "alternates"
        alternates.parent.mkdir(parents=True, exist_ok=True)
        alternates.write_text(f"{self.target.objects}\n", encoding="utf-8")

    def _prune(self) -> None:
        """Remove what killed processes left behind."""
        for place in self._root.iterdir():
            if not _owner_lives(place.name):
                self._remove(place)

    def _remove(self, place: Path) -> None:
        shutil.rmtree(place, ignore_errors=True)
        self._git("worktree", "prune")


def _owned_name() -> str:
    """A name that says whose it is: process id, its start time (ids are used again), and a random part."""
    own = psutil.Process()
    return f"{own.pid}-{int(own.create_time() * 100)}-{uuid.uuid4().hex[:8]}"


def _owner_lives(name: str) -> bool:
    pid, _, rest = name.partition("-")
    started = rest.partition("-")[0]
    try:
        return str(int(psutil.Process(int(pid)).create_time() * 100)) == started
    except (psutil.NoSuchProcess, ValueError):
        return False
