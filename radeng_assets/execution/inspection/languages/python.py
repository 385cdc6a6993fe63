"""Python tests, by their syntax tree: unittest and pytest."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Sequence

from radeng_assets.execution.inspection.languages.facts import TestFacts, Unreadable

SUFFIXES = (".py",)

_SKIPPING = ("skip", "skipif", "skipunless", "skiptest", "xfail", "expectedfailure", "importorskip", "exit")
_RAISING = ("raises", "warns", "deprecated_call")
_SWALLOWED = ("Exception", "BaseException", "AssertionError")


def read(text: str) -> TestFacts:
    """The facts of a module's text. Raises ``Unreadable``."""
    try:
        tree = ast.parse(text)
        facts = TestFacts()
        _read(tree.body, "", facts, inside="")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Unreadable(f"{type(error).__name__}: {str(error)[:200]}") from error
    return facts


def failing(sibling: str) -> str:
    """A test that unittest and pytest collect and that fails, by the very method that most tests assert with."""
    del sibling
    return (
        "import unittest\n\n\nclass Control(unittest.TestCase):\n"
        '    def test_control(self):\n        self.assertEqual("what is", "what should be")\n'
    )


def _read(body: Sequence[ast.stmt], place: str, facts: TestFacts, inside: str) -> None:
    """Take a block apart. ``place`` is the dotted name around it, ``inside`` the test that it belongs to."""
    for statement in _live(body):
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            name = f"{place}{statement.name}"
            test = inside or (name if statement.name.startswith("test") else "")
            if test:
                facts.tests.setdefault(test, Counter())
            facts.skips.update(f"@{_name(item)}" for item in statement.decorator_list if _skips(item))
            _read(statement.body, f"{name}.", facts, test)
        elif isinstance(statement, ast.ClassDef):
            facts.skips.update(f"@{_name(item)}" for item in statement.decorator_list if _skips(item))
            _read(statement.body, f"{place}{statement.name}.", facts, inside)
        else:
            _take(statement, facts, inside)
            if isinstance(statement, ast.Try) and any(_swallows(handler) for handler in statement.handlers):
                blocks: tuple[Sequence[ast.stmt], ...] = (statement.orelse, statement.finalbody)
            else:
                blocks = tuple(_blocks(statement))
            for block in blocks:
                _read(block, place, facts, inside)


def _take(statement: ast.stmt, facts: TestFacts, inside: str) -> None:
    """The assertions and marks of one statement itself, its blocks left out."""
    found: Counter[str] = Counter()
    if isinstance(statement, ast.Assert) and not isinstance(statement.test, ast.Constant):
        found[ast.unparse(statement.test)] += 1
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        facts.skips.update(_assigned(statement))
    if isinstance(statement, ast.Raise) and statement.exc is not None and _skips(statement.exc):
        facts.skips["raise"] += 1
    for node in _expressions(statement):
        if isinstance(node, ast.Call):
            name = _name(node)
            last = name.rpartition(".")[2]
            if last.startswith(("assert", "fail")) or last in _RAISING:
                found[ast.unparse(node)] += 1
            elif _skips(node):
                facts.skips[name] += 1
    (facts.tests[inside] if inside else facts.helpers).update(found)


def _assigned(statement: ast.Assign | ast.AnnAssign) -> Iterator[str]:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    for target in targets:
        name = target.id if isinstance(target, ast.Name) else ""
        value = statement.value
        if name == "__test__" and isinstance(value, ast.Constant) and not value.value:
            yield name
        elif name in ("pytestmark", "collect_ignore", "collect_ignore_glob") and value is not None:
            yield f"{name} = {ast.unparse(value)}"


def _live(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a block that can be reached."""
    for statement in body:
        yield statement
        if isinstance(statement, ast.Return | ast.Raise | ast.Continue | ast.Break):
            return


def _blocks(statement: ast.stmt) -> Iterator[Sequence[ast.stmt]]:
    dead = (
        isinstance(statement, ast.If | ast.While)
        and isinstance(statement.test, ast.Constant)
        and not statement.test.value
    )
    if not dead:
        yield getattr(statement, "body", [])
    yield getattr(statement, "orelse", [])
    yield getattr(statement, "finalbody", [])
    for handler in getattr(statement, "handlers", []):
        yield handler.body
    for case in getattr(statement, "cases", []):
        yield case.body


def _expressions(statement: ast.stmt) -> Iterator[ast.AST]:
    """Every expression of a statement, but not of the statements inside it."""
    waiting: list[ast.AST] = [node for node in ast.iter_child_nodes(statement) if not isinstance(node, ast.stmt)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.ExceptHandler | ast.match_case):
            continue
        yield node
        waiting += [child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.stmt)]


def _swallows(handler: ast.ExceptHandler) -> bool:
    """Whether a failing assertion ends quietly in a handler."""
    caught = [""] if handler.type is None else [_name(node) for node in ast.walk(handler.type)]
    wide = handler.type is None or any(name.rpartition(".")[2] in _SWALLOWED for name in caught)
    return wide and not any(isinstance(node, ast.Raise) for part in handler.body for node in ast.walk(part))


def _skips(node: ast.expr) -> bool:
    return _name(node).rpartition(".")[2].lower() in _SKIPPING


def _name(node: ast.AST) -> str:
    """The dotted name of what is called, or named."""
    if isinstance(node, ast.Call):
        return _name(node.func)
    if isinstance(node, ast.Attribute):
        return f"{_name(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""
