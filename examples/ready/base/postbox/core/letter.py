"""What agents send one another."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass

LONGEST = 4000
"""Characters of a text."""

_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")


class BadLetter(ValueError):
    """A letter that nobody can deliver; the message says why."""


@dataclass(frozen=True)
class Letter:
    """One letter. Its text is somebody's words: it is kept and handed on, never obeyed."""

    sender: str
    owner: str
    text: str

    def __post_init__(self) -> None:
        """Refuse what cannot be delivered."""
        for name in (self.sender, self.owner):
            if not is_name(name):
                raise BadLetter(f"{name[:40]!r} is no agent's name")
        if not self.text.strip():
            raise BadLetter("it says nothing")
        if len(self.text) > LONGEST:
            raise BadLetter(f"it has {len(self.text)} characters, and may have {LONGEST}")

    def document(self) -> dict[str, str]:
        """The letter as JSON has it."""
        return asdict(self)


def is_name(name: str) -> bool:
    """Whether a text names an agent."""
    return _NAME.fullmatch(name) is not None


def letter_of(document: object) -> Letter:
    """The letter that a JSON document holds. Raises ``BadLetter``."""
    if not isinstance(document, dict) or set(document) != {"sender", "owner", "text"}:
        raise BadLetter("a letter has a sender, an owner and a text")
    if not all(isinstance(value, str) for value in document.values()):
        raise BadLetter("a letter is made of texts")
    return Letter(**document)
