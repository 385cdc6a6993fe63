"""The bench: the folder that one attempt works in, with a git repository of its own that the agent may spoil.

Nothing that the agent does there is trusted. Its ``.git`` is a pointer to a private repository, so that ``git diff``
and ``git log`` answer; our side never follows the pointer. The result is read from the files (``Mirror.tree_of``),
so commits, branches and stashes that the agent made count for nothing - and are reported.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from radeng_assets.canonical import digest_bytes
from radeng_assets.execution.git import run_git
from radeng_assets.execution.mirror import Mirror

_ATTENDED = "attended.lock"


def bench_folder(home: Path, key: str) -> Path:
    """Where the bench of an attempt's key is."""
    return home / "benches" / bench_name(key)


def at_work(home: Path, key: str) -> bool:
    """Whether an agent is at work on an attempt now, in whatever process."""
    lock = bench_folder(home, key) / "scratch" / _ATTENDED
    if not lock.exists():
        return False
    try:
        with FileLock(lock, fallback_to_soft=False).acquire(timeout=0):
            return False
    except Timeout:
        return True


@dataclass(frozen=True, slots=True)
class Bench:
    """One attempt's place below ``<home>/benches``. It outlives the process, so that an attempt can go on."""

    folder: Path
    mirror: Mirror
    base: str

    @classmethod
    def of(cls, mirror: Mirror, key: str, base: str) -> Bench:
        """The bench of an attempt's key."""
        return cls(bench_folder(mirror.home, key), mirror, base)

    @property
    def tree(self) -> Path:
        """What the agent may change."""
        return self.folder / "tree"

    @property
    def scratch(self) -> Path:
        """The attempt's own files: journal, transcript. Not shown to the agent's commands."""
        return self.folder / "scratch"

    @contextmanager
    def attended(self) -> Generator[None]:
        """Hold the bench while an agent works there: the lock is free as soon as its process is gone (``at_work``)."""
        with FileLock(self.scratch / _ATTENDED, fallback_to_soft=False):
            yield

    @property
    def shown(self) -> tuple[Path, ...]:
        """What a sandbox must show read-only for git to answer in the tree."""
        return (self._git_dir, *self.mirror.objects)

    @property
    def _git_dir(self) -> Path:
        return self.folder / "git"

    @property
    def _seal(self) -> Path:
        """Says that the tree was laid out whole, and what the private repository looked like then."""
        return self.folder / "seal"

    def lay_out(self) -> None:
        """Put the base commit's files there. A bench that was laid out before is left as it is."""
        if self._seal.exists():
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        self.scratch.mkdir(parents=True)
        self.tree.mkdir()
        self.clear()

    def clear(self) -> None:
        """Put everything back to the base commit, the private repository included."""
        self._seal.unlink(missing_ok=True)
        for place in (self.tree, self._git_dir):
            shutil.rmtree(place, ignore_errors=True)
        self.tree.mkdir()
        run_git("init", "--quiet", "--bare", "--template=", str(self._git_dir), cwd=self.folder)
        alternates = self._git_dir / "objects" / "info" / "alternates"
        alternates.parent.mkdir(parents=True, exist_ok=True)
        alternates.write_text("".join(f"{path}\n" for path in self.mirror.objects), encoding="utf-8")
        (self._git_dir / "config").write_text(_CONFIG, encoding="utf-8")
        where = ("--git-dir", str(self._git_dir), "--work-tree", str(self.tree))
        run_git(*where, "checkout", "--quiet", "--detach", "--force", self.base, cwd=self.folder)
        (self.tree / ".git").write_text(self._pointer, encoding="utf-8")
        draft = self.folder / "seal.draft"
        draft.write_text(self._repository_digest(), encoding="utf-8")
        draft.replace(self._seal)

    @property
    def _pointer(self) -> str:
        return f"gitdir: {self._git_dir}\n"

    def oddities(self) -> Iterator[str]:
        """What was done to the workspace itself, in sentences."""
        pointer = self.tree / ".git"
        if pointer.is_symlink() or not pointer.is_file() or pointer.read_bytes() != self._pointer.encode():
            yield "the worktree's .git pointer was replaced or removed"
        if self._repository_digest() != self._seal.read_text("utf-8"):
            yield "the worktree's repository was changed: a commit, a branch, a hook or its configuration"

    def nested(self) -> tuple[str, ...]:
        """Folders below the root with a ``.git`` of their own, as paths with ``/``."""
        return nested_repositories(self.tree)

    def result_tree(self) -> str:
        """The git tree of what is there now, nested repositories left out. Raises ``GitError``."""
        return self.mirror.tree_of(self.tree, self.base, self.nested())

    def remove(self) -> None:
        """Remove the files; the scratch stays, for whoever wants to know."""
        shutil.rmtree(self.tree, ignore_errors=True)
        shutil.rmtree(self._git_dir, ignore_errors=True)
        self._seal.unlink(missing_ok=True)

    def _repository_digest(self) -> str:
        """What of the private repository an honest agent leaves alone: references, hooks, configuration."""
        parts: list[str] = []
        for name in ("HEAD", "config", "packed-refs", "refs", "hooks", "info"):
            place = self._git_dir / name
            files = sorted(path for path in place.rglob("*") if path.is_file()) if place.is_dir() else [place]
            parts += [
                f"{path.relative_to(self._git_dir)} {digest_bytes(path.read_bytes())}"
                for path in files
                if path.is_file()
            ]
        return digest_bytes("\n".join(parts).encode())


def bench_name(key: str) -> str:
    """The folder's name of an attempt's key."""
    return digest_bytes(key.encode()).removeprefix("sha256:")[:20]


def nested_repositories(tree: Path) -> tuple[str, ...]:
    """Folders below a tree's root with a ``.git`` of their own, as paths with ``/``."""
    found: list[str] = []
    for folder, folders, files in os.walk(tree):
        here = Path(folder)
        if here != tree and any(name.lower() == ".git" for name in (*folders, *files)):
            found.append(here.relative_to(tree).as_posix())
            folders.clear()
        folders[:] = [name for name in folders if name.lower() != ".git"]
    return tuple(sorted(found))


_CONFIG = """\
[core]
\trepositoryformatversion = 0
\tbare = false
\tfsmonitor = false
\thooksPath = /dev/null
[user]
\tname = agent
\temail = agent@localhost
[gc]
\tauto = 0
"""
