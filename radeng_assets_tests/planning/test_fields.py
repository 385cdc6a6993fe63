from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.planning.fields import Fields, missing_section, texts_of
from radeng_assets.planning.findings import Finding
from radeng_assets.planning.located import Fact, values
from radeng_assets.planning.source import Source
from radeng_assets.planning.yaml_nodes import Entry, Mapping, Scalar
from radeng_assets.planning.yaml_tree import read_stream

FILE = "plan.yaml"


def fields(text: str, findings: list[Finding]) -> Fields:
    (document,), _ = read_stream(Source(FILE, text, ""))
    assert isinstance(document, Mapping)
    return Fields(document, FILE, "it", findings)


def said(findings: list[Finding]) -> list[tuple[str, str, list[int | None]]]:
    return [(f.rule, f.subject, [place.line for place in f.at]) for f in findings]


def test_each_kind_of_value_is_taken_with_its_line():
    findings: list[Finding] = []
    one = fields(
        't: " x "\ni: -3\nl: 8 story points\nn: 0.80\nf: true\nq: "7"\nm: {a: 1}\nts: [a, b]\nalone: c\n',
        findings,
    )
    assert one.text("t") == Fact("x", FILE, 1)
    assert one.integer("i") == Fact(-3, FILE, 2)
    assert one.leading_integer("l") == Fact(8, FILE, 3)
    assert one.number("n") == Fact(0.8, FILE, 4)
    assert one.flag("f") == Fact(True, FILE, 5)
    assert one.integer("q") == Fact(7, FILE, 6)
    inner = one.mapping("m")
    assert inner is not None
    assert inner.text("a") == Fact("1", FILE, 7)
    assert one.texts("ts") == (Fact("a", FILE, 8), Fact("b", FILE, 8))
    assert one.texts("alone") == (Fact("c", FILE, 9),)
    one.leftovers()
    assert findings == []


def test_what_is_missing_or_null_is_none_without_a_finding():
    findings: list[Finding] = []
    one = fields("a: ~\nb:\n", findings)
    for key in ("a", "b", "c"):
        assert one.entry(key) is None
        assert one.text(key) is None
        assert one.integer(key) is None
        assert one.flag(key) is None
        assert one.mapping(key) is None
        assert one.pairs(key) is None
        assert one.texts(key) == ()
        assert one.sequence(key) == ()
        assert list(one.mappings(key, "x")) == []
    one.leftovers()
    assert findings == []


@pytest.mark.parametrize(
    ("take", "text"),
    [
        *(("integer", bad) for bad in ("x", "1.0", "8 points", "1e3", "9" * 19, "٣", "0x1f")),
        *(("leading_integer", bad) for bad in ("x8", "8.5 points", "9" * 19)),
        *(("number", bad) for bad in ("x", "80%", "1e999", "nan", ".inf", "1_0")),
        *(("flag", bad) for bad in ("yes", "on", "1", "TRUe")),
    ],
)
def test_a_value_of_another_type_is_reported_where_it_stands(take: str, text: str):
    findings: list[Finding] = []
    one = fields(f"a: 1\nk: {text}\n", findings)
    assert getattr(one, take)("k") is None
    assert said(findings) == [("wrong-value", "it", [2])]
    assert findings[0].severity == "error"


@pytest.mark.parametrize("take", ["text", "integer", "leading_integer", "number", "flag"])
@pytest.mark.parametrize("text", ["[1]", "{a: 1}"])
def test_a_collection_where_one_value_belongs_is_reported(take: str, text: str):
    findings: list[Finding] = []
    assert getattr(fields(f"k: {text}\n", findings), take)("k") is None
    assert said(findings) == [("wrong-kind", "it", [1])]


@pytest.mark.parametrize(("take", "text"), [("mapping", "x"), ("sequence", "x"), ("pairs", "x")])
def test_one_value_where_a_collection_belongs_is_reported(take: str, text: str):
    findings: list[Finding] = []
    assert not getattr(fields(f"k: {text}\n", findings), take)("k")
    assert said(findings) == [("wrong-kind", "it", [1])]


@pytest.mark.parametrize("text", ["a: 1", "id: ~", "id: ' '"])
def test_a_required_text_that_is_missing_is_an_error_naming_the_lines(text: str):
    findings: list[Finding] = []
    assert fields(f"{text}\nz: 1\n", findings).required_text("id") is None
    assert said(findings) == [("missing-key", "it", [1])]
    assert "(lines 1-2) has no 'id'" in findings[0].message


