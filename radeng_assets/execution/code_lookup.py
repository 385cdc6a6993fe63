"""What agents need of a code index. Who answers is decided above this room."""

from __future__ import annotations

from typing import Protocol


class CodeLookup(Protocol):
    """Answers about the code of one commit, as text; it never raises for a question."""

    def answer(self, text: str) -> str:
        """The places that answer a question (``path:line``), and how far they can be trusted."""
        ...

    def places(self, text: str, limit: int) -> tuple[str, ...]:
        """The citations alone, best first."""
        ...
