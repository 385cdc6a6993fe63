"""From source text to facts, by the syntax tree: one query over the tree, whatever the language.

The query runs in C; Python sees only the nodes that it captured. (Walking the whole tree from Python takes longer
than parsing it.)
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from tree_sitter import Node, Parser, QueryCursor

from radeng_assets.ess.index.facts import MODULE, Facts, Lead, Place, Reference
from radeng_assets.ess.index.language import DEFINITIONS, Language, compiled
from radeng_assets.ess.index.tangle import is_tangled

SIGNATURE = 300
"""Characters of a signature that are kept."""

_SPACES = re.compile(r"\s+")
_COMMENT_MARKS = re.compile(r"^\s*(?:/\*+|\*+/|\*(?!/)|//+|#+!?)?[ \t]*|\s*\*+/\s*$", re.MULTILINE)
_STRING_MARKS = re.compile(r"^[A-Za-z]{0,2}(?:\"\"\"|'''|\"|')|(?:\"\"\"|'''|\"|')$")


class _Definition(NamedTuple):
    start: int
    end: int
    kind: str
    node: Node
    name: Node
    first: int
    last: int


def extract(language: Language, text: str) -> Facts:
    """The facts of a source file. Broken source gives what tree-sitter makes of it; never raises."""
    grammar, query = compiled(language.name)
    data = text.encode(errors="replace")
    tree = Parser(grammar).parse(data)
    if is_tangled(tree, len(data)):
        return Facts(language=language.name, limit="tangled")
    found = QueryCursor(query).captures(tree.root_node)
    captures = {kind: sorted(nodes, key=_start) for kind, nodes in found.items()}  # py-tree-sitter's order is chance
    definitions = _definitions(captures, language)
    owners = _Owners(definitions)
    docs = _Docs(captures, definitions, owners, data)
    places = _places(definitions, owners, docs, data)
    return Facts(
        language=language.name,
        header=docs.header,
        places=places,
        references=tuple(_references(captures, definitions, owners, data)),
        leads=tuple(_leads(captures, language)),
        limit="broken" if tree.root_node.has_error else "",
    )


def _definitions(captures: Mapping[str, list[Node]], language: Language) -> list[_Definition]:
    """In file order, outer before inner."""
    kinds = {node.id: (kind, node) for kind in DEFINITIONS for node in captures.get(kind, ())}
    found: list[_Definition] = []
    for kind, node in kinds.values():
        name = node.child_by_field_name("name") or node.child_by_field_name("left")
        if name is None or name.start_byte == name.end_byte:
            continue
        outer = node
        while (around := outer.parent) is not None and around.type in language.wrappers:
            outer = around
        first, (last, column) = outer.start_point[0], node.end_point
        last = max(last - (column == 0), first)
        found.append(_Definition(outer.start_byte, node.end_byte, kind, node, name, first, last))
    found.sort(key=_file_order)
    return found


def _file_order(definition: _Definition) -> tuple[int, int, int]:
    return definition.start, -definition.end, definition.name.start_byte


class _Owners:
    """Which definition a byte stands in: the innermost."""

    def __init__(self, definitions: Sequence[_Definition]) -> None:
        self.containers: list[int] = []
        self._starts = [0]
        self._inside = [MODULE]
        stack: list[int] = []
        for index, definition in enumerate(definitions):
            self._close(stack, definitions, definition.start)
            self.containers.append(stack[-1] if stack else MODULE)
            stack.append(index)
            self._mark(definition.start, index)
        self._close(stack, definitions, None)

    def at(self, byte: int) -> int:
        """Index of the definition, or ``MODULE``."""
        return self._inside[bisect_right(self._starts, byte) - 1]

    def _close(self, stack: list[int], definitions: Sequence[_Definition], before: int | None) -> None:
        while stack and (before is None or definitions[stack[-1]].end <= before):
            end = definitions[stack.pop()].end
            self._mark(end, stack[-1] if stack else MODULE)

    def _mark(self, byte: int, index: int) -> None:
        self._starts.append(max(byte, self._starts[-1]))
        self._inside.append(index)


class _Docs:
    """Doc comments and docstrings: which belong to which definition, and which to the file."""

    def __init__(
        self,
        captures: Mapping[str, list[Node]],
        definitions: Sequence[_Definition],
        owners: _Owners,
        data: bytes,
    ) -> None:
        self._data = data
        self._comments: dict[int, Node] = {}
        for node in captures.get("comment", ()):
            line = data.rfind(b"\n", 0, node.start_byte) + 1
            if not data[line : node.start_byte].strip():  # one behind code is not about what follows
                self._comments[node.end_point[0]] = node
        self._strings: dict[int, str] = {}
        self.header = ""
        constants = {d.last: index for index, d in enumerate(definitions) if d.kind == "constant"}
        for node in captures.get("doc", ()):
            row = node.start_point[0]
            owner = constants.get(row - 1, owners.at(node.start_byte))
            text = _STRING_MARKS.sub("", self._text(node)).strip()
            if owner == MODULE:
                self.header = self.header or text
            else:
                self._strings.setdefault(owner, text)
        if not self.header and definitions[:1]:
            taken = definitions[0].first - 1
            first = min(self._comments.values(), key=_start, default=None)
            if first is not None and first.end_point[0] < taken:
                self.header = _plain(self._text(first))

    def of(self, index: int, definition: _Definition) -> str:
        """The docstring of a definition, else the comment right above it."""
        return self._strings.get(index) or "\n".join(reversed([*self._above(definition.first)])).strip()

    def _above(self, row: int) -> Iterator[str]:
        while (node := self._comments.pop(row - 1, None)) is not None:  # one comment is about one definition
            text = self._text(node)
            yield _plain(text)
            row = node.start_point[0]
            if text.startswith("/*"):
                return

    def _text(self, node: Node) -> str:
        return self._data[node.start_byte : node.end_byte].decode(errors="replace")


def _start(node: Node) -> int:
    return node.start_byte


def _plain(comment: str) -> str:
    return _COMMENT_MARKS.sub("", comment).strip()


def _places(definitions: Sequence[_Definition], owners: _Owners, docs: _Docs, data: bytes) -> tuple[Place, ...]:
    places: list[Place] = []
    for index, (start, end, kind, node, name_node, first, last) in enumerate(definitions):
        name = data[name_node.start_byte : name_node.end_byte].decode(errors="replace")
        container = owners.containers[index]
        symbol = name if container == MODULE else f"{places[container].symbol}.{name}"
        value = node.child_by_field_name("value")  # an arrow function has a body, the constant that holds it has not
        body = (value or node).child_by_field_name("body")
        head = data[start : body.start_byte if body else min(end, start + SIGNATURE)].decode(errors="replace")
        signature = _SPACES.sub(" ", head).rstrip(" {:;").removesuffix(" =>")[:SIGNATURE]
        doc = docs.of(index, definitions[index])
        places.append(Place(kind, name, symbol, signature, doc, first + 1, last + 1, container))
    return tuple(places)


_NAMING = ("call", "imported", "reference")


def _references(
    captures: Mapping[str, list[Node]], definitions: Sequence[_Definition], owners: _Owners, data: bytes
) -> Iterator[Reference]:
    """Names by line; one twice in a line is one reference.

    What the query did not take (a constant, a function that is passed on) is found if it is of this file or imported:
    by its name as a word, because a capture of every identifier would cost as much as all others.
    """
    defining = {definition.name.start_byte for definition in definitions}
    found = [(n.start_byte, n.end_byte, kind) for kind in _NAMING for n in captures.get(kind, ())]
    names = [*(data[d.name.start_byte : d.name.end_byte] for d in definitions), b""]  # b"" is that of ``MODULE``, -1
    own = {data[node.start_byte : node.end_byte] for node in captures.get("imported", ())}
    own |= {name for name, definition in zip(names, definitions, strict=False) if definition.kind != "method"}
    if own:
        words = re.compile(rb"(?<![\w.$])(?:" + b"|".join(map(re.escape, sorted(own))) + rb")(?![\w$])")
        found += [(*match.span(), "reference") for match in words.finditer(data)]
    found.sort()
    seen: set[tuple[bytes, int, int]] = set()
    line, at = 1, 0
    for start, end, kind in found:
        line += data.count(b"\n", at, start)
        at = start
        name, owner = data[start:end], owners.at(start)
        key = (name, line, owner)
        if start not in defining and key not in seen and not (kind != "call" and names[owner] == name):
            seen.add(key)
            yield Reference("call" if kind == "call" else "reference", name.decode(errors="replace"), line, owner)


def _leads(captures: Mapping[str, list[Node]], language: Language) -> Iterator[Lead]:
    for node in captures.get("import", ()):
        for specifier in language.specifiers(node):
            yield Lead("import", specifier, node.start_point[0] + 1)
