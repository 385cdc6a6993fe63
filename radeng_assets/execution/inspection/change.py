"""What an attempt changed, as inspections see it: two trees, compared. Made by ``execution.workspace``."""

from __future__ import annotations

from dataclasses import dataclass

from radeng_assets.record import Record

LINK = "120000"
GITLINK = "160000"
"""Git's modes of a symbolic link (its bytes are the target path) and of a nested repository."""


@dataclass(frozen=True, slots=True)
class Blob:
    """One side of a file: git's mode, size in bytes, and the content (empty where it is too large to read)."""

    mode: str
    size: int
    data: bytes

    @property
    def whole(self) -> bool:
        """Whether ``data`` is the content."""
        return len(self.data) == self.size


@dataclass(frozen=True, slots=True)
class FileChange:
    """One path that differs: ``before`` is ``None`` for a new file, ``after`` for a deleted one. A rename is both."""

    path: str
    before: Blob | None
    after: Blob | None


@dataclass(frozen=True, slots=True)
class Change:
    """All that differs between the base and the result, and every path of the base.

    ``nested`` are folders of the workspace that hold a ``.git`` of their own; ``oddities`` are sentences about the
    workspace itself (its ``.git`` pointer replaced, refs moved in its repository).
    """

    files: tuple[FileChange, ...]
    base_paths: frozenset[str]
    nested: tuple[str, ...] = ()
    oddities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """What the plan and the policy allow.

    ``scope`` are the declared paths and globs of the story, with those that the policy adds; ``may_change`` existing
    tests, gate scripts and settings that the plan lets the story change. ``commands`` are the gate and proof commands.
    ``file_bytes`` bounds one file. ``secrets`` are exact values that may stand nowhere.
    """

    scope: tuple[str, ...]
    may_change: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    file_bytes: int = 1024 * 1024
    secrets: tuple[str, ...] = ()


class Objection(Record):
    """One thing that stands against an attempt. ``line`` counts from 1 in the result (0: the file as a whole)."""

    inspection: str
    path: str
    line: int = 0
    message: str
