"""Documents under the readers: nothing in them is executed, fetched or expanded, and what is refused has a line."""

from __future__ import annotations

import json
from copy import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.evidence.formats import text
from radeng_assets.evidence.formats.json_place import Places, Step
from radeng_assets.evidence.formats.json_tree import read_json
from radeng_assets.evidence.formats.notes import Notes
from radeng_assets.evidence.formats.numbers import MAX, natural
from radeng_assets.evidence.formats.xml_tree import MAX_DEPTH, read_xml
from radeng_assets_tests.evidence.formats.goldens import keys

LAUGHS = b"""<!DOCTYPE x [
<!ENTITY a "ha">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
]>
<testsuite>&b;</testsuite>"""


@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        (LAUGHS, 2, "entities"),
        (b'<!DOCTYPE x [\n<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>', 2, "entities"),
        (b'<!DOCTYPE x [\n\n<!ENTITY % e SYSTEM "http://127.0.0.1:1/e">%e;]><x/>', 3, "entities"),
        (b"<x>\n&nothing;</x>", 2, "well-formed"),
        (b"<a>" * 5000, 1, "levels"),
        (b"<a>\n" * (MAX_DEPTH + 1), MAX_DEPTH + 1, "levels"),
        (b"<x>\n<y>\n</x>", 3, "well-formed"),
        (b"", 1, "well-formed"),
        (b"<x>\n\xff</x>", 2, "well-formed"),
        (b'<?xml version="1.0" encoding="utf-7"?><x/>', 1, ""),
        (b'<?xml version="1.0" encoding="no-such"?><x/>', 1, ""),
        (b'<?xml version="1.0" encoding="utf-16"?><x/>', 1, ""),
        (b'<x a="\x00"/>', 1, "well-formed"),
    ],
)
def test_xml_that_is_not_safe_is_refused(data: bytes, line: int, reason: str) -> None:
    notes = Notes("x.xml")
    assert read_xml(data, notes) is None
    (finding,) = notes.findings()
    assert finding.rule == "report-not-xml"
    assert str(finding.at[0]) == f"x.xml:{line}"
    assert reason in finding.message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "utf-8-sig"])
def test_xml_may_be_in_an_encoding_that_it_names(encoding: str) -> None:
    notes = Notes("x.xml")
    named = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>\n<x>\n<y name="é"/></x>'
    root = read_xml(named.encode(encoding), notes)
    assert notes.findings() == ()
    assert root is not None
    assert root.line == 2
    assert [(child.get("name"), getattr(child, "line", 0)) for child in root] == [("é", 3)]


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b'{"a":\n1,}', 2),
        (b"", 1),
        (b'{"a": NaN}', None),
        (b'{"a": 1, "a": 2}', None),
        (b"[" * 100_000, None),
        (b"[" * 100_000 + b"]" * 100_000, None),
        (b"1" * 5000, None),
        (b'["\\ud800"]', None),
        (b'["\\\\\\udc00"]', None),
    ],
)
def test_json_that_cannot_be_kept_is_refused(data: bytes, line: int | None) -> None:
    notes = Notes("x.json")
    assert read_json(data, notes) is None
    (finding,) = notes.findings()
    assert (finding.rule, finding.at[0].line) == ("report-not-json", line)


@pytest.mark.parametrize("data", [b'["\\ud83d\\ude00"]', b'["\\\\ud800"]', b'\xef\xbb\xbf["a"]'])
def test_json_with_escapes_that_are_sound_is_read(data: bytes) -> None:
    notes = Notes("x.json")
    assert read_json(data, notes) is not None
    assert notes.findings() == ()


def test_a_report_over_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "MAX_BYTES", 10)
    for read in (read_json, read_xml):
        notes = Notes("x")
        assert read(b"[" + b" " * 10, notes) is None
        assert [finding.rule for finding in notes.findings()] == ["report-too-large"]


documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(documents, st.data())
def test_the_line_of_a_value_is_where_it_begins(document: Any, data: st.DataObject) -> None:
    steps: list[Step] = []
    value = document
    while (found := keys(value)) and data.draw(st.booleans()):
        steps.append(data.draw(st.sampled_from(found)))
        value = value[steps[-1]]
    written = json.dumps(_replace(document, steps, "here it is"), indent=1)
    expected = written[: written.rindex('"here it is"')].count("\n") + 1
    assert Places(written).line_of(tuple(steps)) == expected


def _replace(document: Any, steps: list[Step], value: object) -> object:
    if not steps:
        return value
    inside = copy(document)
    inside[steps[0]] = _replace(inside[steps[0]], steps[1:], value)
    return inside


@given(st.integers(0, MAX))
def test_a_natural_number_is_read_as_number_and_as_digits(number: int) -> None:
    assert natural(number) == natural(str(number)) == number


@pytest.mark.parametrize(
    "value", [-1, MAX + 1, True, 1.0, "1.0", "-1", "+1", "٣", "1e3", "", " 1", None, [], "9" * 400]
)
def test_anything_else_is_no_natural_number(value: object) -> None:
    assert natural(value) is None
