"""Objects of a repository, many at a time: two processes however many there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from radeng_assets.execution.git import git_bytes

BATCH = 32 * 1024 * 1024
"""Bytes that are held at once."""


def sizes(git_dir: Path, ids: Iterable[str]) -> dict[str, int]:
    """The size of each object; one that the repository lacks is left out. Raises ``GitError``."""
    asked = tuple(dict.fromkeys(ids))
    found: dict[str, int] = {}
    for line in _ask(git_dir, "--batch-check=%(objectname) %(objectsize)", asked).decode().splitlines():
        name, _, size = line.partition(" ")
        if size.isdigit():
            found[name] = int(size)
    return found


def contents(git_dir: Path, known: Mapping[str, int]) -> Iterator[tuple[str, bytes]]:
    """The bytes of objects of known sizes, in their order. Raises ``GitError``."""
    batch: list[str] = []
    held = 0
    for name, size in known.items():
        if batch and held + size > BATCH:
            yield from _read(git_dir, batch, known)
            batch, held = [], 0
        batch.append(name)
        held += size
    if batch:
        yield from _read(git_dir, batch, known)


def _read(git_dir: Path, batch: list[str], known: Mapping[str, int]) -> Iterator[tuple[str, bytes]]:
    output = _ask(git_dir, "--batch=", batch)
    place = 0
    for name in batch:
        start = place + 1  # behind an empty header line; another line ends the content
        place = start + known[name] + 1
        yield name, output[start : place - 1]


def _ask(git_dir: Path, how: str, names: Iterable[str]) -> bytes:
    stdin = "".join(f"{name}\n" for name in names).encode()
    return git_bytes("--git-dir", str(git_dir), "cat-file", how, cwd=git_dir, stdin=stdin)
