"""New files that take the place of what gates import or run."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import PurePosixPath

from radeng_assets.execution.inspection.change import Change, Terms
from radeng_assets.execution.inspection.inspection import Inspection
from radeng_assets.execution.inspection.kinds import TOOLS, is_settings, words_of

_STARTUP = frozenset({"sitecustomize.py", "usercustomize.py", "conftest.py"})
_INSTALLED = re.compile(
    r"(?:^|/)(?:node_modules|site-packages|\.venv|venv|\.tox|\.yarn|[^/]+\.(?:dist|egg)-info)(?:/|$)"
)


def _find(change: Change, terms: Terms) -> Iterator[tuple[str, int, str]]:
    tools = TOOLS | {PurePosixPath(word).name for command in terms.commands for word in words_of(command)[:1]}
    tools |= {words[i + 1] for command in terms.commands for words in [words_of(command)] for i in _after_m(words)}
    for file in change.files:
        if file.before is not None or file.after is None:
            continue
        path = PurePosixPath(file.path)
        declared = file.path in terms.scope  # by name: a glob did not mean this file
        if _INSTALLED.search(file.path):
            yield file.path, 0, "it lies where installed packages are looked for"
        elif path.suffix == ".pth" or (path.name in _STARTUP and not declared):
            yield file.path, 0, "it is run before any test, whoever asks for it"
        elif is_settings(file.path) and not declared:
            yield file.path, 0, "it steers the tools that prove things"
        elif not declared:
            module = _module(path)
            if module and (module in sys.stdlib_module_names or module in tools):
                yield file.path, 0, f"it is imported in place of the module {module!r}"
        twin = _twin(path, change.base_paths)
        if twin:
            yield file.path, 0, f"it takes the place of {twin}"


def _after_m(words: tuple[str, ...]) -> list[int]:
    return [index for index, word in enumerate(words[:-1]) if word == "-m"]


def _module(path: PurePosixPath) -> str:
    """The top-level module that a Python file is, seen from its own folder or, a package's, from the one above."""
    if path.suffix not in (".py", ".so", ".pyd"):
        return ""
    name = path.name.split(".")[0]
    return path.parent.name if name == "__init__" else name


def _twin(path: PurePosixPath, base: frozenset[str]) -> str:
    """The existing module or package that a new file of the same import name hides."""
    if path.suffix != ".py":
        return ""
    if path.name == "__init__.py":
        module = f"{path.parent}.py"
        return module if module in base else ""
    package = f"{path.with_suffix('')}/__init__.py"
    return package if package in base else ""


INSPECTION = Inspection(
    "shadowing",
    "A file named like the test runner, or one that Python loads at start, decides what every test says.",
    _find,
)
