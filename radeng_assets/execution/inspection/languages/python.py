"""Python tests, by their syntax tree: unittest and pytest."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from radeng_assets.execution.inspection.languages.facts import TestFacts, Unreadable
from radeng_assets.execution.inspection.languages.python_marks import dotted, expressions, skips, suppresses, swallows

SUFFIXES = (".py",)

_RAISING = ("raises", "warns", "deprecated_call")


def read(text: str) -> TestFacts:
    """The facts of a module's text. Raises ``Unreadable``."""
    try:
        tree = ast.parse(text)
        facts = TestFacts()
        _read(tree.body, _Place(facts, _constants(tree)))
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


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a statement stands: the dotted name around it, the test that it belongs to, what it runs under.

    ``constants`` are the module's, by name: an assertion means what they say. ``bases`` are those of the class around
    it: without the right one no runner finds its tests.
    """

    facts: TestFacts
    constants: Mapping[str, ast.expr]
    name: str = ""
    test: str = ""
    under: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()

    def below(self, *conditions: str) -> _Place:
        """The same, under more conditions; those outside tests are left out."""
        return replace(self, under=(*self.under, *conditions)) if self.test else self

    def holds(self, text: str) -> None:
        """Note something that is asserted here."""
        into = self.facts.tests[self.test] if self.test else self.facts.helpers
        into[" ".join((text, *self.under))] += 1

    def forget(self, name: str) -> None:
        """What was defined under a name is not any more."""
        whole = f"{self.name}{name}"
        for test in [test for test in self.facts.tests if test == whole or test.startswith(f"{whole}.")]:
            del self.facts.tests[test]


def _constants(tree: ast.Module) -> dict[str, ast.expr]:
    """The names that a module binds to a literal."""
    found: dict[str, ast.expr] = {}
    for statement in tree.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None and _is_literal(statement):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            found |= {target.id: statement.value for target in targets if isinstance(target, ast.Name)}
    return found


def _is_literal(statement: ast.Assign | ast.AnnAssign) -> bool:
    inside = ast.walk(statement.value) if statement.value else iter(())
    return not any(isinstance(node, ast.Name | ast.Call | ast.Attribute | ast.Lambda) for node in inside)


def _read(body: Sequence[ast.stmt], place: _Place) -> None:
    """Take a block apart."""
    for statement in _live(body):
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            _function(statement, place)
        elif isinstance(statement, ast.ClassDef):
            place.forget(statement.name)
            _decorators(statement, place)
            bases = tuple(ast.unparse(base) for base in statement.bases)
            _read(statement.body, replace(place, name=f"{place.name}{statement.name}.", bases=bases))
        else:
            _take(statement, place)
            for block, where in _blocks(statement, place):
                _read(block, where)
            if isinstance(statement, ast.If) and _leaves(statement.body):
                place = place.below(f"unless {ast.unparse(statement.test)}")


def _function(function: ast.FunctionDef | ast.AsyncFunctionDef, place: _Place) -> None:
    name = f"{place.name}{function.name}"
    if place.test:
        inner = place.below(f"in {function.name}()")
    else:
        place.forget(function.name)
        inner = replace(place, test=name if function.name.startswith("test") else "")
    if inner.test:
        place.facts.tests.setdefault(inner.test, Counter())
        if not place.test:
            for base in place.bases:
                inner.holds(f"(in a {base})")
            if isinstance(function, ast.FunctionDef) and not _yields(function):
                inner.holds("(its body runs when it is called)")
    if function.name == "load_tests":
        place.facts.skips["load_tests"] += 1
    _decorators(function, inner)
    _read(function.body, replace(inner, name=f"{name}."))


def _decorators(statement: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, place: _Place) -> None:
    for item in statement.decorator_list:
        if skips(item):
            place.facts.skips[f"@{dotted(item)}"] += 1
        if isinstance(item, ast.Call) and dotted(item).endswith("parametrize"):
            given = [*item.args[1:2], *(word.value for word in item.keywords if word.arg == "argvalues")]
            for case in (case for values in given for case in _cases(values, place)):
                place.holds(f"the case {case}")


def _cases(values: ast.expr, place: _Place) -> Iterator[str]:
    """The elements of a literal, or of the constant that is named; anything else as it stands."""
    known = place.constants.get(values.id, values) if isinstance(values, ast.Name) else values
    if isinstance(known, ast.List | ast.Tuple | ast.Set):
        yield from (ast.unparse(element) for element in known.elts)
    else:
        yield ast.unparse(known)


def _take(statement: ast.stmt, place: _Place) -> None:
    """The assertions and marks of one statement itself, its blocks left out."""
    facts = place.facts
    if isinstance(statement, ast.Assert) and not isinstance(statement.test, ast.Constant):
        place.holds(_meant(statement.test, place))
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        facts.skips.update(_assigned(statement))
    if isinstance(statement, ast.Assign | ast.Delete) and not place.test:
        for target in statement.targets:
            place.forget(dotted(target))
    if isinstance(statement, ast.Raise) and statement.exc is not None and skips(statement.exc):
        facts.skips["raise"] += 1
    if isinstance(statement, ast.For | ast.AsyncFor) and place.test:
        for case in _cases(statement.iter, place):
            place.holds(f"for each {case}")
    for node in expressions(statement):
        if isinstance(node, ast.Call):
            name = dotted(node)
            last = name.rpartition(".")[2]
            if last.startswith(("assert", "fail")) or last in _RAISING:
                place.holds(_meant(node, place))
            elif skips(node):
                facts.skips[name] += 1


def _meant(expression: ast.expr, place: _Place) -> str:
    """An assertion as text, with the values of the constants that it names."""
    names = sorted({node.id for node in ast.walk(expression) if isinstance(node, ast.Name)} & place.constants.keys())
    where = "".join(f", {name} = {ast.unparse(place.constants[name])}" for name in names)
    return f"{ast.unparse(expression)}{where}"


def _assigned(statement: ast.Assign | ast.AnnAssign) -> Iterator[str]:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    for target in targets:
        name = dotted(target).rpartition(".")[2]
        value = statement.value
        if name == "__test__" and isinstance(value, ast.Constant) and not value.value:
            yield name
        elif name in ("pytestmark", "collect_ignore", "collect_ignore_glob", "pytest_plugins") and value is not None:
            yield f"{name} = {ast.unparse(value)}"


def _live(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a block that can be reached."""
    for statement in body:
        yield statement
        if isinstance(statement, ast.Return | ast.Raise | ast.Continue | ast.Break):
            return


