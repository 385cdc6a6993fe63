"""The files of a commit, from git's objects: what they are, their bytes, and when each was last touched.

Nothing is read from a working tree, so what is ignored, uncommitted or half written cannot get in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from radeng_assets.ess.index.intake import HUGE, Limit
from radeng_assets.execution.git import GitError, TargetRepository, git_bytes

BATCH = 8 * 1024 * 1024
"""Bytes of files that are in memory at once: one ``git cat-file`` for each so many."""

COMMITS = 20_000
"""Commits of history that are looked through for dates. A path that none of them touches was changed at the
latest with the oldest of them, and gets its date."""

_FILE_MODES = ("100644", "100755")
_NOT_FILES: dict[str, Limit] = {"120000": "link", "160000": "submodule"}


class Entry(NamedTuple):
    """A file of a commit: its path, content address, size in bytes, and why it is not to be read (or ``""``)."""

    path: str
    blob: str
    size: int
    limit: Limit | None


def _git(repository: TargetRepository, *args: str, stdin: bytes = b"") -> bytes:
    return git_bytes("--git-dir", str(repository.git_dir), *args, cwd=repository.git_dir, stdin=stdin)


def entries(repository: TargetRepository, commit: str) -> Iterator[Entry]:
    """Every entry of a commit's tree, in git's order. A path that is not UTF-8 comes with replaced bytes.

    Raises ``GitError``.
    """
    listing = _git(repository, "ls-tree", "-r", "-z", "--long", "--full-tree", commit)
    for line in listing.split(b"\0"):
        if not line:
            continue
        head, _, name = line.partition(b"\t")
        mode, _, blob, size = head.decode("ascii").split()
        limit = _NOT_FILES.get(mode)
        try:
            path = name.decode()
        except UnicodeDecodeError:
            path, limit = name.decode(errors="replace"), "name"
        length = int(size) if size.isdigit() else 0
        if limit is None and mode in _FILE_MODES:
            limit = "huge" if length > HUGE else None if size.isdigit() else "missing"
        yield Entry(path, blob, length, limit)


def contents(repository: TargetRepository, files: Iterable[Entry]) -> Iterator[tuple[Entry, bytes | None]]:
    """The bytes of some files; ``None`` for one that the object store lacks. Raises ``GitError``."""
    batch: list[Entry] = []
    size = 0
    for entry in files:
        if batch and size + entry.size > BATCH:
            yield from _read(repository, batch)
            batch, size = [], 0
        batch.append(entry)
        size += entry.size
    if batch:
        yield from _read(repository, batch)


def _read(repository: TargetRepository, batch: list[Entry]) -> Iterator[tuple[Entry, bytes | None]]:
    names = "".join(f"{entry.blob}\n" for entry in batch).encode()
    output = _git(repository, "cat-file", "--batch", stdin=names)
    at = 0
    for entry in batch:
        end = output.index(b"\n", at)
        head = output[at:end].split()
        at = end + 1
        if head[-1] == b"missing":
            yield entry, None
            continue
        size = int(head[2])
        yield entry, output[at : at + size]
        at += size + 1


def contains(repository: TargetRepository, commit: str, ancestor: str) -> bool:
    """Whether ``commit`` contains ``ancestor``; no for one that this repository does not know."""
    try:
        base = git_bytes(
            *("--git-dir", str(repository.git_dir), "merge-base", ancestor, commit),
            cwd=repository.git_dir,
            fails_with=1,
        )
    except GitError:
        return False
    return base.decode().strip() == ancestor


def change_dates(repository: TargetRepository, commit: str, since: str = "") -> tuple[dict[str, str], str]:
    """When each path was last touched (ISO 8601, UTC: the newest commit's date), and the oldest date looked at.

    With ``since``, a commit that ``commit`` contains, only what came after it. Raises ``GitError``.
    """
    span = f"{since}..{commit}" if since else commit
    shape = ("--format=%x00%ct", "--name-only", "--no-renames", "-z", f"--max-count={COMMITS}")
    output = _git(repository, "log", *shape, "--end-of-options", span, "--")
    dates: dict[str, int] = {}
    oldest = when = 0
    before = ""  # what the part before was: the empty one that opens a commit, its date, or a path
    for part in output.split(b"\0"):
        if not part:
            before = "opening"
        elif before == "opening":
            when = int(part)
            oldest = min(oldest or when, when)
            before = "date"
        else:
            path = part.removeprefix(b"\n" if before == "date" else b"").decode(errors="replace")
            dates[path] = max(dates.get(path, 0), when)
            before = "path"
    return {path: iso(seconds) for path, seconds in dates.items()}, iso(oldest)


def iso(seconds: int) -> str:
    """Seconds since 1970 as ISO 8601 in UTC."""
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
