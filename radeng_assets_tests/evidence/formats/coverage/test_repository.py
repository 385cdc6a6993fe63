"""Which file of the repository a path of a report means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.evidence.formats.coverage.lines import CoverageReport, FileLines, overall
from radeng_assets.evidence.formats.coverage.repository import match_tree
from radeng_assets.planning.findings import Finding

TREE = (
    *("src/a.py", "src/sdk/a.py", "src/main/java/com/x/A.java", "setup.py"),
    *("one/src/same.ts", "two/src/same.ts", "one/lib.ts", "odd\\name.py"),
)


def report(*paths: str, roots: tuple[str, ...] = ()) -> CoverageReport:
    return CoverageReport(
        formats=("cobertura",), files=tuple(FileLines(path=path, hits={1: 1}) for path in paths), roots=roots
    )


def matched(*paths: str, roots: tuple[str, ...] = ()) -> tuple[list[str], tuple[Finding, ...]]:
    found, findings = match_tree(report(*paths, roots=roots), TREE, "r.xml")
    return [file.path for file in found.files] if found else [], findings


@pytest.mark.parametrize(
    ("path", "roots", "meant"),
    [
        ("src/a.py", (), "src/a.py"),
        ("./src/sdk/../a.py", (), "src/a.py"),
        ("/home/ci/work/tree/src/a.py", (), "src/a.py"),
        ("C:\\agent\\work\\src\\sdk\\a.py", (), "src/sdk/a.py"),
        ("src\\sdk\\a.py", (), "src/sdk/a.py"),
        ("file:///w/src/a.py", (), "src/a.py"),
        ("com/x/A.java", (), "src/main/java/com/x/A.java"),
        ("odd\\name.py", (), "odd\\name.py"),
        ("a.py", ("/w/src/sdk", "/w/lib"), "src/sdk/a.py"),
        ("a.py", ("/w/lib", "/w/src/sdk"), "src/sdk/a.py"),
        ("com/x/A.java", ("/b/src/main/java",), "src/main/java/com/x/A.java"),
        ("a.py", ("src",), "src/a.py"),
        ("src/a.py", (".",), "src/a.py"),
    ],
)
def test_a_path_means_one_file(path: str, roots: tuple[str, ...], meant: str) -> None:
    assert matched(path, roots=roots) == ([meant], ())


def test_a_path_that_may_be_several_files_is_none_of_them() -> None:
    paths, findings = matched("src/same.ts", "src/a.py")
    assert paths == ["src/a.py"]
    assert [(f.rule, f.severity) for f in findings] == [("coverage-path-ambiguous", "error")]
    paths, findings = matched("a.py", "lib.ts", roots=("/w/src", "/w/src/sdk", "/w/one"))
    assert paths == ["one/lib.ts"]
    assert [f.rule for f in findings] == ["coverage-path-ambiguous"]


def test_a_file_elsewhere_is_not_one_that_ends_alike() -> None:
    paths, findings = matched("/w/src/a.py", "/w/src/sdk/a.py", "/usr/lib/python3/setup.py")
    assert paths == ["src/a.py", "src/sdk/a.py"]
    assert [(f.rule, f.severity, f.subject) for f in findings] == [
        ("coverage-path-unknown", "warning", "/usr/lib/python3/setup.py")
    ]


def test_a_bare_name_is_not_looked_for_in_folders() -> None:
    assert matched("lib.ts", "setup.py")[0] == ["setup.py"]


def test_a_report_of_other_files_is_none_of_this_repository() -> None:
    found, findings = match_tree(report("app/x.py", "/w/app/y.py"), TREE, "r.xml")
    assert found is None
    assert findings[-1].rule == "coverage-other-files"
    assert findings[-1].severity == "error"
    assert all(place.file == "r.xml" for finding in findings for place in finding.at)


def test_a_known_file_without_lines_does_not_make_it_this_repository() -> None:
    empty = CoverageReport(formats=("lcov",), files=(FileLines(path="src/a.py", hits={}), *report("x.py").files))
    found, findings = match_tree(empty, TREE, "r.info")
    assert found is None
    assert findings[-1].rule == "coverage-other-files"


def test_two_names_of_one_file_are_one() -> None:
    found, _ = match_tree(report("src/a.py", "./src/a.py", "/w/src/a.py"), TREE, "r.xml")
    assert found is not None
    assert overall(found).total == 1


@given(st.lists(st.sampled_from(TREE[:6]), unique=True, min_size=1), st.sampled_from(("/w", "/a/b/c", "D:/x")))
def test_any_worktree_gives_the_same(paths: list[str], worktree: str) -> None:
    found, findings = matched(*(f"{worktree}/{path}" for path in paths))
    assert found == sorted(paths)
    assert findings == ()


@given(st.lists(st.text(min_size=1, max_size=12), min_size=1), st.lists(st.text(max_size=8)))
def test_any_text_is_a_path(paths: list[str], roots: list[str]) -> None:
    found, findings = match_tree(report(*paths, roots=tuple(roots)), TREE, "r.xml")
    assert found is not None or findings
