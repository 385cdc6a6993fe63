"""The kill switch: a file in the home that halts every agent and command, and leaves all resumable."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class StopSwitch:
    """The switch of one home. A person may make or remove the file as well."""

    path: Path

    @property
    def pulled(self) -> str | None:
        """Why everything is to halt; ``None`` where nothing is."""
        try:
            return self.path.read_text("utf-8").strip() or "the stop file is there"
        except FileNotFoundError:
            return None

    def pull(self, reason: str) -> None:
        """Halt everything."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_name(f"{self.path.name}.draft")
        draft.write_text(f"{reason}\n", encoding="utf-8")
        draft.replace(self.path)

    def lift(self) -> None:
        """Let work go on."""
        self.path.unlink(missing_ok=True)
