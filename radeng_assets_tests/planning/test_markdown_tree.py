from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from radeng_assets.planning.located import Fact
from radeng_assets.planning.markdown_tree import (
    Block,
    Fence,
    List,
    Paragraph,
    Section,
    Table,
    plain,
    read_sections,
    tick,
)
from radeng_assets.planning.source import Source, read_source
from radeng_assets_tests.planning.markdown_documents import documents

FILE = "PLAN.md"
MARKDOWN = ["MASTER-IMPLEMENTATION-PLAN.md", "README.md", "RISK-ASSESSMENT.md", "TESTING-REQUIREMENTS.md"]


def read(text: str) -> tuple[Section, ...]:
    return read_sections(Source(FILE, text, ""))


def shape(block: Block) -> tuple[object, ...]:
    """A block as a kind and (text, line) pairs, short enough to be written in a test."""
    if isinstance(block, Paragraph):
        return ("paragraph", *((line.value, line.line) for line in block.lines))
    if isinstance(block, Fence):
        return (f"fence {block.language}", block.line, *((line.value, line.line) for line in block.lines))
    if isinstance(block, List):
        return ("list", *((item.text.value, item.text.line, item.depth, item.ordered) for item in block.items))
    return ("table", *(tuple((cell.value, cell.line) for cell in row) for row in (block.header, *block.rows)))


def shapes(text: str) -> list[tuple[object, ...]]:
    """The blocks of a document that has no headings."""
    sections = read(text)
    assert [section.level for section in sections] == [0]
    return [shape(block) for block in sections[0].blocks]


def titles(text: str) -> list[tuple[int, str, int]]:
    return [(section.level, section.title.value, section.title.line) for section in read(text)]


def facts_of(block: Block) -> Iterator[Fact[str]]:
    if isinstance(block, List):
        yield from (item.text for item in block.items)
    elif isinstance(block, Table):
        yield from (cell for row in (block.header, *block.rows) for cell in row)
    else:
        yield from block.lines


# --- sections ----------------------------------------------------------------------------------


def test_sections_are_flat_and_keep_their_levels():
    text = "before\n\n# One\n\n### Three\ntext\n## Two\n"
    assert titles(text) == [(0, "", 1), (1, "One", 3), (3, "Three", 5), (2, "Two", 7)]
    assert [[shape(b) for b in s.blocks] for s in read(text)] == [
        [("paragraph", ("before", 1))],
        [],
        [("paragraph", ("text", 6))],
        [],
    ]


def test_a_document_that_begins_with_a_heading_has_no_section_before_it():
    assert titles("# One\n") == [(1, "One", 1)]
    assert read("") == ()
    assert read("\n\n---\n\n") == ()


def test_headings_with_closing_marks_markup_and_no_text():
    text = "## Title ##\n# **Bold** `code` #1\n#\n###### Six\n####### Seven\n#Not\n"
    assert titles(text) == [(2, "Title", 1), (1, "**Bold** `code` #1", 2), (1, "", 3), (6, "Six", 4)]
    assert [shape(block) for block in read(text)[-1].blocks] == [
        ("paragraph", ("####### Seven", 5), ("#Not", 6)),
    ]


def test_underlined_headings():
    assert titles("Title\n=====\n\ntext\n\nOther\n---\n") == [(1, "Title", 1), (2, "Other", 6)]


@pytest.mark.parametrize("text", ["**Status**: done\n---\n", "one\ntwo\n---\n", "**ID**: 1\n**Points**: 2\n===\n"])
def test_a_rule_right_below_text_does_not_make_a_heading_of_it(text: str):
    expected = [(line, number) for number, line in enumerate(text.split("\n")[:-2], start=1)]
    assert shapes(text) == [("paragraph", *expected)]


def test_headings_inside_code_and_comments_are_none():
    text = "```\n# One\n```\n\n~~~\n## Two\n~~~\n\n<!--\n# Three\n-->\n\n    # Four\n"
    assert shapes(text) == [
        ("fence ", 1, ("# One", 2)),
        ("fence ", 5, ("## Two", 6)),
        ("paragraph", ("<!--", 9), ("# Three", 10), ("-->", 11)),
        ("fence ", 13, ("# Four", 13)),
    ]


