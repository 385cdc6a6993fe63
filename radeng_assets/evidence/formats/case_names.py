"""One name for a test, whichever report names it: JUnit's class and name, a pytest node id, a coverage context."""

from __future__ import annotations

_PHASES = ("|setup", "|run", "|teardown")
"""What pytest-cov adds to a node id."""


def of_case(classname: str, name: str) -> str:
    """The name of a JUnit case, dotted: ``tests.test_shop.TestCart.test_add[1]``."""
    return f"{classname}.{name}" if classname else name


def of_context(context: str) -> str:
    """The name in a coverage.py context, in the form of ``of_case``.

    Knows pytest-cov's contexts (``tests/test_shop.py::TestCart::test_add[1]|run``) and those of
    ``dynamic_context = test_function`` (dotted already, without parameters). Empty for the code that ran outside tests.
    """
    for phase in _PHASES:
        context = context.removesuffix(phase)
    path, bracket, parameters = context.partition("[")
    path = path.replace(".py::", "::").replace("::", ".").replace("/", ".")
    return path + bracket + parameters


def without_parameters(name: str) -> str:
    """The name of the function that a parametrised case calls."""
    return name.partition("[")[0]
