"""Lines of a file on which a statement surely begins that runs: coverage tools list them, unless told not to.

A lower bound on purpose. What tools treat differently (a ``def`` below a decorator, ``pass``, declarations of types) is
left out, so that an honest report lists every line of it; docstrings and imports for type checkers, which coverage.py
leaves out by itself, are none. Of JavaScript it is what Istanbul counts: a declared value and the body of an arrow
function are statements too (istanbul-lib-instrument, visitor.js).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath

import tree_sitter_javascript
import tree_sitter_python
import tree_sitter_typescript
from tree_sitter import Language, Node, Parser, Query, QueryCursor

MOST_BYTES = 2 * 1024 * 1024
"""A larger file is not parsed: nobody wrote it by hand."""

_CONSTANTS = frozenset({"string", "concatenated_string", "ellipsis", "integer", "float", "none", "true", "false"})
"""Expressions that a compiler takes away where they stand as a statement: docstrings, directives, stubs."""

_IMPORTS = frozenset({"import_statement", "import_from_statement"})


@dataclass(frozen=True, slots=True)
class _Grammar:
    pointer: Callable[[], object]
    kinds: frozenset[str]


_PYTHON = _Grammar(
    tree_sitter_python.language,
    frozenset(
        {
            *("expression_statement", "return_statement", "raise_statement", "assert_statement", "delete_statement"),
            *("if_statement", "for_statement", "while_statement", "with_statement", "match_statement"),
            *("import_statement", "import_from_statement", "print_statement"),
        }
    ),
)
_ECMASCRIPT = frozenset(
    {
        *("expression_statement", "return_statement", "throw_statement", "if_statement", "switch_statement"),
        *("for_statement", "for_in_statement", "while_statement", "do_statement"),
        *("variable_declarator", "arrow_function"),
    }
)
_JAVASCRIPT = _Grammar(tree_sitter_javascript.language, _ECMASCRIPT)
_TYPESCRIPT = _Grammar(tree_sitter_typescript.language_typescript, _ECMASCRIPT)
_TSX = _Grammar(tree_sitter_typescript.language_tsx, _ECMASCRIPT)

_BY_SUFFIX = {
    ".py": _PYTHON,
    **dict.fromkeys((".js", ".jsx", ".mjs", ".cjs"), _JAVASCRIPT),
    **dict.fromkeys((".ts", ".mts", ".cts"), _TYPESCRIPT),
    ".tsx": _TSX,
}


def statements(path: str, data: bytes) -> tuple[int, ...] | None:
    """The lines (from 1); ``None`` where no grammar reads the file without an error."""
    grammar = _BY_SUFFIX.get(PurePosixPath(path).suffix.lower())
    if grammar is None or len(data) > MOST_BYTES:
        return None
    parser, query = _compiled(grammar)
    root = parser.parse(data).root_node
    if root.has_error:
        return None
    found = QueryCursor(query).captures(root).get("statement", [])
    begun = (_beginning(node) for node in found)
    return tuple(sorted({node.start_point.row + 1 for node in begun if node is not None}))


@cache
def _compiled(grammar: _Grammar) -> tuple[Parser, Query]:
    language = Language(grammar.pointer())
    kinds = " ".join(f"({kind})" for kind in sorted(grammar.kinds))
    return Parser(language), Query(language, f"[{kinds}] @statement")


def _beginning(node: Node) -> Node | None:
    """What begins where a tool says that the statement does; ``None`` where nothing runs."""
    if node.type == "variable_declarator":
        return node.child_by_field_name("value")
    if node.type == "arrow_function":
        body = node.child_by_field_name("body")
        return None if body is None or body.type == "statement_block" else body
    if node.type == "expression_statement":
        return None if _is_idle(node) else node
    block = node.parent
    if node.type in _IMPORTS and block is not None and block.type == "block" and _is_for_types(block.parent):
        return None
    return None if _is_for_types(node) else node


def _is_idle(statement: Node) -> bool:
    """Whether nothing runs: a constant alone, or a name that is declared and given no value."""
    inside = statement.named_children[0] if statement.named_child_count else None
    if inside is None or inside.type in _CONSTANTS:
        return True
    return inside.type == "assignment" and inside.child_by_field_name("right") is None


def _is_for_types(node: Node | None) -> bool:
    """``if TYPE_CHECKING:``. Of its block only imports are none of the program: the name may be given any value."""
    condition = node.child_by_field_name("condition") if node and node.type == "if_statement" else None
    return condition is not None and condition.text in (b"TYPE_CHECKING", b"typing.TYPE_CHECKING", b"t.TYPE_CHECKING")
