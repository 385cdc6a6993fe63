"""What is wrong with a coverage report is said, with its line, and takes nothing unknown for a line that ran."""

from __future__ import annotations

import json

import pytest

from radeng_assets.evidence.formats.coverage.formats import read_coverage
from radeng_assets.evidence.formats.coverage.lines import Count, overall
from radeng_assets_tests.evidence.formats.goldens import golden


def faults(data: bytes) -> tuple[Count | None, list[tuple[str, int | None]]]:
    report, findings = read_coverage(data, "report")
    assert all(place.file == "report" for finding in findings for place in finding.at)
    return overall(report) if report else None, [(f.rule, f.at[0].line) for f in findings]


def lcov(*lines: str) -> bytes:
    return "\n".join(lines).encode()


@pytest.mark.parametrize(
    ("data", "count", "expected"),
    [
        (lcov("SF:a", "DA:1,1", "DA:2,0", "LF:2", "LH:2", "end_of_record"), (1, 2), [("coverage-total-differs", 6)]),
        (lcov("SF:a", "DA:1,1", "LF:3", "LH:1", "end_of_record"), (1, 1), [("coverage-total-differs", 5)]),
        (lcov("SF:a", "DA:1,1", "DA:2,-3", "end_of_record"), (1, 2), [("coverage-hits", 3)]),
        (lcov("SF:a", "DA:1,1", "DA:2,many", "end_of_record"), (1, 2), [("coverage-hits", 3)]),
        (lcov("SF:a", "DA:0,1", "DA:2,1,md5", "end_of_record"), (1, 1), [("coverage-line-number", 2)]),
        (lcov("TN:", "SF:a", "DA:1,1"), (1, 1), [("coverage-cut", 2)]),
        (lcov("SF:a", "DA:1,1", "SF:b", "DA:1,0", "end_of_record"), (1, 2), [("coverage-cut", 1)]),
        (lcov("TN:", "DA:1,1", "SF:a", "DA:1,1", "end_of_record"), (1, 1), [("coverage-record", 2)]),
        (
            lcov("SF:a", "DA:1,1", "?", "LH:x", "end_of_record"),
            (1, 1),
            [("coverage-record", 3), ("coverage-record", 4)],
        ),
        (lcov("SF:a", "end_of_record"), None, [("coverage-empty", 1)]),
        (b"SF:a\r\nDA:1,1\r\nend_of_record\r\n", (1, 1), []),
        (b"# a comment\n\nSF:a\nDA:1,0\nDA:1,2\nend_of_record\n", (1, 1), []),
        (b"TN:\nSF:a\nDA:1,1\nend_of_record\nSF:a\nDA:1,0\nDA:2,0\nLF:2\nLH:0\nend_of_record\n", (1, 2), []),
        (b"SF:\xff\n", None, [("report-not-utf8", 1)]),
    ],
)
def test_lcov(data: bytes, count: tuple[int, int] | None, expected: list[tuple[str, int | None]]) -> None:
    assert faults(data) == (Count(covered=count[0], total=count[1]) if count else None, expected)


COBERTURA = b"""<coverage lines-valid="2" lines-covered="1">
<sources><source>/w</source><source> </source></sources>
<class filename="a.py"><methods><method><lines><line number="1" hits="1"/></lines></method></methods>
<lines><line number="1" hits="1"/>
<line number="2" hits="0"/></lines></class></coverage>"""


@pytest.mark.parametrize(
    ("old", "new", "count", "expected"),
    [
        (b"", b"", (1, 2), []),
        (b'lines-covered="1"', b'lines-covered="2"', (1, 2), [("coverage-total-differs", 1)]),
        (b'lines-valid="2" lines-covered="1"', b'line-rate="0.5"', (1, 2), []),
        (b'lines-valid="2" lines-covered="1"', b'line-rate="0.9"', (1, 2), [("coverage-total-differs", 1)]),
        (b'lines-valid="2" lines-covered="1"', b'line-rate="nan"', (1, 2), [("coverage-total-differs", 1)]),
        (b'hits="0"', b"", (1, 2), [("coverage-hits", 5)]),
        (b'filename="a.py"', b'name="A"', None, [("coverage-file-name", 3), ("coverage-empty", 1)]),
        (
            b'<line number="2"',
            b'<line number="two"',
            (1, 1),
            [("coverage-line-number", 5), ("coverage-total-differs", 1)],
        ),
        (b"</coverage>", b"", None, [("report-not-xml", 5)]),
        (b"<coverage ", b'<!DOCTYPE coverage [<!ENTITY a "b">]>\n<coverage ', None, [("report-not-xml", 1)]),
        (b"<coverage ", b'<coverage xmlns="urn:x" ', (1, 2), []),
    ],
)
def test_cobertura(
    old: bytes, new: bytes, count: tuple[int, int] | None, expected: list[tuple[str, int | None]]
) -> None:
    expected_count = Count(covered=count[0], total=count[1]) if count else None
    assert faults(COBERTURA.replace(old, new, 1)) == (expected_count, expected)


def test_cobertura_keeps_every_source() -> None:
    report, _ = read_coverage(COBERTURA.replace(b"<source> </source>", b"<source>/v</source>"), "r")
    assert report is not None
    assert report.roots == ("/w", "/v")


def test_coverage_py_totals_are_recounted() -> None:
    document = json.loads(golden("coverage_py.json"))
    document["files"]["shop/price.py"]["missing_lines"] = []
    count, found = faults(json.dumps(document, indent=1).encode())
    assert count == Count(covered=16, total=17)
    assert [rule for rule, _ in found] == ["coverage-total-differs"] * 2


def test_a_wrong_type_in_json_has_its_line() -> None:
    text = golden("coverage_py.json").decode().replace("                6,\n", '                "six",\n', 1)
    line = text[: text.index('"six"')].count("\n") + 1
    _, found = faults(text.encode())
    assert ("report-value", line) in found
    assert ("coverage-total-differs", None) in found


def test_istanbul_takes_the_most_run_statement_of_a_line() -> None:
    statements = {"0": {"start": {"line": 3}}, "1": {"start": {"line": 3}}, "2": {"start": {"line": 4}}}
    file = {"path": "/w/a.js", "statementMap": statements, "s": {"0": 0, "1": 5}}
    report, findings = read_coverage(json.dumps({"/w/a.js": file}).encode(), "report")
    assert report is not None
    assert report.files[0].hits == {3: 5, 4: 0}
    assert [f.rule for f in findings] == ["coverage-hits"]


def test_jacoco_counters_are_recounted() -> None:
    data = golden("jacoco.xml").replace(b'nr="8" mi="5" ci="0"', b'nr="8" mi="0" ci="5"')
    count, found = faults(data)
    assert count == Count(covered=7, total=8)
    assert found == [("coverage-total-differs", 1), ("coverage-total-differs", 1)]


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b"null", b"hello", b"<html/>", b"<coverage><project/></coverage>", b"\xff\xfe<\0c\0"]
)
def test_what_is_no_coverage_report_is_unknown(data: bytes) -> None:
    assert faults(data) == (None, [("coverage-format-unknown", 1)])


def test_a_hostile_report_does_not_fill_the_memory_with_findings() -> None:
    count, found = faults(lcov("SF:a", *(f"DA:{n},x" for n in range(1, 5001)), "end_of_record"))
    assert count == Count(covered=0, total=5000)
    assert len(found) == 101