def test_front_matter_is_text_and_never_a_heading():
    assert shapes("---\ntitle: x\n---\n") == [("paragraph", ("---", 1), ("title: x", 2), ("---", 3))]
    assert titles("---\ntitle: x\n# comment\n---\n# Title\n") == [(0, "", 1), (1, "Title", 5)]


def test_a_rule_at_the_top_is_no_front_matter():
    assert titles("---\n\n# Title\n\n**Status**: x\n\n---\n") == [(1, "Title", 3)]


# --- blocks ------------------------------------------------------------------------------------


def test_paragraphs_keep_every_line():
    assert shapes("**ID**: 1\n  **Points**: 2  \nx\n\ny\n") == [
        ("paragraph", ("**ID**: 1", 1), ("**Points**: 2", 2), ("x", 3)),
        ("paragraph", ("y", 5)),
    ]


def test_quoted_lines_are_paragraphs():
    assert shapes("> **Version**: 1.0.0\n> **Status**: x\n\n> > deep\n> lazy\nlazier\n") == [
        ("paragraph", ("**Version**: 1.0.0", 1), ("**Status**: x", 2)),
        ("paragraph", ("deep", 4), ("lazy", 5), ("lazier", 6)),
    ]


def test_quoted_lists_tables_and_code():
    assert shapes("> - one\n> - two\n>\n> | a |\n> |---|\n> | b |\n>\n> ```sh\n> ls\n> ```\n") == [
        ("list", ("one", 1, 0, False), ("two", 2, 0, False)),
        ("table", (("a", 4),), (("b", 6),)),
        ("fence sh", 8, ("ls", 9)),
    ]


def test_nested_lists_are_flattened_in_order():
    assert shapes("- one\n  - two\n    1. three\n       more\n  - four\n- five\n") == [
        (
            "list",
            ("one", 1, 0, False),
            ("two", 2, 1, False),
            ("three more", 3, 2, True),
            ("four", 5, 1, False),
            ("five", 6, 0, False),
        )
    ]


def test_lists_with_tabs_blank_lines_and_empty_items():
    assert shapes("-\tone\n\n-\ttwo\n\n\tmore\n-\n- three\n\t- four\n") == [
        ("list", ("one", 1, 0, False), ("two more", 3, 0, False), ("three", 7, 0, False), ("four", 8, 1, False))
    ]


def test_items_keep_their_boxes_and_numbers_are_no_text():
    assert shapes("3) [ ] one\n4) [x] two\n") == [("list", ("[ ] one", 1, 0, True), ("[x] two", 2, 0, True))]


def test_other_markers_begin_another_list():
    assert [kind for kind, *_ in shapes("- one\n* two\n+ three\n1. four\n1) five\n")] == ["list"] * 5


def test_tables_and_code_in_lists_follow_the_list():
    text = "- one\n\n  | a | b |\n  |---|---|\n  | c | d |\n\n- two\n  ```sh\n  ls\n    -l\n  ```\n- three\n"
    assert shapes(text) == [
        ("list", ("one", 1, 0, False), ("two", 7, 0, False), ("three", 12, 0, False)),
        ("table", (("a", 3), ("b", 3)), (("c", 5), ("d", 5))),
        ("fence sh", 8, ("ls", 9), ("  -l", 10)),
    ]


def test_headings_and_quotes_in_lists_are_the_items_text():
    assert shapes("- # one\n- > two\n  > more\n") == [("list", ("one", 1, 0, False), ("two more", 2, 0, False))]


def test_a_label_below_a_list_for_want_of_a_blank_line_is_no_items_text():
    assert shapes("- one\n  more\n**Status**: x\n| a | b |\n") == [
        ("list", ("one more", 1, 0, False)),
        ("paragraph", ("**Status**: x", 3), ("| a | b |", 4)),
    ]


def test_a_list_of_code_alone_has_no_items():
    assert shapes("- ```\n  ls\n  ```\n") == [("fence ", 1, ("ls", 2))]


