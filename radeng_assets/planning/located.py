"""Facts that know where they were read.

``Fact`` is a slotted dataclass and not a pydantic model because a large plan holds half a
million of them: a slotted fact takes about a sixth of the memory and a tenth of the time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
U = TypeVar("U")


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a planning document.

    ``file`` is the document's name inside the planning folder; ``line`` counts from 1 and is
    ``None`` where the finding is about the whole file (it is missing, it is not UTF-8...).
    """

    file: str
    line: int | None = None

    def __str__(self) -> str:
        return self.file if self.line is None else f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Fact(Generic[T_co]):
    """One value as a document states it, with the file and the line (from 1) that state it."""

    value: T_co
    file: str
    line: int

    @property
    def at(self) -> Place:
        """Where the fact stands."""
        return Place(self.file, self.line)

    def with_value(self, value: U) -> Fact[U]:
        """The same place, saying something else: for a fact derived from this one."""
        return Fact(value, self.file, self.line)

    def __str__(self) -> str:
        return f"{self.value} ({self.file}:{self.line})"


def values(facts: tuple[Fact[T], ...]) -> tuple[T, ...]:
    """The bare values of located facts, in order."""
    return tuple(fact.value for fact in facts)
