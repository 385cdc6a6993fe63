"""What pages say of the code, held against the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from radeng_assets_tests.conftest import ROOT

ELLIPSIS = "…"


def rows(name: str, header: str) -> Iterator[list[Token]]:
    """The cells of each row of each table whose first column has that header."""
    tokens = MarkdownIt("commonmark").enable("table").parse((ROOT / "docs" / name).read_text("utf-8"))
    wanted, row = False, list[Token]()
    for token, inside in pairwise(tokens):
        if token.type == "tr_open":
            row = []
        elif token.type == "th_open":
            wanted = inside.content == header if not row else wanted
            row.append(inside)
        elif token.type == "td_open":
            row.append(inside)
        elif token.type == "tr_close" and wanted and row[0].content != header:
            yield row


def code(cell: Token) -> list[str]:
    return [child.content for child in cell.children or () if child.type == "code_inline"]


@cache
def templates() -> tuple[str, ...]:
    """Every text in the package, with ``…`` where an f-string has a value."""
    return tuple(
        text for path in sorted((ROOT / "radeng_assets").rglob("*.py")) for text in texts(path.read_text("utf-8"))
    )


def texts(source: str) -> Iterator[str]:
    """But for docstrings, which nobody is told."""
    tree = ast.parse(source)
    mute = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if node in mute:
            continue
        if isinstance(node, ast.JoinedStr):
            yield "".join(
                part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else ELLIPSIS
                for part in node.values
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def is_said(message: str) -> bool:
    """Whether some text of the package is this message, or holds it."""
    fixed = [part for part in message.split(ELLIPSIS) if part.strip(" .:;,()")]
    pattern = re.compile(".{0,80}".join(map(re.escape, fixed)), re.DOTALL)
    return bool(fixed) and any(pattern.search(text) for text in templates())


MESSAGES = [code(row[0])[0] for row in rows("troubleshooting.md", "it says")]


class TestTroubleshooting:
    @pytest.mark.parametrize("message", MESSAGES)
    def test_a_message_is_one_of_the_programs(self, message: str) -> None:
        assert is_said(message)

    def test_each_is_told_once_a_page_with_a_cause_and_what_to_do(self) -> None:
        assert len(MESSAGES) > 50
        for row in rows("troubleshooting.md", "it says"):
            assert len(row) == 3
            assert all(cell.content.strip() for cell in row), row[0].content

    @pytest.mark.parametrize("message", ["there is no verdict in … any more.", "…", "no such wave at all: …"])
    def test_another_message_is_not_found(self, message: str) -> None:
        assert not is_said(message)


THREATS = list(rows("security.md", "threat"))


def named_in(path: Path) -> set[str]:
    """``test`` and ``Class::test`` of each test in a file."""
    found: set[str] = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.ClassDef):
            found |= {f"{node.name}::{item.name}" for item in node.body if isinstance(item, ast.FunctionDef)}
    return {name for name in found if name.rpartition("::")[2].startswith("test_")}


@pytest.mark.parametrize("row", THREATS, ids=lambda row: row[0].content[:40])
def test_a_threat_is_shown_to_be_met(row: list[Token]) -> None:
    threat, stops, shown, left = row
    assert threat.content
    assert stops.content
    assert left.content
    assert code(shown)
    for name in code(shown):
        path, _, test = name.partition("::")
        assert test in named_in(ROOT / path), name


def test_there_are_threats() -> None:
    assert len(THREATS) > 15