def test_tables_are_padded_to_the_header_and_keep_escaped_pipes():
    text = "| a | b \\| c |\n|:--|--:|\n| d |\n| e | `x \\| y` | f |\n"
    assert shapes(text) == [
        ("table", (("a", 1), ("b | c", 1)), (("d", 3), ("", 3)), (("e", 4), ("`x | y`", 4))),
    ]


def test_a_table_needs_its_second_line():
    assert shapes("| a | b |\n| c | d |\n") == [("paragraph", ("| a | b |", 1), ("| c | d |", 2))]


def test_a_table_ends_at_a_blank_line_or_another_block():
    text = "a | b\n-|-\nc | d\n- one\n\n| a |\n|-|\n\n| b |\n"
    assert shapes(text) == [
        ("table", (("a", 1), ("b", 1)), (("c", 3), ("d", 3))),
        ("list", ("one", 4, 0, False)),
        ("table", (("a", 6),)),
        ("paragraph", ("| b |", 9)),
    ]


def test_columns_are_found_by_plain_lower_case_names():
    (table,) = read("| **Wave** | `Points` |\n|---|---|\n")[0].tables
    assert table.column("phase", "wave") == 0
    assert table.column("points") == 1
    assert table.column("Points") is None


def test_an_unclosed_fence_runs_to_the_end():
    assert shapes("```sh\nls\n\n# no heading\n") == [("fence sh", 1, ("ls", 2), ("", 3), ("# no heading", 4))]


def test_a_fence_closes_only_with_as_many_marks_of_its_own():
    assert shapes("````\n```\n~~~~\n````\n~~~ python title\n```\n~~~\n") == [
        ("fence ", 1, ("```", 2), ("~~~~", 3)),
        ("fence python", 5, ("```", 6)),
    ]


def test_an_empty_fence_has_no_lines():
    (fence,) = read("```\n```\n")[0].fences
    assert (fence.lines, fence.line) == ((), 1)


def test_indented_code_keeps_blank_lines_and_inner_indentation():
    assert shapes("text\n\n    one\n\n      two\n") == [
        ("paragraph", ("text", 1)),
        ("fence ", 3, ("one", 3), ("", 4), ("  two", 5)),
    ]


def test_html_is_text():
    assert shapes("<div>\ntext\n</div>\n\n<!-- one\n\n two -->\nafter\n") == [
        ("paragraph", ("<div>", 1), ("text", 2), ("</div>", 3)),
        ("paragraph", ("<!-- one", 5), ("two -->", 7)),
        ("paragraph", ("after", 8)),
    ]


def test_link_definitions_are_text():
    assert shapes("[a]: /url\n\n[b]: /other 'title'\n") == [
        ("paragraph", ("[a]: /url", 1)),
        ("paragraph", ("[b]: /other 'title'", 3)),
    ]


@pytest.mark.parametrize("odd", ["\x0b", "\x0c", "\u00a0", "\u2028", "\u2003\t", "\x85"])
def test_lines_of_odd_spaces_are_blank_and_move_nothing(odd: str):
    assert shapes(f"{odd}\none\n{odd}\ntwo\n") == [("paragraph", ("one", 2)), ("paragraph", ("two", 4))]


def test_separators_inside_a_line_are_no_newlines():
    assert shapes("one\u2028two\x0cthree\x1dfour\nfive\n") == [
        ("paragraph", ("one\u2028two\x0cthree\x1dfour", 1), ("five", 2))
    ]


def test_nul_becomes_a_mark_that_can_be_seen():
    assert shapes("a\0b\n\nc\n") == [("paragraph", ("a\ufffdb", 1)), ("paragraph", ("c", 3))]


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_a_file_with_other_newlines_reads_the_same(tmp_path: Path, newline: str):
    text = "# Title\n\n- one\n- two\n\n| a |\n|---|\n| b |\n\n```\nls\n```\n"
    (tmp_path / FILE).write_bytes(text.replace("\n", newline).encode())
    source, _ = read_source(tmp_path, FILE)
    assert source is not None
    assert read_sections(source) == read(text)


