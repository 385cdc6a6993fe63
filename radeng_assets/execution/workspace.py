"""Clean worktrees of a commit, made without touching the target: where gates and proofs run."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from radeng_assets.execution.git import TargetRepository
from radeng_assets.execution.mirror import Mirror


@dataclass(frozen=True, slots=True)
class Workspaces:
    """Worktrees of one target below ``<home>/worktrees``. Any number of processes may use it at once."""

    home: Path
    target: TargetRepository

    @contextmanager
    def clean(self, commit: str) -> Generator[Path]:
        """A worktree with exactly the commit's files, removed afterwards. Raises ``GitError``."""
        mirror = self.mirror
        place = self._root / _owned_name()
        mirror.prepare()
        with mirror.lock():
            self._prune()
            mirror.git("worktree", "add", "--detach", "--force", str(place), commit)
        try:
            yield place
        finally:
            with mirror.lock():
                self._remove(place)

    @property
    def mirror(self) -> Mirror:
        """The repository that worktrees hang on."""
        return Mirror(self.home, self.target)

    @property
    def _root(self) -> Path:
        return self.home / "worktrees" / self.mirror.name

    def _prune(self) -> None:
        """Remove what killed processes left behind."""
        self._root.mkdir(parents=True, exist_ok=True)
        for place in self._root.iterdir():
            if not owner_lives(place.name):
                self._remove(place)

    def _remove(self, place: Path) -> None:
        shutil.rmtree(place, ignore_errors=True)
        self.mirror.git("worktree", "prune")


def _owned_name() -> str:
    """A name that says whose it is: process id, its start time (ids are used again), and a random part."""
    own = psutil.Process()
    return f"{own.pid}-{int(own.create_time() * 100)}-{uuid.uuid4().hex[:8]}"


def owner_lives(name: str) -> bool:
    """Whether the process that a worktree's name tells of is alive."""
    pid, _, rest = name.partition("-")
    started = rest.partition("-")[0]
    try:
        return str(int(psutil.Process(int(pid)).create_time() * 100)) == started
    except (psutil.NoSuchProcess, ValueError):
        return False