def _leaves(body: Sequence[ast.stmt]) -> bool:
    """Whether a block ends the test without a failure."""
    return bool(body) and isinstance(body[-1], ast.Return | ast.Continue | ast.Break)


def _yields(function: ast.FunctionDef) -> bool:
    return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in ast.walk(function))


def _blocks(statement: ast.stmt, place: _Place) -> Iterator[tuple[Sequence[ast.stmt], _Place]]:
    """The blocks of a statement whose failing assertions are seen, and under what they run."""
    swallowed = isinstance(statement, ast.Try) and any(swallows(handler) for handler in statement.handlers)
    swallowed |= isinstance(statement, ast.With | ast.AsyncWith) and any(map(suppresses, statement.items))
    body, orelse = place, place
    if isinstance(statement, ast.If):
        test = ast.unparse(statement.test)
        body, orelse = place.below(f"if {test}"), place.below(f"unless {test}")
    elif isinstance(statement, ast.While):
        body = place.below(f"while {ast.unparse(statement.test)}")
    elif isinstance(statement, ast.For | ast.AsyncFor):
        body = place.below("for each")
    dead = isinstance(statement, ast.If) and isinstance(statement.test, ast.Constant) and not statement.test.value
    if not swallowed and not dead:
        yield getattr(statement, "body", []), body
    yield getattr(statement, "orelse", []), orelse
    yield getattr(statement, "finalbody", []), place
    if not swallowed:
        for handler in getattr(statement, "handlers", []):
            yield handler.body, place.below("except")
    for case in getattr(statement, "cases", []):
        yield case.body, place.below(f"case {ast.unparse(case.pattern)}")