def test_wrong_items_of_a_list_are_one_finding_and_the_others_are_kept():
    findings: list[Finding] = []
    one = fields("k:\n  - a\n  -\n  - {b: 1}\n  - [c]\n  - ''\n  - d\n", findings)
    assert values(one.texts("k")) == ("a", "d")
    assert said(findings) == [("wrong-kind", "it: k", [3, 4, 5, 6])]
    assert "4 items" in findings[0].message


def test_a_mapping_where_texts_belong_is_reported():
    findings: list[Finding] = []
    assert fields("k: {a: 1}\n", findings).texts("k") == ()
    assert said(findings) == [("wrong-kind", "it: k", [1])]


@pytest.mark.parametrize("take", ["texts", "sequence", "pairs"])
def test_a_key_among_list_items_is_an_unread_key_or_taken(take: str):
    findings: list[Finding] = []
    one = fields("k:\n  - a: 1\n  b: 2\n", findings)
    taken = getattr(one, take)("k")
    if isinstance(taken, Fields):
        assert (taken.text("a"), taken.text("b")) == (Fact("1", FILE, 2), Fact("2", FILE, 3))
        taken.leftovers()
        assert findings == []
    else:
        strays = [finding for finding in findings if finding.rule == "unread-key"]
        assert said(strays) == [("unread-key", "b", [3])]
        assert strays[0].severity == "warning"


def test_pairs_reads_a_list_of_mappings_as_one():
    findings: list[Finding] = []
    pairs = fields("k:\n  - a: 1\n  - b: 2\n    c: 3\n  - x\n  - a: 4\n", findings).pairs("k")
    assert pairs is not None
    assert [pairs.integer(key) for key in "abc"] == [
        Fact(1, FILE, 2),
        Fact(2, FILE, 3),
        Fact(3, FILE, 4),
    ]
    pairs.leftovers()
    assert said(findings) == [
        ("wrong-kind", "it: k", [5]),
        ("yaml-duplicate-key", "a", [2, 6]),
    ]


def test_mappings_of_a_list_and_what_is_none():
    findings: list[Finding] = []
    one = fields("k:\n  - {id: a}\n  - b\n  - {id: c}\n", findings)
    assert [item.required_text("id") for item in one.mappings("k", "an item")] == [
        Fact("a", FILE, 2),
        Fact("c", FILE, 4),
    ]
    assert said(findings) == [("wrong-kind", "it: k", [3])]


def test_leftovers_name_each_unread_key_up_to_a_limit():
    findings: list[Finding] = []
    one = fields("".join(f"k{n}: 1\n" for n in range(150)), findings)
    assert one.integer("k0") is not None
    one.leftovers()
    assert [finding.rule for finding in findings] == ["unread-key"] * 101
    assert said(findings)[0] == ("unread-key", "k1", [2])
    assert "49 more keys" in findings[-1].message


def test_rest_gives_what_was_not_taken_once():
    one = fields("a: 1\nb: 2\nc: 3\n", [])
    one.text("b")
    assert [entry.key.text for entry in one.rest()] == ["a", "c"]
    assert list(one.rest()) == []


def test_subjects_stay_short():
    findings: list[Finding] = []
    fields("a: 1\n", findings).about("x" * 100_000).leftovers()
    texts_of(Mapping((), 1), FILE, "y" * 100_000, findings)
    assert all(len(finding.message) < 500 and len(finding.subject) <= 200 for finding in findings)
    assert len(findings) == 2


def test_a_missing_section_is_about_the_whole_file():
    finding = missing_section(FILE, "waves", "error", "there is nothing to run")
    assert finding.at[0].line is None
    assert (finding.rule, finding.subject, finding.severity) == (
        "missing-section",
        "waves",
        "error",
    )


@given(st.text(st.characters(exclude_characters="\0", codec="utf-8")))
def test_any_text_is_a_number_or_a_finding(text: str):
    node = Mapping((Entry(Scalar("k", 1, plain=True), Scalar(text, 1, plain=False)),), 1)
    for take in ("integer", "leading_integer", "number", "flag"):
        findings: list[Finding] = []
        fact = getattr(Fields(node, FILE, "it", findings), take)("k")
        assert (fact is None) == bool(findings)
