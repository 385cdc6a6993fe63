"""Holding a folder: whoever uses what lies in it holds it, and only what nobody holds is taken away.

The hold is the kernel's (flock(2) on the folder itself): it ends with the process that has it, however that ends.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


def hold(folder: Path) -> int | None:
    """Hold a folder until the file descriptor is closed or the process ends; ``None`` where there is no such folder."""
    while True:
        try:
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        except (FileNotFoundError, NotADirectoryError):
            return None
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        if _is_there(folder, descriptor):
            return descriptor
        os.close(descriptor)  # it was taken away while we waited; another may be in its place by now


@contextmanager
def held(folder: Path) -> Generator[bool]:
    """Hold a folder for a while; false where there is no such folder."""
    descriptor = hold(folder)
    try:
        yield descriptor is not None
    finally:
        if descriptor is not None:
            os.close(descriptor)


@contextmanager
def alone(folder: Path) -> Generator[bool]:
    """Keep everybody else from holding a folder for a while; false where somebody holds it, or it is not there."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except (FileNotFoundError, NotADirectoryError):
        yield False
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        free = False
    else:
        free = _is_there(folder, descriptor)
    try:
        yield free
    finally:
        os.close(descriptor)


def _is_there(folder: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(folder.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
