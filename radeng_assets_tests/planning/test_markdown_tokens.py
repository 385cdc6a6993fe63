from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from markdown_it.token import Token

from radeng_assets.planning import markdown_tokens as module
from radeng_assets.planning.markdown_tokens import block_parser, block_tokens, first_line
from radeng_assets.planning.markdown_tree import Section, read_sections
from radeng_assets.planning.source import Source
from radeng_assets_tests.planning.markdown_documents import documents

UNCUT = 10**9


def sections(text: str, *, piece: int, plain: bool) -> tuple[Section, ...]:
    """The sections, read in pieces of a size, with or without the rule that is ours."""
    parser = block_parser() if plain else block_parser().disable("plain")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "PIECE", piece)
        patch.setattr(module, "block_parser", lambda: parser)
        return read_sections(Source("PLAN.md", text, ""))


def kinds(text: str) -> list[tuple[str, int]]:
    return [
        (token.type, piece.line + first_line(token) + 1)
        for piece in block_tokens(text)
        for token in piece.tokens
        if token.level == 0 and token.map
    ]


@settings(max_examples=1000)
@given(documents())
@example("- w0\n\n---\nw3\n")
@example("- w0\n- - w1\n")
@example("w0\n|---|\n")
@example("# w0 | a\n|---|---|\n")
@example("- w0\n\n  w2\n")
@example("- w0\n\n* w2\n")
@example("w0\n---\n")
@example("\u00a0\nw1\n")
def test_our_rule_reads_what_the_library_reads(text: str):
    assert sections(text, piece=UNCUT, plain=True) == sections(text, piece=UNCUT, plain=False)


@settings(max_examples=1000)
@given(documents())
@example("<!--\n# w1\n\n# w3\n-->\n# w5\n")
@example("```\n# w1\n\n- w3\n```\nw5\n")
@example("w0\n|---|\n| w2 |\n\nw4\n")
def test_it_does_not_matter_where_a_document_is_cut(text: str):
    uncut = sections(text, piece=UNCUT, plain=True)
    for piece in (1, 7, 30):
        assert sections(text, piece=piece, plain=True) == uncut


def test_a_real_document_in_pieces_without_our_rule(real_folder_text: str):
    expected = sections(real_folder_text, piece=UNCUT, plain=False)
    assert sections(real_folder_text, piece=500, plain=True) == expected
    assert len(expected) > 10


@pytest.fixture(params=["MASTER-IMPLEMENTATION-PLAN.md", "README.md", "RISK-ASSESSMENT.md", "TESTING-REQUIREMENTS.md"])
def real_folder_text(request: pytest.FixtureRequest, real_folder: Path) -> str:
    return (real_folder / request.param).read_text(encoding="utf-8")


def test_common_blocks_take_one_token_each():
    text = "## Title\n\n**ID**: 1\n**Points**: 2\n\n- one\n- [ ] two\n\n---\n\n```sh\nls\n```\n"
    assert kinds(text) == [
        ("plain_heading", 1),
        ("plain_paragraph", 3),
        ("plain_list", 6),
        ("hr", 9),
        ("fence", 11),
    ]


def test_a_block_longer_than_a_piece_stays_whole(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "PIECE", 20)
    text = "# Title\n\n```\n" + "code\n" * 50 + "```\nafter\n"
    assert kinds(text) == [("plain_heading", 1), ("fence", 3), ("plain_paragraph", 55)]


def test_a_piece_of_blank_lines_is_no_block(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "PIECE", 4)
    assert kinds("\n" * 30 + "text\n") == [("plain_paragraph", 31)]


def test_pieces_cover_the_document_in_order(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "PIECE", 30)
    text = "".join(f"# Heading {n}\n\ntext {n}\n\n" for n in range(20))
    pieces = list(block_tokens(text))
    assert len(pieces) > 5
    assert [line for _, line in kinds(text)] == sorted({n * 4 + 1 for n in range(20)} | {n * 4 + 3 for n in range(20)})


def test_front_matter_is_one_token_at_the_top_only():
    matter = "---\ntitle: x\nversion: 2\n---\n"
    assert kinds(matter + "# Title\n") == [("front_matter", 1), ("plain_heading", 5)]
    assert "front_matter" not in dict(kinds("# Title\n" + matter))
    assert "front_matter" not in dict(kinds("---\n\n# Title\n\ntext\n\n---\n"))


@pytest.mark.parametrize("marker", ["- ", "> ", ">", "1. ", "> - "])
@pytest.mark.parametrize("depth", [5, 49, 51, 120, 2000])
def test_what_is_nested_too_deep_is_text_and_nothing_after_it_is_lost(marker: str, depth: int):
    text = f"# One\n\n{marker * depth}deep\n\n# Two\n\nafter\n"
    tokens: list[Token] = [token for piece in block_tokens(text) for token in piece.tokens]
    content = " ".join(token.content for token in tokens)
    assert "deep" in content
    assert "after" in content


def test_deep_nesting_line_after_line_loses_nothing():
    text = "".join(f"{'  ' * n}- item{n}\n" for n in range(200)) + "\nafter\n"
    content = " ".join(token.content for piece in block_tokens(text) for token in piece.tokens)
    assert [f"item{n}" for n in range(200) if f"item{n}" not in content.replace("-", " ").split()] == []
    assert "after" in content
