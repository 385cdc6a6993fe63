from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radeng_assets.planning.documents.common import Header
from radeng_assets.planning.located import Fact, values
from radeng_assets.planning.markdown_tree import Fence, List, Paragraph, Section, read_sections
from radeng_assets.planning.readers.markdown_facts import (
    MAX_IDS,
    claim,
    label_names,
    labels,
    percent,
    read_header,
    read_ids,
    split_label,
    swallows,
    unquoted,
    whole_number,
)
from radeng_assets.planning.source import Source


def fact(text: str) -> Fact[str]:
    return Fact(text, "PLAN.md", 7)


def sections(text: str) -> tuple[Section, ...]:
    return read_sections(Source("PLAN.md", text, ""))


def only(text: str) -> Section:
    (section,) = sections(text)
    return section


@pytest.mark.parametrize(
    ("text", "fraction"),
    [
        ("65%", 0.65),
        (">= 80%", 0.8),
        ("80%+ of lines", 0.8),
        ("12.5 %", 0.125),
        ("100% of 20%", 1.0),
        ("0%", 0.0),
        ("eighty percent", None),
        ("80", None),
        ("-5%", None),
        ("v80%", None),
        ("20-30%", None),
        ("1234567%", None),
        ("٨٠%", None),
    ],
)
def test_percent(text: str, fraction: float | None) -> None:
    assert percent(text) == fraction


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("20", 20),
        ("8 story points", 8),
        ("5.", 5),
        ("0", 0),
        ("8-12 weeks", None),
        ("8.5", None),
        ("8x", None),
        ("1,000", None),
        ("x 8", None),
        ("", None),
        ("٣", None),
        ("9" * 12, None),
    ],
)
def test_whole_number(text: str, number: int | None) -> None:
    assert whole_number(text) == number


def r(first: int, last: int) -> list[str]:
    return [f"R-{number:03d}" for number in range(first, last + 1)]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("R-001", r(1, 1)),
        ("R-016, R-018", ["R-016", "R-018"]),
        ("R-014-R-023", r(14, 23)),
        ("R-001 through R-020", r(1, 20)),
        ("**5 critical risks** (R-001 to R-005)", r(1, 5)),
        ("R-001 \u2013 R-003", r(1, 3)),
        ("R-001…R-003", r(1, 3)),
        ("R-001-005", r(1, 5)),
        ("R-001-2024", ["R-001"]),
        ("R-001 - 12 things", ["R-001"]),
        ("R-002, R-001 to R-003", ["R-002", "R-001", "R-003"]),
        ("W1-S1 to W1-S3", ["W1-S1", "W1-S2", "W1-S3"]),
        ("UI-INT-009, SDK-012", ["UI-INT-009", "SDK-012"]),
        ("GAP-ANALYSIS.yaml (PROD-001)", ["PROD-001"]),
        ("W2-S1 (parallel with W2-S2)", ["W2-S1", "W2-S2"]),
        ("xR-001 R-0O1 r-001 R-001x -", []),
    ],
)
def test_ids_with_ranges_spelled_out(text: str, ids: list[str]) -> None:
    found = read_ids(fact(text)).found
    assert [name.value for name in found] == ids
    assert all(name.line == 7 for name in found)


@pytest.mark.parametrize("text", ["R-009 to R-001", "R-001-R-999999", "R-001 to SDK-005"])
def test_a_range_that_cannot_be_spelled_out_keeps_its_ends(text: str) -> None:
    ids = read_ids(fact(text))
    assert ids.broken == (text,)
    assert len(ids.found) == 2


def test_a_text_names_no_more_ids_than_the_limit() -> None:
    ids = read_ids(fact("A-1 to A-900, B-1 to B-900"))
    assert len(ids.found) == 902 < MAX_IDS
    assert ids.broken == ("B-1 to B-900",)


@given(st.from_regex(r"[A-Z]{1,8}-", fullmatch=True), st.integers(0, 500), st.integers(0, 400))
@settings(max_examples=100, deadline=None)
def test_a_range_is_spelled_out_from_end_to_end(stem: str, first: int, more: int) -> None:
    ids = read_ids(fact(f"see {stem}{first:03d} through {stem}{first + more:03d}."))
    assert [name.value for name in ids.found] == [f"{stem}{n:03d}" for n in range(first, first + more + 1)]
    assert not ids.broken
    assert ids.rest.split() == ["see", "."]


@given(st.text(alphabet=st.sampled_from("R-0189 to,through\u2013SDK\n*("), max_size=200))
@settings(max_examples=100, deadline=None)
def test_ids_come_out_of_any_text(text: str) -> None:
    ids = read_ids(fact(text))
    assert len(set(ids.found)) == len(ids.found)
    assert all(part in text for part in ids.broken)


