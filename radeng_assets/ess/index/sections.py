"""From a Markdown document to facts: its sections, and the paths that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from radeng_assets.ess.index.facts import MODULE, Facts, Lead, Place
from radeng_assets.planning.markdown_tree import plain, read_sections
from radeng_assets.planning.source import Source

SUFFIXES = (".md", ".markdown", ".mdx")

_PATH = re.compile(r"(?<![\w./@-])(?:\.{1,2}/)*(?:[\w@.+-]+/)*[\w@+-][\w@.+-]*\.[A-Za-z]\w{0,9}(?![\w/-])")
"""What looks like the path of a file: ``src/a.ts``, ``../cli.md``, ``Makefile`` not."""

_DOTTED = re.compile(r"(?<![\w./@-])[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+(?![\w/(-])")
"""What may be the dotted name of a module."""


def read_document(text: str) -> Facts:
    """The facts of a Markdown document. ``header`` is its first title. Never raises."""
    source = Source("", text, "")
    sections = read_sections(source)
    lines = text.split("\n")
    places: list[Place] = []
    for index, section in enumerate(sections):
        first = max(section.title.line, 1)
        last = sections[index + 1].title.line - 1 if index + 1 < len(sections) else len(lines)
        title = plain(section.title.value)
        body = "\n".join(lines[first if section.level else first - 1 : last]).strip()
        places.append(Place("section", title, title, "#" * section.level, body, first, max(last, first), MODULE))
    return Facts("markdown", places[0].name if places else "", tuple(places), (), tuple(_mentions(lines)))


def _mentions(lines: list[str]) -> Iterator[Lead]:
    for number, line in enumerate(lines, 1):
        if "." in line:
            named = dict.fromkeys((*_PATH.findall(line), *_DOTTED.findall(line)))
            yield from (Lead("mention", name, number) for name in named)
