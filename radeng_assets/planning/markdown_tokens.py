"""markdown-it-py's block tokens of a document of any size, with the lines on which they stand.

What belongs here is how the parser is driven; what its tokens mean is for ``markdown_tree``. Three
things are added to the library:

- A document is parsed in pieces, so that a long one's tokens are never in memory at once.
- The commonest blocks have a rule of their own (``plain``) that takes each in one step: on a long
  plan the library's rules need five times as long for the same result.
- Containers nested deeper than the library follows, behind which it drops the rest of the text in
  silence, are read as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

PIECE = 16_384
"""Characters of a piece. A block that is longer gets a longer piece."""

_MAX_LEVEL = 100
_DEEP = re.compile(r"^[ \t>*+\-0-9.)]{16,}", re.MULTILINE)
"""What may open a container 16 characters in; a shorter prefix cannot reach ``_MAX_LEVEL``."""

_ODD_SPACE = re.compile(r"[^\S\n \t]")
_TRAILING = re.compile(r"(?<![^\S\n])[^\S\n]++$", re.MULTILINE)
_FRONT_MATTER = re.compile(r"---[ \t]*\n[\w-]+[ \t]*:(?:[^\n]++\n){1,200}?(?:---|\.\.\.)[ \t]*\n")

_TEXT = r"(?:[^\W\d_]|\*\*\w|`(?!``)|\[|\()[^\n]*+\n"
"""The rest of a line that can only be text."""

_PLAIN = re.compile(
    r"(?P<plain_heading>#{1,6} [^\n#|]*+\n)"
    rf"|(?P<plain_list>(?:- {_TEXT})++(?=\n++(?:[^\s-]|---\n|\Z)|#{{1,6}} |\Z))"
    rf"|(?P<plain_paragraph>(?:{_TEXT})++(?=\n|#{{1,6}} |\Z))"
    r"|(?P<hr>---\n)"
)
"""Outermost blocks that are what they are whatever stands around them, by kind of token."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Whole blocks of a document: their tokens, their text, and how many lines stand before it.

    Tokens are markdown-it's, without parsed inline markup, and ours: ``front_matter`` and
    ``plain_*``, whose content is their raw text. Their ``map`` counts lines from 0 in the piece.
    """

    line: int
    tokens: list[Token]
    text: str


def block_parser() -> MarkdownIt:
    """markdown-it for blocks alone: tables on, inline markup and link definitions left as text."""
    parser = MarkdownIt("commonmark", {"maxNesting": _MAX_LEVEL})
    parser.enable("table").disable("reference")
    parser.core.ruler.enableOnly(["normalize", "block"])
    parser.block.ruler.before("table", "plain", _plain)
    return parser


def block_tokens(text: str) -> Iterator[Piece]:
    """The document, piece after piece.

    The last block of a piece, which may go on behind it, is left to the next piece; so it does not
    matter where the cuts fall.
    """
    parser = block_parser()
    if _ODD_SPACE.search(text):  # the library trims kinds of space, and so lines, that it takes for text
        text = _TRAILING.sub("", text)
    begin, line, size = 0, 0, PIECE
    if match := _FRONT_MATTER.match(text):
        begin, line = match.end(), match.group().count("\n")
        token = Token("front_matter", "", 0, content=match.group(), map=[0, line])
        yield Piece(0, [token], match.group())
    while begin < len(text):
        end = text.find("\n", begin + size) + 1
        piece = text[begin : end or None]
        tokens = _parse(parser, piece)
        last = _last_block(tokens)
        if not end:
            yield Piece(line, tokens, piece)
            return
        if tokens and not last:
            size *= 2
            continue
        yield Piece(line, tokens[:last], piece)
        lines = first_line(tokens[last]) if tokens else piece.count("\n")
        begin += len(piece) - len(piece.split("\n", lines)[-1])
        line, size = line + lines, PIECE


def first_line(token: Token) -> int:
    """The line in its piece, from 0, on which a token begins."""
    return token.map[0] if token.map else 0


def _parse(parser: MarkdownIt, piece: str) -> list[Token]:
    tokens = parser.parse(piece)
    if any(token.level >= _MAX_LEVEL - 1 for token in tokens):
        tokens = parser.parse(_DEEP.sub("", piece))
    return tokens


def _last_block(tokens: list[Token]) -> int:
    """Index of the token that begins the last outermost block."""
    for index in range(len(tokens) - 1, 0, -1):
        if tokens[index].level == 0 and tokens[index].map:
            return index
    return 0


def _plain(state: StateBlock, start: int, _end: int, _silent: bool) -> bool:
    """Rule of markdown-it: one token for a block that ``_PLAIN`` knows."""
    match = None if state.level else _PLAIN.match(state.src, state.bMarks[start])
    if match is None:
        return False
    token = state.push(match.lastgroup or "", "", 0)
    token.content = match.group()
    state.line = start + token.content.count("\n")
    token.map = [start, state.line]
    return True
