"""The neutral line model: which lines of which files ran, counted in whole numbers.

Merging takes the *larger* number of hits of a line. So it is associative, commutative and idempotent as
``states.combine`` is: the same run reported twice counts once, and no line counts that no report showed. (Adding hits
up would tell how often a line ran, which nothing here asks.)
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction

from pydantic import Field

from radeng_assets.evidence.formats.case_names import of_context
from radeng_assets.planning.rules.paths import is_glob
from radeng_assets.planning.rules.paths import meet as matches
from radeng_assets.record import Record


class Count(Record):
    """Lines that ran, of lines that can run."""

    covered: int = 0
    total: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(covered=self.covered + other.covered, total=self.total + other.total)

    def meets(self, threshold: Fraction) -> bool:
        """Whether the share is at least ``threshold`` (0 to 1), unrounded. No lines show nothing: never."""
        return self.total > 0 and self.covered >= threshold * self.total


class FileLines(Record):
    """One file: line (from 1) → how often it ran.

    ``contexts`` holds, for lines that ran, the tests that ran them (``""``: code outside of tests, as imports);
    a line that is not in it ran, for all the report says, outside of tests. A format that counts no hits writes 1.
    """

    path: str
    hits: dict[int, int]
    contexts: dict[int, tuple[str, ...]] = Field(default_factory=dict[int, tuple[str, ...]])

    def count(self) -> Count:
        """Lines that ran, of all."""
        return Count(covered=sum(hit > 0 for hit in self.hits.values()), total=len(self.hits))

    def merged(self, other: FileLines) -> FileLines:
        """Both together, under this one's path: the larger number of hits, the tests of both."""
        hits = {line: max(self.hits.get(line, 0), other.hits.get(line, 0)) for line in self.hits | other.hits}
        contexts = {
            line: tuple(sorted({*self._tests(line), *other._tests(line)})) for line in self.contexts | other.contexts
        }
        return FileLines(path=self.path, hits=dict(sorted(hits.items())), contexts=dict(sorted(contexts.items())))

    def counting(self, ignored: Collection[str]) -> FileLines:
        """The same lines, where those that only tests of ``ignored`` ran count as not run."""
        lost = {line for line, tests in self.contexts.items() if all(of_context(test) in ignored for test in tests)}
        hits = {line: 0 if line in lost else hit for line, hit in self.hits.items()}
        return self.model_copy(
            update={"hits": hits, "contexts": {line: t for line, t in self.contexts.items() if line not in lost}}
        )

    def _tests(self, line: int) -> tuple[str, ...]:
        """The tests that ran a line: of one that ran and names none, the code outside of tests."""
        return self.contexts.get(line, ("",) if self.hits.get(line) else ())


class CoverageReport(Record):
    """What one or several reports say: files by path, each once.

    ``roots`` are the folders that the report gives for its relative paths (Cobertura's ``<source>``), all of them.
    """

    formats: tuple[str, ...]
    files: tuple[FileLines, ...]
    roots: tuple[str, ...] = ()


def one_each(files: Iterable[FileLines]) -> tuple[FileLines, ...]:
    """Files by path, those of one path merged."""
    by_path: dict[str, FileLines] = {}
    for file in files:
        known = by_path.get(file.path)
        by_path[file.path] = known.merged(file) if known else file
    return tuple(by_path[path] for path in sorted(by_path))


def merge(reports: Iterable[CoverageReport]) -> CoverageReport:
    """Several reports as one. Match each to the repository first: a path means nothing outside its own report."""
    many = list(reports)
    return CoverageReport(
        formats=tuple(sorted({name for report in many for name in report.formats})),
        files=one_each(file for report in many for file in report.files),
        roots=tuple(dict.fromkeys(root for report in many for root in report.roots)),
    )


def overall(report: CoverageReport) -> Count:
    """All lines of all files."""
    return sum((file.count() for file in report.files), Count())


def of_module(report: CoverageReport, module: str) -> Count:
    """The lines of a module: a file, a folder with all below it, or a glob, in which ``*`` crosses folders."""
    return sum((file.count() for file in report.files if _is_in(file.path, module)), Count())


class ChangedCount(Record):
    """Coverage of changed lines. ``unreported`` are changed files of which the report knows nothing."""

    count: Count
    unreported: tuple[str, ...] = ()


def of_changed(report: CoverageReport, changed: Mapping[str, Collection[int]]) -> ChangedCount:
    """Of the changed lines (path → lines from 1), those that can run and those that ran.

    Comments and blank lines are in no report and do not count. A file that the report does not know may be no
    code, or may never have been measured: the caller decides, and not by leaving it out.
    """
    by_path = {file.path: file.hits for file in report.files}
    known = [
        by_path[path][line]
        for path, lines in changed.items()
        if path in by_path
        for line in set(lines) & by_path[path].keys()
    ]
    return ChangedCount(
        count=Count(covered=sum(hit > 0 for hit in known), total=len(known)),
        unreported=tuple(sorted(path for path in changed if path not in by_path)),
    )


def without(report: CoverageReport, not_passed: Collection[str]) -> CoverageReport:
    """The report where lines that only tests of ``not_passed`` ran count as not run.

    ``not_passed`` are names as ``case_names.of_case`` writes them (``JUnitReport.not_passed``). Lines without
    contexts stay: there the report does not tell.
    """
    return report.model_copy(update={"files": tuple(file.counting(not_passed) for file in report.files)})


def _is_in(path: str, module: str) -> bool:
    if is_glob(module):
        return matches(path, module) or matches(path, module.replace("**/", ""))
    folder = module.removeprefix("./").rstrip("/")
    return folder in ("", ".", path) or path.startswith(f"{folder}/")
