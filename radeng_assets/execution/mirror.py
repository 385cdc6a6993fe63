"""The mirror: a bare repository in the home, which borrows a target's objects and holds what agents made.

Nothing is written to the user's repository while work goes on, not even worktree administration, and
nothing is copied (git alternates). The mirror has no filters, hooks or configuration of the target. Trees
and commits are made here from files, with an index of our own: no git ever runs *in* a workspace.
"""

from __future__ import annotations

import os
import re
import uuid
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from radeng_assets.canonical import digest_bytes
from radeng_assets.execution.git import Commit, GitError, TargetRepository, git_bytes, run_git
from radeng_assets.execution.inspection.change import GITLINK, Blob, FileChange
from radeng_assets.execution.objects import contents, sizes

READ_LIMIT = 4 * 1024 * 1024
"""Bytes of a changed file that inspections are shown; a larger one is known by its size."""

MOST_CHANGES = 5000
MOST_CHANGED_BYTES = 256 * 1024 * 1024
"""Files, and bytes of them on both sides, that one result may change: what is more nobody can look at."""

_NOTHING = "0" * 40
_ID = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")


class Conflict(Exception):  # noqa: N818  # named for what was found
    """Two changes that do not go together; the message names the files."""


@dataclass(frozen=True, slots=True)
class Mirror:
    """The mirror of one target below ``<home>/targets``. Any number of processes may use it at once."""

    home: Path
    target: TargetRepository

    @property
    def name(self) -> str:
        """The target's name below the home."""
        return digest_bytes(os.fsencode(self.target.git_dir)).removeprefix("sha256:")[:16]

    @property
    def path(self) -> Path:
        """The bare repository."""
        return self.home / "targets" / f"{self.name}.git"

    def lock(self, what: str = "worktrees") -> FileLock:
        """A lock among all processes of this home. The kernel frees it at once when its holder is killed."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        return FileLock(self.path.with_suffix(f".{what}.lock"), fallback_to_soft=False)

    def git(self, *args: str, stdin: bytes = b"") -> str:
        """Run git on the mirror. Raises ``GitError``."""
        return run_git("--git-dir", str(self.path), *args, cwd=self.path, stdin=stdin)

    def prepare(self) -> None:
        """Make the mirror if it is not there, and let it see the target's objects as they are now."""
        if not (self.path / "HEAD").exists():
            with self.lock("mirror"):
                if not (self.path / "HEAD").exists():
                    draft = self.path.with_name(f".{self.path.name}-{uuid.uuid4().hex}")
                    run_git("init", "--quiet", "--bare", "--template=", str(draft), cwd=self.home)
                    alternates = draft / "objects" / "info" / "alternates"
                    alternates.parent.mkdir(parents=True, exist_ok=True)
                    alternates.write_text(f"{self.target.objects}\n", encoding="utf-8")
                    draft.replace(self.path)

    @property
    def objects(self) -> tuple[Path, Path]:
        """The object stores behind every workspace: the mirror's own, and the target's."""
        return self.path / "objects", self.target.objects

    def resolve(self, revision: str) -> Commit:
        """The commit of a revision. Raises ``GitError`` where there is none."""
        names = ("--verify", "--end-of-options", f"{revision}^{{commit}}")
        commit = self.git("rev-parse", *names).strip()
        return Commit(commit=commit, tree=self.git("rev-parse", "--verify", f"{commit}^{{tree}}").strip())

    def files(self, commit: str) -> tuple[str, ...]:
        """Every file of a commit, as paths with ``/``."""
        listing = self.git("ls-tree", "-r", "-z", "--name-only", "--full-tree", commit)
        return tuple(name for name in listing.split("\0") if name)

    def blobs(self, commit: str) -> dict[str, str]:
        """Every file of a commit with the id of its content (a submodule's: of its commit). Raises ``GitError``."""
        listing = self.git("ls-tree", "-r", "-z", "--full-tree", commit).split("\0")
        parts = [line.partition("\t") for line in listing if line]
        return {path: head.split(" ")[2] for head, _, path in parts}

    def changed_paths(self, base: str, result: str) -> tuple[str, ...] | None:
        """Every path that differs between two commits (full ids); ``None`` where one of them is not there."""
        if not (_ID.fullmatch(base) and _ID.fullmatch(result)):
            return None
        try:
            listing = self.git("diff-tree", "-r", "-z", "--name-only", "--no-renames", base, result, "--")
        except GitError:
            return None
        return tuple(name for name in listing.split("\0") if name)

    def parting(self, one: str, other: str) -> str | None:
        """The commit at which two histories parted; ``None`` where they have none in common."""
        try:
            return self.git("merge-base", one, other).strip()
        except GitError:
            return None

    def holds(self, ancestor: str, commit: str) -> bool:
        """Whether ``commit`` contains ``ancestor``."""
        try:
            self.git("merge-base", "--is-ancestor", ancestor, commit)
        except GitError:
            return False
        return True

    def tree_of(self, folder: Path, base: str, without: Iterable[str] = ()) -> str:
        """The git tree of a folder's files, ignored ones left out. ``without`` are paths that are not looked into."""
        with self._index() as index:
            where = ("--git-dir", str(self.path), "--work-tree", str(folder))
            run_git(*where, "read-tree", base, cwd=self.path, index=index)
            paths = [".", *(f":(exclude,top,literal){path}" for path in without)]
            run_git(*where, "add", "--all", "--", *paths, cwd=folder, index=index)
            return run_git(*where, "write-tree", cwd=self.path, index=index).strip()

    def with_files_of(self, tree: str, base: str, paths: Iterable[str]) -> str:
        """The tree ``tree`` with the given paths as ``base`` has them."""
        with self._index() as index:
            where = ("--git-dir", str(self.path))
            run_git(*where, "read-tree", tree, cwd=self.path, index=index)
            for path in paths:
                listed = run_git(*where, "ls-tree", "-z", "--full-tree", base, "--", path, cwd=self.path)
                if listed:
                    mode, _, rest = listed.partition(" ")
                    sha = rest.split(" ", 1)[1].partition("\t")[0]
                    info = ("--add", "--replace", "--cacheinfo", f"{mode},{sha},{path}")
                    run_git(*where, "update-index", *info, cwd=self.path, index=index)
            return run_git(*where, "write-tree", cwd=self.path, index=index).strip()

    def with_new_files(self, tree: str, files: Mapping[str, bytes]) -> str:
        """The tree ``tree`` with more files."""
        with self._index() as index:
            where = ("--git-dir", str(self.path))
            run_git(*where, "read-tree", tree, cwd=self.path, index=index)
            for path, data in files.items():
                sha = self.git("hash-object", "-w", "--stdin", stdin=data).strip()
                info = ("--add", "--replace", "--cacheinfo", f"100644,{sha},{path}")
                run_git(*where, "update-index", *info, cwd=self.path, index=index)
            return run_git(*where, "write-tree", cwd=self.path, index=index).strip()

    def commit(self, tree: str, parent: str, message: str, at: str) -> Commit:
        """A commit of a tree on a parent. ``at`` is its time (ISO 8601): the same inputs make the same commit."""
        args = ("--git-dir", str(self.path), "commit-tree", tree, "-p", parent, "-F", "-")
        made = run_git(*args, cwd=self.path, stdin=message.encode(), at=at).strip()
        return Commit(commit=made, tree=tree)

    def merged_tree(self, tip: str, change: str) -> str:
        """The tree of ``tip`` with what ``change`` added since they parted. Raises ``Conflict``."""
        args = ("--git-dir", str(self.path), "merge-tree", "--write-tree", "--name-only", "--no-messages", tip, change)
        lines = git_bytes(*args, cwd=self.path, fails_with=1).decode(errors="replace").splitlines()
        if len(lines) > 1:
            raise Conflict(f"does not go together with what was merged meanwhile: {', '.join(lines[1:])}")
        return lines[0]

    def changes(self, base: str, result: str) -> tuple[FileChange, ...]:
        """Every file that differs between two commits. Raises ``GitError``, also where there is too much of it."""
        raw = self.git("diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", base, result)
        fields = raw.split("\0")
        listed = [(path, head.lstrip(":").split(" ")) for head, path in zip(fields[0::2], fields[1::2], strict=False)]
        if len(listed) > MOST_CHANGES:
            raise GitError(f"{len(listed)} files were changed; at most {MOST_CHANGES} are looked at")
        sides = [(head[side], head[side + 2]) for _, head in listed for side in (0, 1)]
        blobs = self._blobs(sha for mode, sha in sides if mode != GITLINK and sha != _NOTHING)

        def side(mode: str, sha: str) -> Blob | None:
            if sha == _NOTHING:
                return None
            size, data = blobs.get(sha, (0, b""))
            return Blob(mode=mode, size=size, data=data)

        return tuple(FileChange(path, side(head[0], head[2]), side(head[1], head[3])) for path, head in listed)

    def stat(self, base: str, result: str) -> str:
        """How much differs, in git's words (``2 files changed, 10 insertions(+)``)."""
        return self.git("diff-tree", "-r", "--shortstat", "--no-renames", base, result).strip()

    def contents(self, blobs: Iterable[str]) -> dict[str, tuple[int, bytes]]:
        """(size, content) of blobs by id; no content of one over ``READ_LIMIT``.

        Raises ``GitError`` where they are too much together.
        """
        return self._blobs(blobs)

    def _blobs(self, wanted: Iterable[str]) -> dict[str, tuple[int, bytes]]:
        """(size, content; empty over the limit) of each blob. Raises ``GitError``."""
        shas = tuple(dict.fromkeys(wanted))
        known = sizes(self.path, shas)
        if len(known) < len(shas):
            raise GitError(f"the repository lacks {next(sha for sha in shas if sha not in known)}")
        small = {sha: size for sha, size in known.items() if size <= READ_LIMIT}
        if sum(small.values()) > MOST_CHANGED_BYTES:
            total = sum(small.values())
            raise GitError(f"changed files have {total} bytes; at most {MOST_CHANGED_BYTES} are looked at")
        read = dict(contents(self.path, small))
        return {sha: (size, read.get(sha, b"")) for sha, size in known.items()}

    @contextmanager
    def _index(self) -> Generator[Path]:
        index = self.path / f"index-{uuid.uuid4().hex}"
        try:
            yield index
        finally:
            index.unlink(missing_ok=True)

    def publish(self, commit: str, ref: str, *, force: bool = False) -> None:
        """Make ``ref`` of the target name ``commit``. Raises ``GitError``, also where that would not be a fast-forward.

        A target on this machine fetches from the mirror, since a push would run its hooks; a URL is pushed to.
        """
        if not re.fullmatch(r"refs/(?:heads/)?radeng/.+", ref):
            raise ValueError(f"{ref} is not ours to write")
        self.git("update-ref", ref, commit)
        spec = f"{'+' if force else ''}{ref}:{ref}"
        if self.target.url:
            self.git("push", "--quiet", "--no-verify", self.target.url, spec)
        args = ("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-gc", "--no-recurse-submodules")
        with self.target.alone():
            run_git("--git-dir", str(self.target.git_dir), *args, str(self.path), spec, cwd=self.home)
