"""The kill switch: a file in the home that halts every agent and command, and leaves all resumable."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from upath import UPath


@dataclass(frozen=True, slots=True)
class StopSwitch:
    """The switch of one home. A person may make or remove the file as well.

    ``shared`` is the fleet's, which then is what counts. It is too slow to ask ten times a second, so each machine
    looks at it now and then (``mirror``).
    """

    path: Path
    shared: UPath | None = None

    @property
    def pulled(self) -> str | None:
        """Why everything is to halt; ``None`` where nothing is."""
        try:
            return self.path.read_text("utf-8").strip() or "the stop file is there"
        except FileNotFoundError:
            return None

    def pull(self, reason: str) -> None:
        """Halt everything, on all machines."""
        if self.shared is not None:
            self.shared.parent.mkdir(parents=True, exist_ok=True)
            self.shared.write_text(f"{reason}\n", encoding="utf-8")
        self._pull_here(reason)

    def _pull_here(self, reason: str) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_name(f"{self.path.name}.draft")
        draft.write_text(f"{reason}\n", encoding="utf-8")
        draft.replace(self.path)

    def lift(self) -> None:
        """Let work go on, on all machines."""
        if self.shared is not None:
            self.shared.unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)

    def mirror(self) -> None:
        """Pull or lift this home's switch as the fleet's is."""
        if self.shared is None:
            return
        try:
            reason = self.shared.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            self.path.unlink(missing_ok=True)
        else:
            self._pull_here(reason or "the fleet's stop file is there")
