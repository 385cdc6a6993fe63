"""Statements of one fact in several places, and the issue that sets them against each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from radeng_assets.planning.located import Fact, Place
from radeng_assets.planning.rules.rule import Issue

T = TypeVar("T")

_CITED = 5
"""Most places that a count cites of what it counted."""


@dataclass(frozen=True, slots=True)
class Stated(Generic[T]):
    """A value, who says so in words, and where."""

    value: T
    by: str
    at: tuple[Place, ...]


def says(fact: Fact[T] | None, by: str = "") -> list[Stated[T]]:
    """What one place states; nothing for a fact that is not there."""
    return [] if fact is None else [Stated(fact.value, f"{by} {fact.at}".strip(), (fact.at,))]


def counted(count: T, file: str, items: Iterable[Fact[object]]) -> list[Stated[T]]:
    """What is there when somebody counts, with the first of what was counted; nothing where there is nothing."""
    places = tuple(item.at for _, item in zip(range(_CITED), items, strict=False))
    return [Stated(count, f"counted in {file}", places)] if places else []


def contradiction(
    subject: str, measure: str, statements: Sequence[Stated[T]], fix: str, show: Callable[[T], str] = str
) -> Iterator[Issue]:
    """The issue where statements of one measure differ; nothing where all agree or one stands alone."""
    sayers: dict[T, list[str]] = {}
    for statement in statements:
        sayers.setdefault(statement.value, []).append(statement.by)
    if len(sayers) > 1:
        sides = " against ".join(f"{show(value)} ({', '.join(by)})" for value, by in sayers.items())
        at = tuple(place for statement in statements for place in statement.at)
        yield Issue(subject, f"{measure}: {sides}.", at, fix)
