"""Syntax trees of a shape that a query over them would take the square of their size for.

Tree-sitter looks from a token for the next named sibling, and keeps a state for every level that a pattern may still
match on. Neither costs anything in code that people write; a megabyte of brackets or one chain of 10,000 calls would
take minutes. The limits are counts and no times, so that the same file is read alike on every machine.
"""

from __future__ import annotations

from tree_sitter import Node, Tree

SMALL = 32 * 1024
"""Bytes up to which the square does not matter: two seconds at worst."""

DEPTH = 1000
"""Levels of a tree. People write up to about 60."""

TORN = 2000
"""Children of one stretch that could not be parsed."""


def is_tangled(tree: Tree, size: int) -> bool:
    """Whether a tree, of a source of so many bytes, is not to be queried."""
    return size > SMALL and (_is_deep(tree) or _is_torn(tree.root_node))


def _is_deep(tree: Tree) -> bool:
    cursor = tree.walk()
    depth = 0
    while True:
        if cursor.goto_first_child():
            depth += 1
            if depth > DEPTH:
                return True
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return False
            depth -= 1


def _is_torn(root: Node) -> bool:
    nodes = [root]
    while nodes:
        node = nodes.pop()
        if node.has_error:
            if node.is_error and node.child_count > TORN:
                return True
            nodes += node.children
    return False
