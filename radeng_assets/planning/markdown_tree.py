"""Markdown as flat, located sections: headings with their paragraphs, lists, tables and fences.

markdown-it-py finds the blocks and their lines; inline markup is left in the text (``plain`` strips
it where a reader wants words). Sections are *flat*, in file order, because real plans nest their
headings wrongly (``### Wave 1`` above ``## Story 1``); ``Section.level`` is there for readers that
care. How the parser is driven is ``markdown_tokens``' job.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from markdown_it.token import Token

from radeng_assets.planning.located import Fact
from radeng_assets.planning.markdown_tokens import block_tokens, first_line
from radeng_assets.planning.source import Source


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Consecutive lines of text, each with its place."""

    lines: tuple[Fact[str], ...]

    @property
    def line(self) -> int:
        """First line."""
        return self.lines[0].line


@dataclass(frozen=True, slots=True)
class Item:
    """One list item: its text (its own lines joined by a space) and its depth (0 = outermost)."""

    text: Fact[str]
    depth: int
    ordered: bool


@dataclass(frozen=True, slots=True)
class List:
    """A list, nested ones flattened in order."""

    items: tuple[Item, ...]

    @property
    def line(self) -> int:
        """First line."""
        return self.items[0].text.line


@dataclass(frozen=True, slots=True)
class Table:
    """A pipe table: header cells, and rows padded or cut to the header's width; ``raw`` are the rows' whole lines."""

    header: tuple[Fact[str], ...]
    rows: tuple[tuple[Fact[str], ...], ...]
    raw: tuple[str, ...]

    @property
    def line(self) -> int:
        """Line of the header."""
        return self.header[0].line

    def column(self, *names: str) -> int | None:
        """Index of the first column whose header, in lower case and without markup, is in ``names``."""
        for index, cell in enumerate(self.header):
            if plain(cell.value).lower() in names:
                return index
        return None


@dataclass(frozen=True, slots=True)
class Fence:
    """A fenced or indented code block: language and lines."""

    language: str
    lines: tuple[Fact[str], ...]
    line: int


Block = Paragraph | List | Table | Fence


@dataclass(slots=True)
class Section:
    """A heading and what follows it up to the next heading of any level.

    ``level`` is 0 for what stands before the first heading, whose title is empty.
    """

    title: Fact[str]
    level: int
    blocks: list[Block] = field(default_factory=list[Block])

    @property
    def paragraphs(self) -> Iterator[Paragraph]:
        """The section's paragraphs."""
        return (block for block in self.blocks if isinstance(block, Paragraph))

    @property
    def lists(self) -> Iterator[List]:
        """The section's lists."""
        return (block for block in self.blocks if isinstance(block, List))

    @property
    def tables(self) -> Iterator[Table]:
        """The section's tables."""
        return (block for block in self.blocks if isinstance(block, Table))

    @property
    def fences(self) -> Iterator[Fence]:
        """The section's code blocks."""
        return (block for block in self.blocks if isinstance(block, Fence))


_MARKUP = re.compile(r"[*_`\[]")
_LINK = re.compile(r"!?\[([^\[\]]{0,500})\]\([^()]{0,500}\)")
_EMPHASIS = re.compile(r"\*\*|__|`|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)")


def plain(text: str) -> str:
    """Text without inline markup: emphasis, code ticks, link targets."""
    if _MARKUP.search(text):
        text = _EMPHASIS.sub("", _LINK.sub(r"\1", text))
    return text.strip()


_TICK = re.compile(r"^\[(?P<mark>[ xX])\]\s+(?P<text>.*)$", re.DOTALL)


def tick(item: Fact[str]) -> tuple[bool, Fact[str]] | None:
    """(ticked?, text) of a task-list item, ``None`` where the text has no tick box."""
    match = _TICK.match(item.value)
    return None if match is None else (match["mark"] != " ", item.with_value(match["text"].strip()))


def read_sections(source: Source) -> tuple[Section, ...]:
    """All sections of a document, in order. Markdown has no syntax errors, so neither has this."""
    sections = [Section(Fact("", source.file, 1), 0)]
    for piece in block_tokens(source.text):
        _walk(piece.tokens, _Lines(source.file, piece.line, piece.text.split("\n")), sections)
    return tuple(section for section in sections if section.level or section.blocks)


@dataclass(frozen=True, slots=True)
class _Lines:
    """One piece's raw lines, numbered from 0; ``offset`` lines stand before it in the document."""

    file: str
    offset: int
    raw: list[str]

    def fact(self, number: int, text: str) -> Fact[str]:
        return Fact(text, self.file, self.offset + number + 1)

    def of(self, token: Token) -> tuple[Fact[str], ...]:
        """One fact a line of a token's content, blank lines aside."""
        begin = first_line(token)
        return tuple(
            self.fact(begin + index, text)
            for index, line in enumerate(token.content.split("\n"))
            if (text := line.strip())
        )

    def raw_line(self, fact: Fact[str]) -> str:
        return self.raw[fact.line - self.offset - 1]

    def fallen_in(self, fact: Fact[str]) -> bool:
        """Whether a list item's line is a label, table row or torn item, lazily joined to it."""
        return bool(_FALLEN_IN.match(self.raw_line(fact)))


