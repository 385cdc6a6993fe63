"""Reports that the real tools wrote, against what the tools themselves said (``golden/tools.txt``)."""

from __future__ import annotations

import json
import re

import pytest

from radeng_assets.evidence.formats.coverage.formats import all_formats
from radeng_assets.evidence.formats.coverage.lines import Count, overall, without
from radeng_assets.evidence.formats.coverage.repository import match_tree
from radeng_assets_tests.evidence.formats.goldens import FOLDER, TREE, coverage, golden, junit

GOLDENS = {
    "coverage_py.json": "coverage.py",
    "coverage_py.contexts.json": "coverage.py",
    "coverage_py.lcov": "lcov",
    "coverage_py.cobertura.xml": "cobertura",
    "coverage_py.sources.cobertura.xml": "cobertura",
    "nyc.istanbul.json": "istanbul",
    "nyc.lcov": "lcov",
    "c8.istanbul.json": "istanbul",
    "c8.lcov": "lcov",
    "jacoco.xml": "jacoco",
}

SAID = (FOLDER / "tools.txt").read_text(encoding="utf-8")


def said(tool: str) -> Count:
    """The total of lines as the tool printed it."""
    if tool == "jacoco":
        missed, covered = re.findall(rb'<counter type="LINE" missed="(\d+)" covered="(\d+)"/>', golden("jacoco.xml"))[
            -1
        ]
        return Count(covered=int(covered), total=int(covered) + int(missed))
    if tool == "coverage_py":
        statements, missed = map(int, re.findall(r"TOTAL +(\d+) +(\d+)", SAID)[0])
        return Count(covered=statements - missed, total=statements)
    summary = SAID.partition(f"== {tool} ")[2].partition("\n")[2].partition("\n\n")[0]
    lines = json.loads(summary)["total"]["lines"]
    return Count(covered=lines["covered"], total=lines["total"])


@pytest.mark.parametrize("name", GOLDENS)
def test_counts_are_those_that_the_tool_printed(name: str) -> None:
    assert overall(coverage(name)) == said(name.partition(".")[0])


def test_counts_counted_by_hand() -> None:
    assert overall(coverage("coverage_py.json")) == Count(covered=16, total=19)
    assert overall(coverage("nyc.istanbul.json")) == Count(covered=5, total=9)
    assert overall(coverage("c8.istanbul.json")) == Count(covered=12, total=19)
    assert overall(coverage("jacoco.xml")) == Count(covered=6, total=8)


@pytest.mark.parametrize(("name", "expected"), GOLDENS.items())
def test_exactly_one_format_recognises_each(name: str, expected: str) -> None:
    assert [one.name for one in all_formats() if one.recognises(golden(name))] == [expected]


def test_every_format_has_a_golden_file() -> None:
    assert {one.name for one in all_formats()} == set(GOLDENS.values())


@pytest.mark.parametrize(
    "same",
    [
        ("coverage_py.json", "coverage_py.contexts.json", "coverage_py.lcov", "coverage_py.cobertura.xml"),
        ("coverage_py.json", "coverage_py.sources.cobertura.xml"),
        ("nyc.istanbul.json", "nyc.lcov"),
        ("c8.istanbul.json", "c8.lcov"),
    ],
)
def test_formats_of_one_run_agree_line_by_line(same: tuple[str, ...]) -> None:
    models: list[dict[str, dict[int, int]]] = []
    for name in same:
        report, findings = match_tree(coverage(name), TREE, name)
        assert report is not None
        assert findings == ()
        models.append({file.path: file.hits for file in report.files if file.hits})
    assert all(model == models[0] for model in models)
    assert models[0].keys() < set(TREE)


def test_java_lies_below_its_source_root() -> None:
    report, findings = match_tree(coverage("jacoco.xml"), TREE, "jacoco.xml")
    assert report is not None
    assert findings == ()
    assert [file.path for file in report.files] == ["src/main/java/com/example/stock/Shelf.java"]


def test_what_only_an_expected_failure_ran_does_not_count() -> None:
    report, not_passed = coverage("coverage_py.contexts.json"), junit("pytest.junit.xml").not_passed
    shown = without(report, not_passed)
    assert overall(shown) == Count(covered=15, total=19)
    before, after = ({f.path: f.hits for f in r.files}["shop/price.py"] for r in (report, shown))
    assert {line for line in before if before[line] != after[line]} == {15}


def test_a_statement_over_several_lines_has_the_tests_of_all() -> None:
    price = next(f for f in coverage("coverage_py.contexts.json").files if f.path == "shop/price.py")
    assert set(price.contexts) == {5, 7, 10, 14, 15, 16}
    assert len(price.contexts[7]) == 4
