"""Finds every rule: each module of a family's package that has a ``RULE``."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module

from radeng_assets.planning import rules
from radeng_assets.planning.findings import Finding
from radeng_assets.planning.folder import Planning
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Rule

READING = "reading"
"""The family of the findings that no rule makes: those of the readers and of the schedule."""

FAMILIES = ("counts", "identity", "graph", "values", "judgement", "hazards", "intent")


@cache
def rule_book() -> Mapping[str, tuple[Rule, ...]]:
    """Family → its rules, in the order of their ids. ``AttributeError`` for a module without ``RULE``."""
    return {family: tuple(sorted(_rules(family), key=lambda rule: rule.id)) for family in FAMILIES}


def family_of(rule: str) -> str:
    """The family of a rule's id; ``READING`` for one that is not in the book."""
    return next((family for family, found in rule_book().items() if any(one.id == rule for one in found)), READING)


def family_about(family: str) -> str:
    """What a family is about, in a sentence."""
    if family == READING:
        return "What reading the documents and putting the plan in order brought up."
    return (import_module(f"{rules.__name__}.{family}").__doc__ or "").strip()


def rules_named(name: str) -> tuple[str, ...]:
    """Ids of the rules that a name means, a rule's own or a family's; none for a name that is not in the book."""
    book = rule_book()
    return tuple(rule.id for family, found in book.items() for rule in found if name in (family, rule.id))


def apply_rules(planning: Planning) -> Iterator[Finding]:
    """Every finding of every rule."""
    documents = Documents(planning)
    for found in rule_book().values():
        for rule in found:
            yield from rule.findings(documents)


def _rules(family: str) -> Iterator[Rule]:
    package = import_module(f"{rules.__name__}.{family}")
    for module in pkgutil.iter_modules(package.__path__):
        yield import_module(f"{package.__name__}.{module.name}").RULE
