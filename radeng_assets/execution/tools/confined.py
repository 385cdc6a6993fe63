"""Paths that a model names: inside the workspace, through no link, never git's own or a file of secrets.

Every folder on the way is opened by itself, relative to the one before and without following links, so nothing that is
swapped in between leads out.
"""

from __future__ import annotations

import os
import re
import stat
import uuid
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

READ_LIMIT = 1024 * 1024
"""Bytes of the largest file that a tool reads."""

_GIT = re.compile(r"\.git|git~\d+", re.IGNORECASE)


class Refused(Exception):  # noqa: N818  # it is an answer
    """A path that a tool does not touch, or that is not what was expected; the message is for the model."""


@dataclass(frozen=True, slots=True)
class Place:
    """One name in an open folder."""

    folder: int
    name: str

    def exists(self) -> bool:
        """Whether anything has that name."""
        try:
            os.lstat(self.name, dir_fd=self.folder)
        except FileNotFoundError:
            return False
        return True

    def read(self) -> bytes:
        """A regular file's bytes. Raises ``Refused``."""
        try:
            handle = os.open(self.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=self.folder)
        except FileNotFoundError:
            raise Refused("there is no such file") from None
        except OSError:
            raise Refused("it is a link, or cannot be read") from None
        with os.fdopen(handle, "rb") as stream:
            facts = os.fstat(stream.fileno())
            if not stat.S_ISREG(facts.st_mode):
                raise Refused("it is no file")
            if facts.st_size > READ_LIMIT:
                raise Refused(f"it has {facts.st_size} bytes; at most {READ_LIMIT} are read. Use grep")
            return stream.read()

    def write(self, data: bytes) -> None:
        """Put a file there, whole or not at all; a link of that name is replaced, not followed."""
        mode = 0o644
        if self.exists():
            facts = os.lstat(self.name, dir_fd=self.folder)
            if stat.S_ISDIR(facts.st_mode):
                raise Refused("it is a folder")
            mode = stat.S_IMODE(facts.st_mode) if stat.S_ISREG(facts.st_mode) else mode
        draft = f".writing-{uuid.uuid4().hex}"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode, dir_fd=self.folder)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        os.chmod(draft, mode, dir_fd=self.folder)
        os.replace(draft, self.name, src_dir_fd=self.folder, dst_dir_fd=self.folder)


def parts_of(path: str) -> tuple[str, ...]:
    """The components of a path that may be touched; none for the workspace itself. Raises ``Refused``."""
    if "\0" in path or len(path) > 1000:
        raise Refused("this is no path")
    if path.startswith(("/", "~")) or "\\" in path or re.match(r"[A-Za-z]:", path):
        raise Refused("name paths relative to the workspace, with /")
    parts = tuple(part for part in path.split("/") if part not in ("", "."))
    for part in parts:
        if part == "..":
            raise Refused("paths do not leave the workspace")
        plain = part.rstrip(". ")
        if _GIT.fullmatch(plain):
            raise Refused("git's own files are not yours")
        if plain.lower().startswith(".env"):
            raise Refused("files of secrets are not yours")
    return parts


@contextmanager
def place(tree: Path, path: str, *, make: bool = False) -> Generator[Place]:
    """A path's last name in its open folder; ``make`` makes the folders on the way. Raises ``Refused``."""
    parts = parts_of(path)
    if not parts:
        raise Refused("this is the workspace itself")
    folder = os.open(tree, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in parts[:-1]:
            below = _enter(folder, part, make=make)
            os.close(folder)
            folder = below
        yield Place(folder, parts[-1])
    finally:
        os.close(folder)


def _enter(folder: int, name: str, *, make: bool) -> int:
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
    try:
        return os.open(name, flags, dir_fd=folder)
    except FileNotFoundError:
        if not make:
            raise Refused("there is no such folder") from None
    except OSError:
        raise Refused("a folder on the way is a link, or no folder") from None
    try:
        os.mkdir(name, dir_fd=folder)
    except OSError:
        raise Refused("a folder on the way cannot be made") from None
    return os.open(name, flags, dir_fd=folder)


def walk(tree: Path, below: str = "") -> Iterator[str]:
    """Every file that may be touched, as a path with ``/``, in order; links are named and not followed.

    Raises ``Refused``.
    """
    parts = parts_of(below)
    start = tree.joinpath(*parts)
    if any(tree.joinpath(*parts[:n]).is_symlink() for n in range(1, len(parts) + 1)) or not start.is_dir():
        raise Refused("there is no such folder")
    for folder, folders, files in os.walk(start):
        here = os.path.relpath(folder, tree)
        prefix = "" if here == "." else f"{here}/"
        folders[:] = sorted(name for name in folders if _shown(name))
        yield from (f"{prefix}{name}" for name in sorted(files) if _shown(name))


def _shown(name: str) -> bool:
    try:
        return bool(parts_of(name))
    except Refused:
        return False
