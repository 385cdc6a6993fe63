"""Sandboxes: where a command can reach nothing but its workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol


class Sandbox(Protocol):
    """Puts a command where it sees the system read-only, its workspace to write, and no network."""

    def wrap(self, argv: tuple[str, ...], tree: Path) -> tuple[str, ...]:
        """The argument vector that runs ``argv`` inside, with ``tree`` as the only folder that it can change."""
        ...
