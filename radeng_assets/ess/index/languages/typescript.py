"""TypeScript."""

from __future__ import annotations

import tree_sitter_typescript

from radeng_assets.ess.index import ecmascript
from radeng_assets.ess.index.language import Language

QUERY = """
(function_signature) @function
(abstract_method_signature) @method
(abstract_class_declaration) @class
(interface_declaration) @interface
(type_alias_declaration) @type
(enum_declaration) @enum
(public_field_definition name: (property_identifier) value: (arrow_function)) @method
(class_heritage (extends_clause value: (identifier) @reference))
(type_identifier) @reference
"""

LANGUAGE = Language(
    name="typescript",
    suffixes=(".ts", ".mts", ".cts"),
    package="tree-sitter-typescript",
    grammar=tree_sitter_typescript.language_typescript,
    query=ecmascript.QUERY + QUERY,
    wrappers=ecmascript.WRAPPERS,
    specifiers=ecmascript.specifiers,
    candidates=ecmascript.candidates,
)