_FALLEN_IN = re.compile(r" ?(?:\*\*|\||[-+][^\s\d-]|\[[ xX]?\]|[0-9]{1,9}[.)][^\s\d])")


def _walk(tokens: list[Token], lines: _Lines, sections: list[Section]) -> None:
    """Turn block tokens into blocks of the current section, headings into new sections."""
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.type == "plain_heading":
            title = token.content.lstrip("#")
            level = len(token.content) - len(title)
            sections.append(Section(lines.fact(first_line(token), title.strip()), level))
        elif token.type == "heading_open" and not _is_underlined_text(token, tokens[index + 1]):
            title = lines.fact(first_line(token), tokens[index + 1].content.strip())
            sections.append(Section(title, int(token.tag[1])))
            index += 1  # its content is no paragraph
        elif token.type in _CONTAINERS:
            end = _closing(tokens, index)
            sections[-1].blocks.extend(_CONTAINERS[token.type](tokens[index : end + 1], lines))
            index = end
        elif token.type in _LEAVES:
            sections[-1].blocks.extend(_LEAVES[token.type](token, lines))
        index += 1


_LABELLED = re.compile(r"\*\*[^*]{1,80}\*\*")


def _is_underlined_text(heading: Token, content: Token) -> bool:
    """Whether a rule right below text, for want of a blank line, made a heading of it."""
    underlined = heading.markup in ("-", "=")
    return underlined and ("\n" in content.content or bool(_LABELLED.match(content.content)))


def _closing(tokens: list[Token], index: int) -> int:
    """Index of the token that closes the block opened at ``index``."""
    level = tokens[index].level
    kind = tokens[index].type.removesuffix("_open") + "_close"
    for position in range(index + 1, len(tokens)):
        if tokens[position].level == level and tokens[position].type == kind:
            return position
    return len(tokens) - 1


def _paragraph(token: Token, lines: _Lines) -> Iterator[Paragraph]:
    if facts := lines.of(token):
        yield Paragraph(facts)


def _plain_list(token: Token, lines: _Lines) -> Iterator[List]:
    yield List(tuple(Item(fact.with_value(fact.value[2:].lstrip()), 0, ordered=False) for fact in lines.of(token)))


def _list(tokens: list[Token], lines: _Lines) -> Iterator[Block]:
    """Flatten a list: its items in order with their depth, then the blocks inside them."""
    items: list[Item] = []
    inner: list[Block] = []
    ordered: list[bool] = []
    texts: list[Fact[str]] = []
    index = 0

    def flush() -> None:
        if texts:
            joined = texts[0].with_value(" ".join(text.value for text in texts))
            items.append(Item(joined, len(ordered) - 1, ordered[-1]))
            texts.clear()

    while index < len(tokens):
        token = tokens[index]
        if token.type in _LISTS:
            flush()
            ordered.append(_LISTS[token.type])
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            flush()
            ordered.pop()
        elif token.type == "list_item_open":
            flush()
        elif token.type in ("inline", "html_block"):
            own = lines.of(token)
            cut = next((n for n in range(1, len(own)) if lines.fallen_in(own[n])), len(own))
            texts.extend(own[:cut])
            inner.extend([Paragraph(own[cut:])] if own[cut:] else [])
        elif token.type == "table_open":
            end = _closing(tokens, index)
            inner.extend(_table(tokens[index:end], lines))
            index = end
        elif token.type in _LEAVES:
            inner.extend(_LEAVES[token.type](token, lines))
        index += 1
    if items:
        yield List(tuple(items))
    yield from inner


def _table(tokens: list[Token], lines: _Lines) -> Iterator[Table]:
    rows: list[tuple[Fact[str], ...]] = []
    cells: list[Fact[str]] = []
    line = 0
    for token in tokens:
        if token.type == "tr_open":
            cells = []
            line = first_line(token)
        elif token.type == "inline":
            cells.append(lines.fact(line, token.content.strip()))
        elif token.type == "tr_close":
            rows.append(tuple(cells))
    header, *body = rows
    yield Table(header, tuple(body), tuple(lines.raw_line(row[0]) for row in body))


def _fence(token: Token, lines: _Lines) -> Iterator[Fence]:
    begin = first_line(token)
    first = begin + (token.type == "fence")
    content = token.content.removesuffix("\n").split("\n") if token.content else []
    language = token.info.split()
    yield Fence(
        language[0] if language else "",
        tuple(lines.fact(first + number, text) for number, text in enumerate(content)),
        lines.offset + begin + 1,
    )


_LISTS = {"bullet_list_open": False, "ordered_list_open": True}
_CONTAINERS: dict[str, Callable[[list[Token], _Lines], Iterator[Block]]] = {
    "bullet_list_open": _list,
    "ordered_list_open": _list,
    "table_open": _table,
}
_LEAVES: dict[str, Callable[[Token, _Lines], Iterator[Block]]] = {
    "inline": _paragraph,
    "html_block": _paragraph,
    "front_matter": _paragraph,
    "plain_paragraph": _paragraph,
    "plain_list": _plain_list,
    "fence": _fence,
    "code_block": _fence,
}
