"""What reads the code: releases of the grammars, and the embedding model, of which there is none.

Two snapshots can be compared only if the same things read them, so each snapshot says which did: its pin.
"""

from __future__ import annotations

from radeng_assets.canonical import digest_of
from radeng_assets.ess.index.language import grammar_versions
from radeng_assets.ess.index.schema import FORMAT
from radeng_assets.record import Record


class Reader(Record):
    """``model`` is the embedding model's digest, ``None`` where none is used; ``format`` is that of the facts."""

    model: str | None = None
    format: int
    grammars: dict[str, str]

    @classmethod
    def installed(cls) -> Reader:
        """What would read code now."""
        return cls(format=FORMAT, grammars=grammar_versions())

    @property
    def pin(self) -> str:
        """One digest over all of it."""
        return digest_of(self)

    def differences(self, other: Reader) -> tuple[str, ...]:
        """What another reader has otherwise, in words; nothing where the pins are equal."""
        mine = {"embedding model": self.model or "none", "format": str(self.format), **self.grammars}
        theirs = {"embedding model": other.model or "none", "format": str(other.format), **other.grammars}
        names = [name for name in {**mine, **theirs} if mine.get(name) != theirs.get(name)]
        return tuple(f"{name}: {mine.get(name, 'none')}, now {theirs.get(name, 'none')}" for name in names)
