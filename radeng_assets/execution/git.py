"""The one wrapper around git: no hooks, no configuration of the machine's, no prompt, no surprise.

A repository is input. Its own configuration must not run programs on our side, so every call switches off
what could (fsmonitor, hooks, ext transport) and sees no environment of ours.
"""

from __future__ import annotations

import os
import subprocess
import uuid
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from radeng_assets.canonical import digest_bytes
from radeng_assets.execution.process import command_environment
from radeng_assets.locations import is_url
from radeng_assets.record import Record

TIMEOUT_S = 300.0

_SAFE = (
    "-c",
    "core.fsmonitor=false",
    "-c",
    f"core.hooksPath={os.devnull}",
    "-c",
    "protocol.ext.allow=never",
    "-c",
    "safe.directory=*",
    "-c",
    "gc.auto=0",
    # Lists in the user's home that git reads without any configuration: a bench's files are not the user's.
    "-c",
    f"core.excludesFile={os.devnull}",
    "-c",
    f"core.attributesFile={os.devnull}",
)


_IDENTITY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "radeng"), ("EMAIL", "radeng@localhost"))
}
"""Whose the commits are that we make. An agent's own identity would be a claim."""


class GitError(Exception):
    """A git command that failed; the message has the command and what git said."""


class NotARepository(Exception):  # noqa: N818  # named for what was found
    """A target that is no git repository, or has no commit yet; the message says what to do."""


class Commit(Record):
    """A commit and its tree, in hex."""

    commit: str
    tree: str


def run_git(*args: str, cwd: Path, index: Path | None = None, stdin: bytes = b"", at: str = "") -> str:
    """The output of a git command as text; any bytes survive. Raises ``GitError``."""
    return git_bytes(*args, cwd=cwd, index=index, stdin=stdin, at=at).decode(errors="surrogateescape")


def git_bytes(
    *args: str, cwd: Path, index: Path | None = None, stdin: bytes = b"", at: str = "", fails_with: int = 0
) -> bytes:
    """The output of a git command. Raises ``GitError``.

    ``index`` is the index file to use in place of the repository's, ``at`` the time that a commit made by it carries.
    ``fails_with`` is an exit code that is an answer and no failure (``merge-tree`` says 1 for a conflict).
    """
    environment = {
        **command_environment(),
        **_IDENTITY,
        **({"GIT_INDEX_FILE": str(index)} if index else {}),
        **({"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at} if at else {}),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_OPTIONAL_LOCKS": "0",
        # A commit is what its id says, whatever refs/replace/ puts in its place.
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "LC_ALL": "C",
    }
    try:
        done = subprocess.run(
            ["git", *_SAFE, *args],
            cwd=cwd,
            env=environment,
            input=stdin,
            capture_output=True,
            timeout=TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise GitError(f"git {args[0]}: {error}") from error
    if done.returncode not in (0, fails_with):
        said = done.stderr.decode(errors="replace").strip()
        raise GitError(f"git {' '.join(args)}: {said}")
    return done.stdout


@dataclass(frozen=True, slots=True)
class TargetRepository:
    """A target. ``git_dir`` is its absolute git folder, or that of our copy where ``url`` names a remote one."""

    git_dir: Path
    url: str = ""

    @classmethod
    def reach(cls, target: str, home: Path) -> TargetRepository:
        """The repository of a path or a URL; of a URL, a copy in the home, brought up to date now.

        Raises ``NotARepository``.
        """
        if not is_url(target):
            return cls.open(Path(target))
        copies = home / "copies"
        copies.mkdir(parents=True, exist_ok=True)
        copy = copies / f"{digest_bytes(target.encode()).removeprefix('sha256:')[:16]}.git"
        try:
            with FileLock(copy.with_suffix(".lock"), fallback_to_soft=False):
                if not (copy / "HEAD").exists():
                    draft = copy.with_name(f".{copy.name}-{uuid.uuid4().hex}")
                    run_git("clone", "--quiet", "--mirror", "--template=", "--", target, str(draft), cwd=copies)
                    draft.replace(copy)
        except GitError as error:
            raise NotARepository(f"{target} cannot be read ({error}).") from error
        return cls(copy, target).refreshed()

    def refreshed(self) -> TargetRepository:
        """The same, with our copy of a remote one brought up to date. Raises ``NotARepository``."""
        if self.url:
            try:
                with self.alone():
                    self._git("fetch", "--quiet", "--prune", self.url, "+refs/*:refs/*")
            except GitError as error:
                raise NotARepository(f"{self.url} cannot be read ({error}).") from error
        return self

    def alone(self) -> AbstractContextManager[object]:
        """Alone among those who bring refs into our copy of a remote one: two at once stumble over each other's ref.

        A target on this machine is not ours to lock.
        """
        return FileLock(self.git_dir.with_suffix(".lock"), fallback_to_soft=False) if self.url else nullcontext()

    @classmethod
    def open(cls, path: Path) -> TargetRepository:
        """The repository at or above ``path`` (bare ones too). Raises ``NotARepository``."""
        if not path.is_dir():
            raise NotARepository(f"{path} is not a folder; name a git repository with --target.")
        try:
            found = run_git("rev-parse", "--absolute-git-dir", cwd=path).rstrip("\n")
        except GitError as error:
            raise NotARepository(f"{path} is not a git repository ({error}).") from error
        return cls(Path(found))

    def head(self) -> Commit:
        """The commit that HEAD names now. Raises ``NotARepository`` where there is none."""
        try:
            return self.resolve("HEAD")
        except GitError as error:
            raise NotARepository(f"{self.git_dir} has no commit yet; make one first.") from error

    def resolve(self, revision: str) -> Commit:
        """The commit of a revision. Raises ``GitError`` where there is none."""
        names = ("--verify", "--end-of-options", f"{revision}^{{commit}}")
        commit = self._git("rev-parse", *names).strip()
        tree = self._git("rev-parse", "--verify", f"{commit}^{{tree}}").strip()
        return Commit(commit=commit, tree=tree)

    def files(self, commit: str) -> tuple[str, ...]:
        """Every file of a commit, as paths with ``/``."""
        listing = self._git("ls-tree", "-r", "-z", "--name-only", "--full-tree", commit)
        return tuple(name for name in listing.split("\0") if name)

    def replaced(self, commit: Commit) -> tuple[str, ...]:
        """The files of a commit that git shows otherwise than the commit has them (git-replace(1))."""
        refs = self._git("for-each-ref", "--format=%(refname)", "refs/replace/").split()
        ids = {ref.rpartition("/")[2] for ref in refs}
        if not ids:
            return ()
        listed = self._git("ls-tree", "-r", "-t", "-z", "--full-tree", commit.commit).split("\0")
        entries = [line.partition("\t") for line in listed if line]
        whole = bool(ids & {commit.commit, commit.tree})
        trees = {path for head, _, path in entries if " tree " in head and head.split(" ")[2] in ids}
        return tuple(
            path
            for head, _, path in entries
            if " tree " not in head
            and (whole or head.split(" ")[2] in ids or any(path.startswith(f"{tree}/") for tree in trees))
        )

    @property
    def objects(self) -> Path:
        """The object store."""
        return Path(self._git("rev-parse", "--path-format=absolute", "--git-path", "objects").strip())

    def _git(self, *args: str) -> str:
        return run_git("--git-dir", str(self.git_dir), *args, cwd=self.git_dir)
