"""The line model: exact counts, and merging as a join."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from radeng_assets.evidence.formats.coverage.lines import (
    Count,
    CoverageReport,
    FileLines,
    merge,
    of_changed,
    of_module,
    overall,
    without,
)

PATHS = ("src/a.py", "src/sdk/b.py", "src/sdk/deep/c.py", "lib/a.py")
TESTS: tuple[str, ...] = ("", "m.t1", "m.t2", "m.t3")


@st.composite
def files(draw: st.DrawFn, path: str) -> FileLines:
    hits = draw(st.dictionaries(st.integers(1, 12), st.integers(0, 3), max_size=8))
    tests = st.lists(st.sampled_from(TESTS), min_size=1, unique=True).map(lambda names: tuple(sorted(names)))
    ran = sorted(line for line, hit in hits.items() if hit)
    told = draw(st.lists(st.sampled_from(ran), unique=True)) if ran else []
    contexts: dict[int, tuple[str, ...]] = {
        line: draw(tests.filter(lambda names: names != ("",))) for line in sorted(told)
    }
    return FileLines(path=path, hits=dict(sorted(hits.items())), contexts=contexts)


@st.composite
def reports(draw: st.DrawFn) -> CoverageReport:
    paths = draw(st.lists(st.sampled_from(PATHS), unique=True, min_size=1))
    formats = (draw(st.sampled_from(("lcov", "jacoco"))),)
    return CoverageReport(formats=formats, files=tuple(draw(files(path)) for path in sorted(paths)))


@settings(max_examples=30)
@given(reports(), reports(), reports())
def test_merging_is_a_join(a: CoverageReport, b: CoverageReport, c: CoverageReport) -> None:
    assert merge([a, merge([b, c])]) == merge([merge([a, b]), c])
    assert merge([a, b]) == merge([b, a])
    assert merge([a, a]) == a == merge([a])


@settings(max_examples=30)
@given(reports(), reports())
def test_merging_counts_no_line_that_no_report_showed(a: CoverageReport, b: CoverageReport) -> None:
    def ran(report: CoverageReport) -> set[tuple[str, int]]:
        return {(file.path, line) for file in report.files for line, hit in file.hits.items() if hit}

    def known(report: CoverageReport) -> set[tuple[str, int]]:
        return {(file.path, line) for file in report.files for line in file.hits}

    both = merge([a, b])
    assert ran(both) == ran(a) | ran(b)
    assert known(both) == known(a) | known(b)


@settings(max_examples=40)
@given(reports())
def test_modules_partition_the_whole(report: CoverageReport) -> None:
    assert of_module(report, "src") + of_module(report, "lib/") == overall(report) == of_module(report, ".")
    assert overall(report).covered <= overall(report).total


@settings(max_examples=40)
@given(reports(), st.frozensets(st.sampled_from(TESTS[1:])), st.frozensets(st.sampled_from(TESTS[1:])))
def test_fewer_tests_never_show_more(report: CoverageReport, some: frozenset[str], more: frozenset[str]) -> None:
    less, least = overall(without(report, some)), overall(without(report, some | more))
    assert least.covered <= less.covered <= overall(report).covered
    assert least.total == less.total == overall(report).total
    assert without(report, frozenset()) == report


@settings(max_examples=40)
@given(reports(), st.sets(st.integers(1, 12)))
def test_changed_lines_are_a_part_of_their_file(report: CoverageReport, changed: set[int]) -> None:
    first = report.files[0]
    found = of_changed(report, {first.path: changed, "README.md": {1}})
    assert found.unreported == ("README.md",)
    assert found.count.total == len(changed & first.hits.keys())
    assert of_changed(report, {first.path: set(range(1, 13))}).count == first.count()


def one(path: str, hits: dict[int, int], contexts: dict[int, tuple[str, ...]] | None = None) -> CoverageReport:
    return CoverageReport(formats=("lcov",), files=(FileLines(path=path, hits=hits, contexts=contexts or {}),))


def test_a_module_is_a_file_a_folder_or_a_glob() -> None:
    both = merge([one("src/sdk/a.ts", {1: 1}), one("src/sdk/deep/b.ts", {1: 0}), one("src/sdk2/c.ts", {1: 1})])
    assert of_module(both, "src/sdk/").total == of_module(both, "./src/sdk").total == 2
    assert of_module(both, "src/sdk/a.ts").total == 1
    assert of_module(both, "src/sdk/**/*.ts").total == 2
    assert of_module(both, "src/*/c.ts").total == 1
    assert of_module(both, "src/none") == Count()


def test_a_threshold_is_met_exactly_and_never_by_nothing() -> None:
    assert Count(covered=4, total=5).meets(Fraction(80, 100))
    assert not Count(covered=79_999, total=100_000).meets(Fraction(80, 100))
    assert not Count().meets(Fraction(0))


def test_a_report_without_contexts_keeps_a_line_that_another_gives_to_a_failing_test() -> None:
    told, untold = one("a.py", {1: 1}, {1: ("m.t1",)}), one("a.py", {1: 1})
    assert overall(without(told, {"m.t1"})).covered == 0
    assert overall(without(merge([told, untold]), {"m.t1"})).covered == 1
    assert overall(without(merge([told, one("a.py", {1: 0})]), {"m.t1"})).covered == 0
