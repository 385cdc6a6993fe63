"""Marks in Python's syntax tree: what is called, what skips, what lets a failing assertion pass."""

from __future__ import annotations

import ast
from collections.abc import Iterator

_SKIPPING = ("skip", "skipif", "skipunless", "skiptest", "xfail", "expectedfailure", "importorskip", "exit")
_SWALLOWED = ("Exception", "BaseException", "AssertionError")


def expressions(statement: ast.stmt) -> Iterator[ast.AST]:
    """Every expression of a statement, but not of the statements inside it."""
    waiting: list[ast.AST] = [node for node in ast.iter_child_nodes(statement) if not isinstance(node, ast.stmt)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.ExceptHandler | ast.match_case):
            continue
        yield node
        waiting += [child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.stmt)]


def swallows(handler: ast.ExceptHandler) -> bool:
    """Whether a failing assertion ends quietly in a handler."""
    caught = [""] if handler.type is None else [dotted(node) for node in ast.walk(handler.type)]
    wide = handler.type is None or any(name.rpartition(".")[2] in _SWALLOWED for name in caught)
    return wide and not any(isinstance(node, ast.Raise) for part in handler.body for node in ast.walk(part))


def suppresses(item: ast.withitem) -> bool:
    """Whether a ``with`` lets a failing assertion pass: ``suppress(Exception)``, ``raises(AssertionError)``."""
    call = item.context_expr
    if not isinstance(call, ast.Call) or dotted(call).rpartition(".")[2] not in ("suppress", "raises", "assertRaises"):
        return False
    return any(dotted(argument).rpartition(".")[2] in _SWALLOWED for argument in call.args)


def skips(node: ast.expr) -> bool:
    """Whether what is called or named keeps a test from counting."""
    return dotted(node).rpartition(".")[2].lower() in _SKIPPING


def dotted(node: ast.AST) -> str:
    """The dotted name of what is called, or named."""
    if isinstance(node, ast.Call):
        return dotted(node.func)
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""
