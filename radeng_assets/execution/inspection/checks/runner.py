"""Python code that ends or changes the process which runs the tests."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Sequence

from radeng_assets.execution.inspection.change import Change, FileChange, Terms
from radeng_assets.execution.inspection.inspection import Inspection
from radeng_assets.execution.inspection.kinds import is_test
from radeng_assets.execution.inspection.text import text_of

_RUNNERS = frozenset({"unittest", "pytest", "_pytest", "pluggy", "doctest", "coverage"})
_AT_ONCE = frozenset({"os._exit", "os.abort", "posix._exit"})
_EXITS = frozenset({"sys.exit", "exit", "quit", "SystemExit", "os.kill"})


def _find(change: Change, terms: Terms) -> Iterator[tuple[str, int, str]]:
    del terms
    for file in change.files:
        if file.after is None or not file.path.endswith((".py", ".pyi")):
            continue
        before = Counter(message for _, message in _marks(file, text_of(file.before)))
        for line, message in _marks(file, text_of(file.after)):
            if before[message] > 0:
                before[message] -= 1
            else:
                yield file.path, line, message


def _marks(file: FileChange, text: str) -> Iterator[tuple[int, str]]:
    """(line, what it does) of everything in a module; nothing of a text that is none."""
    try:
        tree = ast.parse(text)
        found = [*_anywhere(tree), *_as_it_is_imported(tree.body)]
        if is_test(file.path):
            found += [(node.lineno, "it chooses which tests there are") for node in tree.body if _loads_tests(node)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    yield from sorted(found)


def _anywhere(tree: ast.Module) -> Iterator[tuple[int, str]]:
    names = _imported(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = _dotted(node.func, names)
            if called in _AT_ONCE or called.startswith("os.exec"):
                yield node.lineno, f"{called} ends the process that runs the tests, and no failure is told"
            elif called in ("setattr", "monkeypatch.setattr") and node.args and _of_runner(node.args[0], names):
                yield node.lineno, "it changes the test runner"
        elif isinstance(node, ast.Assign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Attribute) and _of_runner(target, names) for target in targets):
                yield node.lineno, "it changes the test runner"
            elif any(_is_loaded_runner(target, names) for target in targets):
                yield node.lineno, "it puts something in place of the test runner"


def _as_it_is_imported(body: Sequence[ast.stmt]) -> Iterator[tuple[int, str]]:
    """What ends the process while a module is loaded, ``if __name__ == "__main__"`` left out."""
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if isinstance(statement, ast.If) and "__name__" in ast.unparse(statement.test):
            continue
        for node in ast.walk(statement):
            called = node.exc if isinstance(node, ast.Raise) else node.func if isinstance(node, ast.Call) else None
            name = _dotted(called, {}) if called is not None else ""
            if name in _EXITS:
                yield statement.lineno, f"{name} ends whoever imports it"


def _loads_tests(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name == "load_tests"


def _is_loaded_runner(target: ast.expr, names: dict[str, str]) -> bool:
    """``sys.modules["unittest"]``."""
    return (
        isinstance(target, ast.Subscript)
        and _dotted(target.value, names) == "sys.modules"
        and isinstance(target.slice, ast.Constant)
        and str(target.slice.value).partition(".")[0] in _RUNNERS
    )


def _of_runner(node: ast.expr, names: dict[str, str]) -> bool:
    return _dotted(node, names).partition(".")[0] in _RUNNERS


def _imported(tree: ast.Module) -> dict[str, str]:
    """Name in the module → what it was imported as."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.asname: alias.name for alias in node.names if alias.asname}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _dotted(node: ast.expr, names: dict[str, str]) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value, names)}.{node.attr}"
    return names.get(node.id, node.id) if isinstance(node, ast.Name) else ""


INSPECTION = Inspection(
    "runner",
    "Code under test runs inside the process that judges it. Ending that process with exit code 0, or patching it, "
    "passes every test. Disguised forms are beyond reading; a control in the proof is for those.",
    _find,
)
