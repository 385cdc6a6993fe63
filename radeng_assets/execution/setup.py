"""Making a fresh worktree runnable, once for each set of dependencies.

``workspace.setup`` installs what the target needs, which takes longer than most gates. What it leaves behind is kept
by the digest of the commands and of every manifest and lock file, and copied into the next worktree. Only a
setup of a trusted commit is kept: an attempt's own result could leave behind what spoils other proofs.
"""

from __future__ import annotations

import os
import platform
import shutil
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pydantic import TypeAdapter

from radeng_assets.canonical import digest_bytes, digest_of
from radeng_assets.execution.names import shown
from radeng_assets.holding import held

LOCK_FILES = frozenset(
    {
        *("package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb"),
        *("uv.lock", "poetry.lock", "Pipfile.lock", "pdm.lock", "Cargo.lock", "go.sum", "Gemfile.lock"),
        *("composer.lock", "gradle.lockfile", "deno.lock", "flake.lock", "mix.lock"),
    }
)
"""Files that package managers write."""

_MANIFESTS = frozenset({"package.json", "pyproject.toml", "setup.py", "setup.cfg", "Cargo.toml", "go.mod", "Pipfile"})
_EVIDENCE = TypeAdapter(tuple[str, ...])


@dataclass(frozen=True, slots=True)
class SetupCache:
    """What setups left behind, below ``<home>/setup``."""

    home: Path

    def key(self, commands: Sequence[str], folder: Path, files: Sequence[str]) -> str | None:
        """What a setup depends on; ``None`` where nothing says, and so nothing may be kept.

        ``files`` are the paths of the commit that ``folder`` holds.
        """
        stated = [path for path in files if _states_dependencies(path)]
        if not stated:
            return None
        there = [path for path in stated if (folder / path).is_file()]
        contents = [[shown(path), digest_bytes((folder / path).read_bytes())] for path in there]
        return digest_of([list(commands), contents, platform.platform(), platform.python_version()])

    def restore(self, key: str, folder: Path) -> tuple[str, ...] | None:
        """Copy a kept setup into a worktree; the evidence of the commands that made it. ``None`` if none is kept."""
        place = self._place(key)
        with held(place) as there:
            if not there:
                return None
            os.utime(place)  # used now: what is not used for long may go
            shutil.copytree(place / "files", folder, symlinks=True, dirs_exist_ok=True)
            return evidence_of(place)

    def keep(self, key: str, folder: Path, files: Sequence[str], evidence: Sequence[str]) -> None:
        """Keep what a setup added to a worktree. It appears whole or not at all."""
        place = self._place(key)
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = place.with_name(f".{uuid.uuid4().hex}")
        (draft / "files").mkdir(parents=True)
        try:
            for path in _added(folder, set(files)):
                target = draft / "files" / path
                target.parent.mkdir(parents=True, exist_ok=True)
                source = folder / path
                if source.is_dir() and not source.is_symlink():
                    shutil.copytree(source, target, symlinks=True)
                else:
                    shutil.copy2(source, target, follow_symlinks=False)
            (draft / "evidence.json").write_bytes(_EVIDENCE.dump_json(tuple(evidence)))
            if not place.exists():
                draft.rename(place)
        except OSError:
            if not place.is_dir():  # else another process kept the same first
                raise
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def _place(self, key: str) -> Path:
        return self.home / "setup" / key.removeprefix("sha256:")[:32]


def evidence_of(place: Path) -> tuple[str, ...]:
    """The evidence of the commands that made a kept setup. Raises ``OSError`` and ``ValueError`` for what is none."""
    return _EVIDENCE.validate_json((place / "evidence.json").read_bytes())


def _states_dependencies(path: str) -> bool:
    name = PurePosixPath(path).name
    return name in LOCK_FILES or name in _MANIFESTS or (name.startswith("requirements") and name.endswith(".txt"))


def _added(folder: Path, files: set[str]) -> Iterator[Path]:
    """The topmost paths of a worktree that hold nothing of the commit."""
    parents = {str(parent) for path in files for parent in PurePosixPath(path).parents}

    def walk(place: Path) -> Iterator[Path]:
        for entry in sorted(os.scandir(folder / place), key=lambda entry: entry.name):
            path = place / entry.name
            name = path.as_posix()
            if name == ".git" or name in files:
                continue
            if entry.is_dir(follow_symlinks=False) and name in parents:
                yield from walk(path)
            else:
                yield path

    return walk(Path())
