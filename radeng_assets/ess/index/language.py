"""What a language is to the index, and which one reads a path."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import version
from pathlib import PurePosixPath

from tree_sitter import Language as Grammar
from tree_sitter import Node, Query

from radeng_assets.ess.index import languages

DEFINITIONS = ("constant", "function", "class", "interface", "type", "enum", "method")
"""Captures on a whole definition, whose field ``name`` (or ``left``) is its name. A node that two of them take is
what the later one here says. Other captures: ``doc`` (a docstring), ``comment``, ``import`` (a node that
``specifiers`` reads), ``imported`` (a name that an import brings in), ``call`` and ``reference`` (a name that is
called, or used otherwise)."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language: its grammar and query, and where an import leads.

    ``grammar`` gives tree-sitter's pointer, from the distribution ``package``. ``wrappers`` are the kinds of node
    around a definition that are part of it (``export``, decorators). ``specifiers`` reads what an ``import``
    capture names; ``candidates`` are the paths that a specifier may mean in the file of the given path, best first.
    """

    name: str
    suffixes: tuple[str, ...]
    package: str
    grammar: Callable[[], object]
    query: str
    wrappers: frozenset[str]
    specifiers: Callable[[Node], Iterator[str]]
    candidates: Callable[[str, str], Iterator[str]]


@cache
def all_languages() -> Mapping[str, Language]:
    """Every language by its name. ``AttributeError`` for a module without ``LANGUAGE``."""
    modules = pkgutil.iter_modules(languages.__path__)
    found = (import_module(f"{languages.__name__}.{module.name}").LANGUAGE for module in modules)
    return {language.name: language for language in found}


@cache
def _by_suffix() -> Mapping[str, Language]:
    return {suffix: language for language in all_languages().values() for suffix in language.suffixes}


def language_of(path: str) -> Language | None:
    """The language that reads a path, by its suffix."""
    return _by_suffix().get(PurePosixPath(path).suffix.lower())


@cache
def compiled(name: str) -> tuple[Grammar, Query]:
    """A language's grammar and query, ready for use."""
    language = all_languages()[name]
    grammar = Grammar(language.grammar())
    return grammar, Query(grammar, language.query)


def grammar_versions() -> dict[str, str]:
    """Which releases of tree-sitter and of the grammars read the code: other ones may read it otherwise."""
    packages = {"tree-sitter", *(language.package for language in all_languages().values())}
    return {package: version(package) for package in sorted(packages)}
