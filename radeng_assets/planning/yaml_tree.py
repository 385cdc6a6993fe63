"""YAML streams as located trees: document by document, as little lost as possible.

What one document says is ``yaml_compose``'s work, what a broken one still says ``yaml_salvage``'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

import yaml

from radeng_assets.planning.findings import Finding
from radeng_assets.planning.located import Place
from radeng_assets.planning.source import Source
from radeng_assets.planning.yaml_compose import compose, duplicate_key
from radeng_assets.planning.yaml_nodes import Entry, Mapping, Node, Scalar, Sequence, is_null
from radeng_assets.planning.yaml_salvage import salvage


def read_stream(source: Source) -> tuple[tuple[Node, ...], tuple[Finding, ...]]:
    """All documents of a YAML stream, in order, and what is wrong with them.

    Documents are parsed one by one, so a broken one costs the others nothing. Empty documents
    yield nothing.
    """
    findings: list[Finding] = []
    documents: list[Node] = []
    for first_line, text in _split_documents(_STRANGE.sub(" ", source.text)):
        try:
            node = compose(text, source.file, first_line, findings)
        except yaml.YAMLError as error:
            node = salvage(text, source.file, first_line, error, findings)
        if node is not None and not is_null(node):
            documents.append(node)
    return tuple(documents), tuple(findings)


def read_mappings(source: Source) -> tuple[tuple[Mapping, ...], tuple[Finding, ...]]:
    """The documents of a stream that must each be a mapping; one that is not is an error.

    The keys that a damaged list had among its items are kept.
    """
    documents, problems = read_stream(source)
    findings = list(problems)
    mappings: list[Mapping] = []
    for node in documents:
        if isinstance(node, Mapping):
            mappings.append(node)
            continue
        what = "a single value" if isinstance(node, Scalar) else "a list"
        findings.append(
            Finding(
                rule="wrong-kind",
                severity="error",
                subject=source.file,
                message=f"The document at line {node.line} is {what}, not a mapping; it was not read.",
                at=(Place(source.file, node.line),),
                fix="Write `key: value` lines.",
            )
        )
        if isinstance(node, Sequence) and node.strays:
            mappings.append(Mapping(node.strays, node.strays[0].key.line))
    return tuple(mappings), tuple(findings)


def merge(mappings: Iterable[Mapping], file: str, findings: list[Finding]) -> Mapping:
    """Several mappings as one: lists under the same key are joined.

    Of other values under the same key the first stays, and a finding cites every place.
    """
    same: dict[str, list[Entry]] = {}
    for mapping in mappings:
        for entry in mapping.entries:
            same.setdefault(entry.key.text, []).append(entry)
    entries = tuple(_merge_entries(entries, file, findings) for entries in same.values())
    return Mapping(entries, entries[0].key.line if entries else 1)


def _merge_entries(entries: list[Entry], file: str, findings: list[Finding]) -> Entry:
    first = entries[0]
    if len(entries) == 1:
        return first
    lists = [entry.value for entry in entries if isinstance(entry.value, Sequence)]
    if len(lists) < len(entries):
        lines = tuple(entry.key.line for entry in entries)
        findings.append(duplicate_key(file, first.key.text, lines))
        return first
    items = tuple(item for one in lists for item in one.items)
    strays = tuple(stray for one in lists for stray in one.strays)
    return Entry(first.key, Sequence(items, lists[0].line, strays))


_STRANGE = re.compile("[\r\x85\u2028\u2029\ud800-\udfff]")
"""Characters that libyaml takes for line breaks and nobody else does (they would move every line
number after them), and halves of surrogate pairs, which cannot be encoded. Read as spaces."""

_MARKER = re.compile(r"^(?:---|\.\.\.)(?=[ \t\n]|\Z)", re.MULTILINE)
_CONTENT = re.compile(r"^[ \t]*[^ \t\n#]", re.MULTILINE)
_CONTENT_BETWEEN = re.compile(r"^[ \t]*[^ \t\n#%]", re.MULTILINE)


def _split_documents(text: str) -> Iterator[tuple[int, str]]:
    """Cut a stream at its document markers: (line of the first line, text) of each piece.

    YAML forbids a marker in the first column inside any scalar, so the cut is exact. What follows
    ``---`` on its own line stays with the document. Pieces of comments alone are dropped, and
    outside documents directives (``%YAML 1.2``) with them.
    """
    starts = [match.start() for match in _MARKER.finditer(text)]
    line = 1
    for begin, end in pairwise([0, *starts, len(text)]):
        marker, body = "", text[begin:end]
        if _MARKER.match(body):
            marker, body = body[:3], body[3:]
        if (_CONTENT if marker == "---" else _CONTENT_BETWEEN).search(body):
            yield line, f"---{body}" if marker else body
        line += body.count("\n")
