"""The user's checkout: what it looked like before an attempt, and what differs after it.

Agents do write to absolute paths. Where there is a sandbox they cannot; the comparison does not rely on it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from radeng_assets.canonical import digest_bytes
from radeng_assets.execution.branches import OURS
from radeng_assets.execution.git import GitError, TargetRepository, run_git
from radeng_assets.execution.names import shown
from radeng_assets.record import Record

_SHOWN = 5


class CheckoutState(Record):
    """Everything about a checkout that nobody but its user may change.

    ``facts`` are branch, references (ours left out), stash, index, hooks and configuration, by name; ``files`` every
    file with what the file system says of it (mode, size, times, inode: writing the same bytes shows as well).
    """

    facts: dict[str, str]
    files: dict[str, str]

    def differences(self, after: CheckoutState) -> tuple[str, ...]:
        """What differs, in words; the first few files by name."""
        facts = [
            f"its {name} changed"
            for name in sorted({*self.facts, *after.facts})
            if self.facts.get(name) != after.facts.get(name)
        ]
        files = [name for name in sorted({*self.files, *after.files}) if self.files.get(name) != after.files.get(name)]
        if files:
            more = f" and {len(files) - _SHOWN} more" if len(files) > _SHOWN else ""
            facts.append(f"files changed: {', '.join(files[:_SHOWN])}{more}")
        return tuple(facts)


@dataclass(frozen=True, slots=True)
class Checkout:
    """The user's working copy of a target; bare and remote ones have references only. ``home`` is ours and left out."""

    target: TargetRepository
    home: Path

    def state(self) -> CheckoutState:
        """What it looks like now."""
        git_dir = self.target.git_dir
        references = run_git(
            "--git-dir", str(git_dir), "for-each-ref", "--format=%(refname) %(objectname)", cwd=git_dir
        )
        theirs = [line for line in references.splitlines() if not line.startswith(OURS)]
        facts = {"branch": _bytes(git_dir / "HEAD"), "references": digest_bytes("\n".join(theirs).encode())}
        # What the index says, not its bytes: a mere `git status` of the user's refreshes those.
        index = run_git("--git-dir", str(git_dir), "ls-files", "--stage", "-z", cwd=git_dir)
        facts["index"] = digest_bytes(index.encode(errors="surrogateescape"))
        for name in ("config", "info/exclude", "info/attributes", "logs/refs/stash"):
            facts[name] = _bytes(git_dir / name)
        facts["hooks"] = digest_bytes("\n".join(_listing(git_dir / "hooks", None).values()).encode())
        root = self.root
        return CheckoutState(facts=facts, files=_listing(root, self.home) if root else {})

    @property
    def root(self) -> Path | None:
        """The working tree's folder; ``None`` where there is none."""
        if self.target.url:
            return None
        try:
            bare = run_git("--git-dir", str(self.target.git_dir), "config", "--bool", "core.bare", cwd=self.home)
        except GitError:
            bare = "false"
        if bare.strip() == "true":
            return None
        git_dir = self.target.git_dir
        if git_dir.name == ".git":
            return git_dir.parent
        pointer = git_dir / "gitdir"  # a linked worktree's administration names the worktree's pointer file
        return Path(pointer.read_text("utf-8").strip()).parent if pointer.is_file() else None


def _bytes(path: Path) -> str:
    return digest_bytes(path.read_bytes()) if path.is_file() else "-"


def _listing(root: Path, without: Path | None) -> dict[str, str]:
    root = root.resolve()
    return dict(_walk(root, str(root), str(without.resolve()) if without else ""))


def _walk(root: Path, folder: str, without: str) -> Iterator[tuple[str, str]]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.path == without or (entry.name == ".git" and folder == str(root)):
            continue
        try:
            facts = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            continue
        name = shown(os.path.relpath(entry.path, root))
        if stat.S_ISDIR(facts.st_mode):
            yield name, f"{facts.st_mode:o}"
            yield from _walk(root, entry.path, without)
        else:
            yield name, f"{facts.st_mode:o} {facts.st_size} {facts.st_mtime_ns} {facts.st_ctime_ns} {facts.st_ino}"
