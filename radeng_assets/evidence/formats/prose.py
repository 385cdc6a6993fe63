"""A document as a reader meets it: headings, prose, links and code blocks, each with its line.

Markdown is parsed by markdown-it, inline markup included. Of reStructuredText and plain text only headings (a title
over a line of punctuation) and prose are told apart.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from markdown_it import MarkdownIt
from markdown_it.token import Token

MARKDOWN = (".md", ".markdown")
PLAIN = (".rst", ".txt")
SUFFIXES = (*MARKDOWN, *PLAIN)
"""What documents are told by."""

RUN = "run"
"""The word of a code block's info string that asks for it to be run: ```` ```bash run ````."""

SHELLS = ("sh", "bash", "shell")
"""Languages of blocks that can be run."""

_UNDERLINE = re.compile(r"([=\-~^\"'`#*+.:_])\1{2,}\s*")
_NAMED = re.compile(r"<a\s[^>]*?\b(?:id|name)\s*=\s*[\"']([^\"']{1,200})[\"']", re.IGNORECASE)
_POINTING = re.compile(r"<(?:a|img)\s[^>]*?\b(?:href|src)\s*=\s*[\"']([^\"']{1,2000})[\"']", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG = re.compile(r"</?[a-zA-Z][\w-]*(?:\s[^<>]*)?/?>")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading, its depth from 1, and the anchor that GitHub gives it."""

    text: str
    level: int
    line: int
    anchor: str


@dataclass(frozen=True, slots=True)
class Text:
    """A line of prose outside of headings and code."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Link:
    """Where a link or an image points to, as written."""

    target: str
    line: int


@dataclass(frozen=True, slots=True)
class Block:
    """A code block: its language, whether it is marked to be run, and what is in it."""

    language: str
    marked: bool
    text: str
    line: int


@dataclass(slots=True)
class Prose:
    """A whole document, every part in order."""

    headings: list[Heading] = field(default_factory=list[Heading])
    texts: list[Text] = field(default_factory=list[Text])
    links: list[Link] = field(default_factory=list[Link])
    blocks: list[Block] = field(default_factory=list[Block])
    anchors: set[str] = field(default_factory=set[str])


def read_prose(data: bytes, path: str) -> Prose:
    """The document in ``data``; ``path`` tells which format it has. Bytes that are no UTF-8 are replaced."""
    text = data.decode("utf-8-sig", errors="replace").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    if PurePosixPath(path).suffix.lower() in MARKDOWN:
        return _Markdown().read(text)
    return _plain(text)


def is_document(path: str) -> bool:
    """Whether a file is documentation by its name."""
    return PurePosixPath(path).suffix.lower() in SUFFIXES


def _plain(text: str) -> Prose:
    prose = Prose()
    lines = text.split("\n")
    level: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        below = lines[number] if number < len(lines) else ""
        if _UNDERLINE.fullmatch(line):
            continue
        if line.strip() and _UNDERLINE.fullmatch(below) and len(below.rstrip()) >= len(line.rstrip()):
            depth = level.setdefault(below[0], len(level) + 1)
            prose.headings.append(Heading(line.strip(), depth, number, ""))
        elif line.strip():
            prose.texts.append(Text(line.strip(), number))
    return prose


class _Markdown:
    """Takes the tokens of one document."""

    def __init__(self) -> None:
        self._prose = Prose()
        self._slugs: dict[str, int] = {}

    def read(self, text: str) -> Prose:
        parser = MarkdownIt("commonmark").enable("table").enable("strikethrough")
        line, heading = 1, 0
        for token in parser.parse(text):
            line = token.map[0] + 1 if token.map else line
            if token.type == "heading_open":
                heading = int(token.tag[1:])
            elif token.type == "heading_close":
                heading = 0
            elif token.type == "inline":
                self._inline(token.children or (), line, heading)
            elif token.type == "fence" or token.type == "code_block":
                words = token.info.split()
                marked = RUN in words[1:]
                language = words[0].lower() if words else ""
                self._prose.blocks.append(Block(language, marked, token.content, line))
            elif token.type == "html_block":
                self._html(token.content, line)
                self._say(_TAG.sub(_unless_asking, _COMMENT.sub(_blank, token.content)), line)
        return self._prose

    def _inline(self, tokens: Sequence[Token], line: int, heading: int) -> None:
        said = ""
        title = ""
        begin = line
        for token in tokens:
            if token.type in ("softbreak", "hardbreak"):
                if not heading:
                    self._say(said, line)
                said, line = "", line + 1
                title += " "
            elif token.type == "text":
                said, title = said + token.content, title + token.content
            elif token.type == "code_inline":
                said, title = f"{said} ", title + token.content
            elif token.type == "html_inline":
                self._html(token.content, line)
                said += token.content if not _COMMENT.match(token.content) and _is_asking(token.content) else ""
            elif token.type in ("link_open", "image"):
                target = token.attrGet("href") or token.attrGet("src") or ""
                self._prose.links.append(Link(str(target), line))
                if token.type == "image":
                    title += token.content
        if heading:
            self._prose.headings.append(Heading(title.strip(), heading, begin, self._slug(title)))
        else:
            self._say(said, line)

    def _say(self, text: str, line: int) -> None:
        for number, one in enumerate(text.split("\n")):
            if one.strip():
                self._prose.texts.append(Text(one.strip(), line + number))

    def _html(self, text: str, line: int) -> None:
        text = _COMMENT.sub("", text)
        self._prose.anchors.update(_NAMED.findall(text))
        self._prose.links += [Link(target, line) for target in _POINTING.findall(text)]

    def _slug(self, title: str) -> str:
        """GitHub's anchor: lower case, punctuation gone, spaces as hyphens, and a number where it is taken."""
        plain = "".join(_slugged(title.strip().lower()))
        count = self._slugs.get(plain, -1) + 1
        self._slugs[plain] = count
        slug = f"{plain}-{count}" if count else plain
        self._prose.anchors.add(slug)
        return slug


def _slugged(title: str) -> Iterator[str]:
    for character in title:
        if character == " ":
            yield "-"
        elif character in "-_" or unicodedata.category(character)[0] in "LNM":
            yield character


def _unless_asking(tag: re.Match[str]) -> str:
    return tag[0] if _is_asking(tag[0]) else " "


def _blank(comment: re.Match[str]) -> str:
    return "\n" * comment[0].count("\n")


def _is_asking(tag: str) -> bool:
    """Whether what looks like a tag is a blank to be filled in, like ``<insert name>``."""
    return tag.lower().startswith(("<insert", "<your", "<fill"))
