from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radeng_assets.planning.findings import Finding
from radeng_assets.planning.source import Source, read_source
from radeng_assets.planning.yaml_compose import MAX_DEPTH
from radeng_assets.planning.yaml_nodes import (
    Entry,
    Mapping,
    Node,
    Scalar,
    Sequence,
    is_null,
    lines_of,
)
from radeng_assets.planning.yaml_tree import merge, read_mappings, read_stream
from radeng_assets_tests.planning.mutations import JUNK, Edit, damage, edits, slips

FILES = ("COMPREHENSIVE-GAP-ANALYSIS.yaml", "EXECUTION-PLAN.yaml")


def stream(text: str) -> tuple[tuple[Node, ...], tuple[Finding, ...]]:
    return read_stream(Source("plan.yaml", text, ""))


def document(text: str) -> tuple[Node, tuple[Finding, ...]]:
    documents, findings = stream(text)
    assert len(documents) == 1
    return documents[0], findings


def plain(node: Node) -> object:
    """The bare values of a tree."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        items = [plain(item) for item in node.items]
        strays = {entry.key.text: plain(entry.value) for entry in node.strays}
        return [*items, strays] if strays else items
    return {entry.key.text: plain(entry.value) for entry in node.entries}


def nodes(node: Node) -> Iterator[Node]:
    yield node
    entries: tuple[Entry, ...] = ()
    if isinstance(node, Sequence):
        entries = node.strays
        for item in node.items:
            yield from nodes(item)
    elif isinstance(node, Mapping):
        entries = node.entries
    for entry in entries:
        yield entry.key
        yield from nodes(entry.value)


def lines(finding: Finding) -> list[int | None]:
    return [place.line for place in finding.at]


def test_every_node_carries_its_line_and_texts_stay_as_written():
    node, findings = document('# c\na: 0.80\nb:\n  - "x"\n  - |\n    y\n    z\nc: {d: no}\n')

    assert findings == ()
    assert isinstance(node, Mapping)
    assert [(entry.key.text, entry.key.line) for entry in node.entries] == [
        ("a", 2),
        ("b", 3),
        ("c", 8),
    ]
    a, b, c = (entry.value for entry in node.entries)
    assert a == Scalar("0.80", 2, plain=True)
    assert b == Sequence((Scalar("x", 4, plain=False), Scalar("y\nz\n", 5, plain=False)), 4)
    assert plain(c) == {"d": "no"}
    assert node.get("c") == node.entries[2]
    assert node.get("d") is None
    assert lines_of(node) == "lines 2-8"
    assert lines_of(a) == "line 2"


@pytest.mark.parametrize("text", ["~", "null", "", "# only a comment"])
def test_nulls(text: str):
    node, _ = document(f"a: {text}")
    assert isinstance(node, Mapping)
    assert is_null(node.entries[0].value)
    assert stream(text) == ((), ())


def test_a_quoted_null_is_a_text():
    node, _ = document('a: "null"')
    assert isinstance(node, Mapping)
    assert not is_null(node.entries[0].value)


@pytest.mark.parametrize(
    ("text", "expected", "first_lines"),
    [
        ("---\na: 1\n---\nb: 2\n", [{"a": "1"}, {"b": "2"}], [2, 4]),
        ("a: 1\n...\nb: 2\n", [{"a": "1"}, {"b": "2"}], [1, 3]),
        (
            "%YAML 1.2\n# c\n---\na: 1\n...\n%YAML 1.2\n---\nb: 2\n",
            [{"a": "1"}, {"b": "2"}],
            [4, 8],
        ),
        ("--- # c\n\n---\n\n...\n--- [x]\n", [["x"]], [6]),
        ("a: |\n  ---\n  b\n---x: 1\n", [{"a": "---\nb\n", "---x": "1"}], [1]),
    ],
)
def test_a_stream_is_cut_at_its_markers(text: str, expected: list[object], first_lines: list[int]):
    documents, findings = stream(text)
    assert findings == ()
    assert [plain(node) for node in documents] == expected
    assert [node.line for node in documents] == first_lines


def test_a_duplicate_key_cites_both_lines_and_the_first_stays():
    node, (finding,) = document("a: 1\nb: 2\na: 3\n")
    assert plain(node) == {"a": "1", "b": "2"}
    assert (finding.rule, finding.severity, finding.subject) == (
        "yaml-duplicate-key",
        "error",
        "a",
    )
    assert lines(finding) == [1, 3]


def test_an_alias_is_not_expanded():
    node, (finding,) = document("a: &x [1, 2]\nb: *x\n")
    assert plain(node) == {"a": ["1", "2"], "b": ""}
    assert (finding.rule, finding.subject, lines(finding)) == ("yaml-alias", "x", [2])


def test_a_billion_laughs_cost_next_to_nothing():
    rows = ["a0: &a0 [lol]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    node, findings = document("\n".join(rows))
    assert len(list(nodes(node))) < 300
    assert {finding.rule for finding in findings} == {"yaml-alias"}


def test_a_tag_is_ignored_not_acted_on():
    node, (finding,) = document('a: !!python/object/apply:os.system ["exit 3"]\nb: ! "c"\n')
    assert plain(node) == {"a": ["exit 3"], "b": "c"}
    assert (finding.rule, finding.severity, lines(finding)) == ("yaml-tag", "warning", [1])


def test_a_value_below_its_anchor_or_tag_has_its_own_line():
    node, _ = document("a: &e\n\n  'x'\nb: !!str # why\n  y\nc: [&f\n !s\n z]\n")
    assert [
        (scalar.text, scalar.line) for scalar in nodes(node) if isinstance(scalar, Scalar) and scalar.text in "xyz"
    ] == [
        ("x", 3),
        ("y", 5),
        ("z", 8),
    ]


def test_a_key_that_is_no_text_is_reported():
    node, (finding,) = document("a: 1\n? [b, c]\n: 2\n")
    assert plain(node) == {"a": "1"}
    assert (finding.rule, lines(finding)) == ("yaml-complex-key", [2])


@pytest.mark.parametrize("opening", ["[", "- ", "{a: ", "? "])
def test_what_nests_too_deep_is_left_out_and_said(opening: str):
    closing = {"[": "]", "{a: ": "}"}.get(opening, "")
    deep = opening * (MAX_DEPTH + 5) + closing * (MAX_DEPTH + 5)
    documents, findings = stream(f"a: 1\n---\n{deep}\n---\nb: 2\n")
    assert [plain(node) for node in documents][::2] == [{"a": "1"}, {"b": "2"}]
    assert [(f.rule, lines(f)) for f in findings if f.rule != "yaml-complex-key"] == [("yaml-too-deep", [3])]


@pytest.mark.parametrize("opening", ["[", "- ", "{a: ", "? "])
def test_hopeless_nesting_is_given_up_before_it_costs_quadratic_time(opening: str):
    documents, (finding,) = stream(f"a: 1\n---\n{opening * 300_000}\n---\nb: 2\n")
    assert [plain(node) for node in documents] == [{"a": "1"}, {"b": "2"}]
    assert finding.rule == "yaml-broken"
    assert "Lost: line 3." in finding.message


def test_a_flood_of_one_finding_is_counted_not_listed():
    _, findings = document(f"a: [{'*x, ' * 5000}]\nb: [{'!t y, ' * 7}]")
    assert sum(finding.rule == "yaml-alias" for finding in findings) == 101
    assert sum(finding.rule == "yaml-tag" for finding in findings) == 7
    assert findings[-1].message.startswith("4,900 more findings")


def test_a_flow_list_of_100_000_items_is_read():
    node, findings = document(f"a: [{'x, ' * 100_000}]")
    assert findings == ()
    assert len(list(nodes(node))) == 100_003


def test_a_nul_is_a_missing_value():
    node, (finding,) = document('a: "x\\0y"\nb: 1\n')
    assert plain(node) == {"a": "", "b": "1"}
    assert (finding.rule, lines(finding)) == ("yaml-nul", [1])


@pytest.mark.parametrize("strange", ["\r", "\x85", "\u2028", "\u2029", "\ud800"])
def test_strange_line_breaks_do_not_move_lines(strange: str):
    node, findings = document(f"a: x{strange}y\nb: '{strange}{strange}z'\n# {strange} c\nc: 1\n")
    assert findings == ()
    assert plain(node) == {"a": "x y", "b": "  z", "c": "1"}
    assert isinstance(node, Mapping)
    assert [entry.key.line for entry in node.entries] == [1, 2, 4]


def test_a_byte_order_mark_is_no_text():
    assert plain(document("\ufeffa: 1\n")[0]) == {"a": "1"}


# --- salvage ------------------------------------------------------------------------------------


def test_keys_among_list_items_are_kept_as_strays():
    node, (finding,) = document("x: 1\nwave:\n  - A\n  - B\n  parallel: true\ny: 2\n")
    assert plain(node) == {"x": "1", "wave": ["A", "B", {"parallel": "true"}], "y": "2"}
    assert finding.rule == "yaml-broken"
    assert lines(finding) == [5, 3]
    assert "every line of it could still be read" in finding.message


@pytest.mark.parametrize(
    ("broken", "expected", "lost"),
    [
        ('a: "open\nb: 2\n', {"b": "2"}, "line 1"),
        ("a: [1, 2\nb: 2\n", {"b": "2"}, "line 1"),
        ("a: [\n  1,\n  2\nb: 2\n", {"b": "2"}, "lines 1-3"),
        ("a: 1\nb: 2\n\tc: 3\nd: 4\n", {"a": "1", "b": "2", "d": "4"}, "line 3"),
        ("\tc: 3\nd: 4\n", {"d": "4"}, "line 1"),
        ("a: 1\n\tb: 2\n\n \tc: 3\n", {"a": "1"}, "lines 2-4"),
        ("a: x\n  b: y\nc: 1\n", {"a": "x", "c": "1"}, "line 2"),
        ("a: |\n  b\x07\nc: 1\n", {"c": "1"}, "lines 1-2"),
        ("a:\n    b: 1\n  c: 2\nd: 3\n", {"a": {"b": "1", "c": "2"}, "d": "3"}, None),
        ('l:\n  - id: A\n    t: "x\n  - id: B\n', {"l": [{"id": "A"}, {"id": "B"}]}, "line 3"),
        ("'k':\n  - a\n  b: 1\n", {"k": ["a", {"b": "1"}]}, None),
        ("a: 1\n]\nb: 2\n@\nc: 3\n", {"a": "1", "b": "2", "c": "3"}, "line 2, line 4"),
        ("\t\n\t\t\n%a\n---\na: 1\n\tb\n", {"a": "1"}, "line 6"),
    ],
)
def test_what_parses_alone_is_kept_and_the_rest_is_named(broken: str, expected: object, lost: str | None):
    documents, findings = stream(broken)
    assert [plain(node) for node in documents][-1:] == [expected]
    said = "every line of it could still be read" if lost is None else f"Lost: {lost}."
    assert findings[-1].rule == "yaml-broken"
    assert said in findings[-1].message


def test_a_document_that_is_lost_whole_costs_the_others_nothing():
    documents, (finding,) = stream('a: 1\n---\n"x\n---\nb: 2\n')
    assert [plain(node) for node in documents] == [{"a": "1"}, {"b": "2"}]
    assert "Lost: line 3." in finding.message


def test_a_control_character_is_found_on_its_line():
    _, (finding,) = stream("é: é\nb: ü\nc: \x07\nd: 1\n")
    assert lines(finding) == [3]
    assert "control characters are not allowed" in finding.message


def test_a_key_that_stands_twice_in_a_broken_document_is_a_duplicate():
    node, findings = document('a: 1\nb: "\na: 2\n')
    assert plain(node) == {"a": "1"}
    assert [finding.rule for finding in findings] == ["yaml-duplicate-key", "yaml-broken"]
    assert lines(findings[0]) == [1, 3]


def test_many_losses_are_counted():
    _, (finding,) = stream("".join(f"k{n}: 1\n]\n" for n in range(500)))
    assert "line 2, line 4, " in finding.message
    assert "and 480 more places up to line 1000." in finding.message


# --- streams as mappings ------------------------------------------------------------------------


def test_documents_that_are_no_mappings_are_reported():
    mappings, findings = read_mappings(Source("f", "a: 1\n---\n- x\n---\ny\n---\n- z\nb: 2\n", ""))
    assert [plain(node) for node in mappings] == [{"a": "1"}, {"b": "2"}]
    assert [(finding.rule, lines(finding)) for finding in findings] == [
        ("yaml-broken", [8, 7]),
        ("wrong-kind", [3]),
        ("wrong-kind", [5]),
        ("wrong-kind", [7]),
    ]


def test_lists_under_one_key_are_joined_and_other_values_are_duplicates():
    mappings, _ = read_mappings(Source("f", "a: [1]\nb: x\n---\na: [2]\nb: y\n---\nb: z\n", ""))
    findings: list[Finding] = []
    merged = merge(mappings, "f", findings)
    assert plain(merged) == {"a": ["1", "2"], "b": "x"}
    assert [(finding.rule, lines(finding)) for finding in findings] == [("yaml-duplicate-key", [2, 5, 7])]
    assert merge((), "f", findings) == Mapping((), 1)


# --- properties ---------------------------------------------------------------------------------


def check_tree(text: str) -> None:
    """Reads without raising; lines are in the file and those of plain scalars are right."""
    rows = text.split("\n")
    documents, findings = stream(text)
    for node in (inner for one in documents for inner in nodes(one)):
        assert 1 <= node.line <= len(rows)
        if isinstance(node, Scalar) and node.plain and node.text.split():
            assert node.text.split()[0] in rows[node.line - 1]
    for place in (place for finding in findings for place in finding.at):
        assert place.line is not None
        assert 1 <= place.line <= len(rows)


FRAGMENTS = (*JUNK, "a", "b: 1", "key:", "  ", "    ", "- x", "\n", "\n  ", '"q"', "# c", "1, ")


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(), st.lists(st.sampled_from(FRAGMENTS), max_size=30).map("".join)))
def test_any_text_is_read_with_right_lines(text: str):
    check_tree(text)


@settings(max_examples=300, deadline=None)
@given(damages=edits(), file=st.sampled_from(FILES))
def test_a_damaged_document_is_read_with_right_lines(real_folder: Path, damages: list[Edit], file: str):
    source, _ = read_source(real_folder, file)
    assert source is not None
    check_tree(damage(source.text, damages))


@settings(max_examples=150, deadline=None)
@given(damages=slips(), file=st.sampled_from(FILES))
def test_a_top_level_key_is_never_lost_in_silence(real_folder: Path, damages: list[Edit], file: str):
    """A key still written at the beginning of a line is in the tree, or there is a finding."""
    source, _ = read_source(real_folder, file)
    assert source is not None
    text = damage(source.text, damages)
    before, _ = read_stream(source)
    after, findings = stream(text)
    new = [finding for finding in findings if finding.rule != "yaml-broken" or "Lost" in finding.message]
    kept = {e.key.text for node in after if isinstance(node, Mapping) for e in node.entries}
    kept |= {e.key.text for node in after if isinstance(node, Sequence) for e in node.strays}
    written = {row.split(":")[0] for row in text.split("\n") if ":" in row}
    for key in {e.key.text for node in before if isinstance(node, Mapping) for e in node.entries}:
        assert key in kept or key not in written or new
