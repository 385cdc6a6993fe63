"""TypeScript with JSX: a grammar of its own, because ``<T>x`` is a cast in the one and an element in the other."""

from __future__ import annotations

import tree_sitter_typescript

from radeng_assets.ess.index import ecmascript
from radeng_assets.ess.index.language import Language
from radeng_assets.ess.index.languages.typescript import QUERY

LANGUAGE = Language(
    name="tsx",
    suffixes=(".tsx",),
    package="tree-sitter-typescript",
    grammar=tree_sitter_typescript.language_tsx,
    query=ecmascript.QUERY + QUERY + ecmascript.ELEMENTS,
    wrappers=ecmascript.WRAPPERS,
    specifiers=ecmascript.specifiers,
    candidates=ecmascript.candidates,
)