def test_blocks_by_kind():
    section = read("one\n\n- two\n\n```\n```\n\n| a |\n|---|\n\nthree\n")[0]
    assert [block.lines[0].value for block in section.paragraphs] == ["one", "three"]
    assert [block.items[0].text.value for block in section.lists] == ["two"]
    assert [block.line for block in section.fences] == [5]
    assert [block.line for block in section.tables] == [8]
    assert [block.line for block in section.blocks] == [1, 3, 5, 8, 11]


# --- inline ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**Bold** and *soft* and _soft_", "Bold and soft and soft"),
        ("`code` in [a link](https://x.y/z_1)", "code in a link"),
        ("snake_case and 2 * 3", "snake_case and 2 * 3"),
        ("![image](a.png) __strong__ ", "image strong"),
        ("**23**", "23"),
        ("", ""),
        ("*" * 5000 + "[" * 5000, "[" * 5000),
    ],
)
def test_plain_text_has_no_markup(text: str, expected: str):
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[ ] open", (False, "open")),
        ("[x] done ", (True, "done")),
        ("[X]   done", (True, "done")),
        ("[] none", None),
        ("[x]none", None),
        ("text [x] later", None),
    ],
)
def test_tick_boxes(text: str, expected: tuple[bool, str] | None):
    fact = Fact(text, FILE, 7)
    assert tick(fact) == (expected and (expected[0], fact.with_value(expected[1])))


# --- properties --------------------------------------------------------------------------------

WORD = re.compile(r"w[0-9]+")


def check_places(text: str, sections: tuple[Section, ...]) -> None:
    """Sections in order; blocks inside their section; each fact's first word on its own line."""
    raw = text.replace("\0", "\ufffd").split("\n")
    starts = [section.title.line for section in sections]
    assert starts == sorted(starts)
    assert len(set(starts)) == len(starts)
    ends = [*starts[1:], len(raw) + 1]
    for section, end in zip(sections, ends, strict=False):
        assert 0 <= section.level <= 6
        for block in section.blocks:
            assert section.title.line <= block.line < end
            for fact in facts_of(block):
                assert fact.file == FILE
                assert section.title.line <= fact.line < end
                assert all(word in raw[fact.line - 1].replace("\\|", "|") for word in fact.value.split()[:1])
        assert section.title.value in raw[section.title.line - 1]


@settings(max_examples=1000)
@given(documents())
@example("- w0\n  - w1\n\n        w3\n")
def test_every_place_is_right_and_no_word_is_lost(text: str):
    sections = read(text)
    check_places(text, sections)
    found = {section.title.value for section in sections} | {
        fact.value for section in sections for block in section.blocks for fact in facts_of(block)
    }
    info_strings = " ".join(re.findall(r"(?:`{3,}|~{3,})[^\n]*", text))
    surplus_cells = " ".join(re.findall(r"\|[^\n]*", text))
    lost = set(WORD.findall(text)) - set(WORD.findall(" ".join(found)))
    assert lost <= set(WORD.findall(info_strings + surplus_cells))


@settings(max_examples=400)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=200))
def test_any_text_can_be_read(text: str):
    check_places(text, read(text))


@pytest.mark.parametrize("name", MARKDOWN)
def test_every_place_in_the_real_documents(real_folder: Path, name: str):
    source, _ = read_source(real_folder, name)
    assert source is not None
    sections = read_sections(Source(FILE, source.text, ""))
    check_places(source.text, sections)
    headings = [line for line in source.text.split("\n") if re.match(r"#{1,6} ", line)]
    code = {line.value for section in sections for fence in section.fences for line in fence.lines}
    assert [s.title.value for s in sections if s.level] == [h.lstrip("# ") for h in headings if h not in code]


@pytest.mark.parametrize("line", ["[" * 20_000, "*" * 20_000, "- " * 20_000, "> " * 20_000, "|" * 20_000])
def test_a_giant_line_is_read(line: str):
    sections = read(f"# One\n\n{line}\n|---|\n\n# Two\n")
    assert [section.title.value for section in sections] == ["One", "Two"]
