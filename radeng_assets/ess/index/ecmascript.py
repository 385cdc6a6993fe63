"""What JavaScript and TypeScript share: the common part of their queries, and where an import leads."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import dirname, join, normpath, splitext

from tree_sitter import Node

QUERY = """
(function_declaration) @function
(generator_function_declaration) @function
(method_definition) @method
(class_declaration) @class
(program [
  (lexical_declaration (variable_declarator name: (identifier)) @constant)
  (variable_declaration (variable_declarator name: (identifier)) @constant)
  (export_statement (lexical_declaration (variable_declarator name: (identifier)) @constant))
])
(variable_declarator name: (identifier) value: [(arrow_function) (function_expression)]) @function
(comment) @comment
(import_statement source: (string (string_fragment) @import))
(export_statement source: (string (string_fragment) @import))
(call_expression function: (import) arguments: (arguments . (string (string_fragment) @import)))
(call_expression
  function: (identifier) @_require arguments: (arguments . (string (string_fragment) @import))
  (#eq? @_require "require"))
(call_expression function: [(identifier) @call (member_expression property: (property_identifier) @call)])
(new_expression constructor: [(identifier) @call (member_expression property: (property_identifier) @call)])
(import_specifier name: (identifier) @imported)
"""

ELEMENTS = """
(jsx_opening_element name: (identifier) @reference)
(jsx_self_closing_element name: (identifier) @reference)
"""

WRAPPERS = frozenset({"export_statement", "lexical_declaration", "variable_declaration", "ambient_declaration"})

_SUFFIXES = (".ts", ".tsx", ".d.ts", ".js", ".jsx", ".mts", ".cts", ".mjs", ".cjs")
_COMPILED = {".js": (".ts", ".tsx"), ".jsx": (".tsx",), ".mjs": (".mts",), ".cjs": (".cts",)}
"""An import names what a TypeScript file is compiled to."""

_ALIASES = ("@/", "~/")
"""What bundlers are commonly told to take for the source folder."""


def specifiers(node: Node) -> Iterator[str]:
    """The text between an import's quotes."""
    yield (node.text or b"").decode(errors="replace")


def candidates(path: str, specifier: str) -> Iterator[str]:
    """As Node and bundlers look: the file itself, with a suffix, the folder's ``index``. Packages lead nowhere."""
    for whole in _places(path, specifier):
        yield whole
        stem, suffix = splitext(whole)
        yield from (stem + other for other in _COMPILED.get(suffix, ()))
        yield from (whole + other for other in _SUFFIXES)
        yield from (f"{whole}/index{other}" if whole else f"index{other}" for other in _SUFFIXES)


def _places(path: str, specifier: str) -> Iterator[str]:
    if specifier.startswith("."):
        whole = normpath(join(dirname(path), specifier))
        if not whole.startswith(".."):
            yield "" if whole == "." else whole
    elif specifier.startswith(_ALIASES):
        rest = normpath(specifier[2:])
        folders = path.split("/")[:-1]
        if not rest.startswith(("..", "/")):
            for depth in range(len(folders), -1, -1):
                yield "/".join((*folders[:depth], "src", rest))
                yield "/".join((*folders[:depth], rest))
