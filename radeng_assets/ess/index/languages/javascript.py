"""JavaScript, with JSX."""

from __future__ import annotations

import tree_sitter_javascript

from radeng_assets.ess.index import ecmascript
from radeng_assets.ess.index.language import Language

_QUERY = "(class_heritage (identifier) @reference)"

LANGUAGE = Language(
    name="javascript",
    suffixes=(".js", ".jsx", ".mjs", ".cjs"),
    package="tree-sitter-javascript",
    grammar=tree_sitter_javascript.language,
    query=ecmascript.QUERY + ecmascript.ELEMENTS + _QUERY,
    wrappers=ecmascript.WRAPPERS,
    specifiers=ecmascript.specifiers,
    candidates=ecmascript.candidates,
)
