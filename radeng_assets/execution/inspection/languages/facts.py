"""What one file's tests hold, whatever the language; and which module reads a path."""

from __future__ import annotations

import pkgutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import PurePosixPath
from types import ModuleType


class Unreadable(Exception):  # noqa: N818  # named for what was found
    """A text that is no program of its language; the message says where."""


@dataclass(frozen=True, slots=True)
class TestFacts:
    """Test name → its assertions, each in a normal form; and every mark that keeps a test from counting."""

    tests: dict[str, Counter[str]] = field(default_factory=dict[str, Counter[str]])
    helpers: Counter[str] = field(default_factory=Counter[str])
    skips: Counter[str] = field(default_factory=Counter[str])

    @property
    def assertions(self) -> Counter[str]:
        """Every assertion of the file."""
        return sum(self.tests.values(), Counter(self.helpers))


def reader_of(path: str) -> Callable[[str], TestFacts] | None:
    """Who reads a path's tests; ``None`` for a language that nobody reads."""
    return _readers().get(PurePosixPath(path).suffix)


def failing_test_of(path: str) -> Callable[[str], str] | None:
    """Who writes a test that fails, given the text of a test beside it; ``None`` where one file is not enough."""
    return getattr(_languages().get(PurePosixPath(path).suffix), "failing", None)


@cache
def _readers() -> dict[str, Callable[[str], TestFacts]]:
    return {suffix: module.read for suffix, module in _languages().items()}


@cache
def _languages() -> dict[str, ModuleType]:
    package = __name__.rpartition(".")[0]
    folder = import_module(package).__path__
    modules = [import_module(f"{package}.{m.name}") for m in pkgutil.iter_modules(folder) if m.name != "facts"]
    return {suffix: module for module in modules if hasattr(module, "SUFFIXES") for suffix in module.SUFFIXES}