def test_labels_say_where_their_text_begins_and_what_follows() -> None:
    section = only(
        "## R-001\n**Owner**: me\n**Status:**  open |\nbut late\n\n"
        "**Mitigation**:\n- a\n\n**Empty**:\n\n**Cause**:\nbecause\n"
    )
    owner, status, mitigation, empty, cause = labels(section)
    assert (owner.name, owner.value, owner.body) == ("owner", Fact("me", "PLAN.md", 2), None)
    assert (status.value.value, [line.line for line in status.lines]) == ("open but late", [3, 4])
    assert isinstance(mitigation.body, List)
    assert mitigation.value.value == ""
    assert (empty.value.value, empty.body) == ("", None)
    assert cause.value == Fact("because", "PLAN.md", 12)


def test_labels_side_by_side_and_in_lists() -> None:
    found = labels(only("**Probability**: HIGH | **Impact**: LOW\n\n- x\n\ny\n\n- **Owner**: me\n- z\n"))
    assert [(label.name, label.value.value) for label in found] == [
        ("probability", "HIGH"),
        ("impact", "LOW"),
        ("owner", "me"),
    ]


def test_a_list_under_a_label_holds_no_labels_of_its_own() -> None:
    found = labels(only("**Mitigation**:\n1. **Owner**: tell them\n"))
    assert [label.name for label in found] == ["mitigation"]


def test_a_torn_table_row_does_not_continue_a_label() -> None:
    (label,) = labels(only("**File**: `a.ts`\n| Test Case | x |\n"))
    assert label.value.value == "`a.ts`"


def test_label_names_fold_case_and_blanks() -> None:
    assert label_names(fact("**Key \u00a0 FINDINGS**: x")) == ("key findings",)
    assert label_names(fact("Key Findings: x")) == ()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Unit Test Coverage: >= 80%", ("Unit Test Coverage", ">= 80%")),
        ("**High Risks**: Weekly review", ("High Risks", "Weekly review")),
        ("**High Risks:** Weekly review", ("High Risks", "Weekly review")),
        ("Scope:", ("Scope", "")),
        ("http://x.y", None),
        ("no label", None),
        (": x", None),
    ],
)
def test_split_label(text: str, parts: tuple[str, str] | None) -> None:
    found = split_label(fact(text))
    assert (found and values(found)) == parts


@pytest.mark.parametrize(
    ("text", "label", "count"),
    [
        ("**47 total gaps** identified across 7 categories", "total gaps", 47),
        ("5 critical risks (R-001 to R-005)", "critical risks", 5),
        ("**17 medium/low gaps**", "medium/low gaps", 17),
        ("Critical Risks: 5", "Critical Risks", 5),
        ("**Critical**: **5** risks", "Critical", 5),
        ("Testing & Verification (4 gaps)", "Testing & Verification", 4),
        ("`security/` (4)", "security/", 4),
    ],
)
def test_claim(text: str, label: str, count: int) -> None:
    found = claim(fact(text))
    assert found is not None
    assert (found.label, found.count) == (fact(label), Fact(count, "PLAN.md", 7))


@pytest.mark.parametrize("text", ["**8-12 weeks** estimated", "Critical Risks: five", "soon (R-001)", "", "(4)"])
def test_no_claim(text: str) -> None:
    assert claim(fact(text)) is None


def test_header_head_notes_and_footer() -> None:
    header, lines = read_header(
        sections(
            "# Plan\n\n> **Version**: 1.0\n> **Author**: me\n> **Status**: DRAFT\n\n## R-001\n\n**Owner**: them\n\n"
            "**Status**: open\n\n---\n**Document Version**: 2.0\n**Owner**: us\n"
        )
    )
    assert header.version == Fact("2.0", "PLAN.md", 14)
    assert header.status == Fact("DRAFT", "PLAN.md", 5)
    assert header.owner == Fact("us", "PLAN.md", 15)
    assert [(note.label.value, note.value.value) for note in header.notes] == [("author", "me")]
    assert lines == {3, 4, 5, 14, 15}


def test_a_header_said_twice_in_one_place_stays_unread() -> None:
    header, lines = read_header(sections("> **Version**: 1\n> **Version**: 2\n"))
    assert header.version == Fact("1", "PLAN.md", 1)
    assert lines == {1}


def test_no_header() -> None:
    assert read_header(sections("# Plan\n\ntext **Version**: 1\n\n## R-001\n\n**Owner**: me\n")) == (
        Header(),
        frozenset(),
    )


@pytest.mark.parametrize(
    ("code", "lost"),
    [("x = 1\n| a | b |", False), ("|---|:-:|", True), ("  ```yaml", True), ("'```',", False)],
)
def test_a_code_block_that_swallowed_others(code: str, lost: bool) -> None:
    (fence,) = only(f"````ts\n{code}\n````\n").blocks
    assert isinstance(fence, Fence)
    assert swallows(fence) is lost


def test_unquoted_keeps_globs() -> None:
    assert unquoted(" `test/*_x/*.ts` ") == "test/*_x/*.ts"


@given(st.text(max_size=300))
@settings(max_examples=100, deadline=None)
def test_lines_of_any_text_have_any_facts(text: str) -> None:
    for section in sections(text.replace("\r", "\n")):
        for label in labels(section):
            assert label.lines
            assert label.name
        for paragraph in section.blocks:
            if isinstance(paragraph, Paragraph):
                for line in paragraph.lines:
                    claim(line)
                    split_label(line)
                    percent(line.value)
