"""Python."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

import tree_sitter_python
from tree_sitter import Node

from radeng_assets.ess.index.language import Language

_QUERY = """
(function_definition) @function
(class_definition body: (block (function_definition) @method))
(class_definition body: (block (decorated_definition (function_definition) @method)))
(class_definition) @class
(module (expression_statement (assignment left: (identifier)) @constant))
(module (type_alias_statement) @type)
(module . (comment)* . (expression_statement (string) @doc))
(block . (comment)* . (expression_statement (string) @doc))
(module (expression_statement (assignment)) . (expression_statement (string) @doc))
(comment) @comment
(import_statement) @import
(import_from_statement) @import
(call function: [(identifier) @call (attribute attribute: (identifier) @call)])
(decorator [(identifier) @reference (attribute attribute: (identifier) @reference)])
(class_definition superclasses: (argument_list (identifier) @reference))
(class_definition superclasses: (argument_list (attribute attribute: (identifier) @reference)))
(type (identifier) @reference)
(type (generic_type (identifier) @reference))
(type (binary_operator (identifier) @reference))
(import_from_statement name: (dotted_name (identifier) @imported))
(import_from_statement name: (aliased_import name: (dotted_name (identifier) @imported)))
"""

_SPACES = re.compile(r"\s+")


def _specifiers(node: Node) -> Iterator[str]:
    """``a.b`` of ``import a.b``; ``a.b`` with each name, ``a.b.c``, of ``from a.b import c``: it may be a module."""
    names = [_dotted(name) for name in node.children_by_field_name("name")]
    module = node.child_by_field_name("module_name")
    if module is None:
        yield from names
        return
    start = _text(module)
    joint = "" if start.endswith(".") else "."
    yield from (f"{start}{joint}{name}" for name in names)
    if not names:  # from a import *
        yield start


def _dotted(node: Node) -> str:
    name = node.child_by_field_name("name") if node.type == "aliased_import" else node
    return _text(name or node)


def _text(node: Node) -> str:
    return _SPACES.sub("", (node.text or b"").decode(errors="replace"))


def _candidates(path: str, specifier: str) -> Iterator[str]:
    """A module or package of the name, else of the name without its last part; the roots may be anywhere above."""
    folders = PurePosixPath(path).parts[:-1]
    name = specifier.lstrip(".")
    dots = len(specifier) - len(name)
    parts = name.split(".") if name else []
    if dots:
        roots = [folders[: len(folders) - dots + 1]] if dots <= len(folders) + 1 else []
    else:
        roots = [(), ("src",), *(folders[:depth] for depth in range(1, len(folders) + 1))]
    for tried in (parts, parts[:-1]) if parts else (parts,):
        for root in roots:
            whole = "/".join((*root, *tried))
            if tried:
                yield f"{whole}.py"
                yield f"{whole}.pyi"
            if tried or dots:
                yield f"{whole}/__init__.py" if whole else "__init__.py"


LANGUAGE = Language(
    name="python",
    suffixes=(".py", ".pyi"),
    package="tree-sitter-python",
    grammar=tree_sitter_python.language,
    query=_QUERY,
    wrappers=frozenset({"decorated_definition", "expression_statement"}),
    specifiers=_specifiers,
    candidates=_candidates,
)
