"""What there is to cover: the product's code by our own inventory, and coverage counted over all of it.

A tool's report says what the tool looked at. A line on which a statement begins and that no report lists counts as not
run, whether its file was left out, it stands under ``# pragma: no cover``, or a setting excludes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from radeng_assets.evidence.formats.coverage.lines import CoverageReport, FileLines
from radeng_assets.execution.globs import covered
from radeng_assets.execution.inspection.kinds import is_settings, is_test
from radeng_assets.execution.measuring.sources import SourceFile, Sources, is_code
from radeng_assets.planning.findings import Finding, Severity
from radeng_assets.planning.located import Place
from radeng_assets.readiness.reports.assessment import Issue, issue_digest
from radeng_assets.readiness.reports.terms import CoverageTerms

THIN = 10
"""Where no grammar tells what runs, a report that lists fewer than one of so many lines of code says nothing about a
file: all its code then counts as not run. Ours; of JaCoCo's golden report it is one line of two."""

_NO_TERMS = CoverageTerms()

_SHOWN = 10
"""Most files that a finding names."""


def is_product(path: str, terms: CoverageTerms) -> bool:
    """Whether a file must be covered by tests: code, by the policy's globs, and neither a test nor configuration."""
    if not is_code(path) or is_test(path) or is_settings(path) or covered(path, terms.omits):
        return False
    return not terms.sources or covered(path, terms.sources)


@dataclass(frozen=True, slots=True)
class Product:
    """The product's files by the inventory, and what reports list of them (matched to the repository, merged).

    ``left_out`` is code, no test and no configuration, that the policy's globs take out.
    """

    files: dict[str, SourceFile]
    listed: CoverageReport
    left_out: tuple[str, ...]

    @classmethod
    def of(cls, sources: Sources, listed: CoverageReport, terms: CoverageTerms) -> Product:
        """The product of an inventory. Reported files that are not of it (tests, above all) are left out."""
        files = {path: file for path, file in sources.files.items() if is_product(path, terms)}
        every = [path for path in sources.files if is_product(path, _NO_TERMS)]
        reported = tuple(file for file in listed.files if file.path in files)
        left_out = tuple(sorted(path for path in every if path not in files))
        return cls(files, listed.model_copy(update={"files": reported}), left_out)

    @property
    def reported(self) -> frozenset[str]:
        """The files of which a report lists any line."""
        return frozenset(file.path for file in self.listed.files if file.hits)

    def counted(self) -> CoverageReport:
        """Every file of the product, with lines that no report lists as not run."""
        known = {file.path: file for file in self.listed.files}
        files = tuple(
            _counted(known.get(path) or FileLines(path=path, hits={}), self.files[path]) for path in sorted(self.files)
        )
        return self.listed.model_copy(update={"files": files})

    def beyond(self) -> tuple[str, ...]:
        """Files of which lines are listed that they do not have: the report is of another text.

        One more than there are is let pass: some tools count what stands behind the last line break.
        """
        return tuple(f.path for f in self.listed.files if f.hits and max(f.hits) > self.files[f.path].lines + 1)

    def findings(self, counted: CoverageReport) -> Iterator[Finding]:
        """What a person should know about what was left out, by reports and by the policy."""
        known = {file.path: file.hits for file in self.listed.files}
        by_path = {file.path: file for file in counted.files}
        lacking = {
            path: len([line for line in file.hits if line not in known.get(path, {})]) for path, file in by_path.items()
        }
        unreported = [path for path in lacking if path not in self.reported and lacking[path]]
        partly = [path for path in lacking if path in self.reported and lacking[path]]
        marked = [path for path, file in sorted(self.files.items()) if file.marks and file.certain]
        if unreported:
            count = sum(lacking[path] for path in unreported)
            yield _finding("coverage-unreported", "warning", unreported, f"no report lists; {count} lines not run")
        if partly:
            count = sum(lacking[path] for path in partly)
            yield _finding("coverage-unlisted", "warning", partly, f"reports list in part; {count} more lines not run")
        if self.left_out:
            yield _finding("coverage-left-out", "info", list(self.left_out), "need not be covered, by readiness.yaml")
        if marked:
            yield _finding("coverage-marked", "info", marked, "ask coverage tools to look away; their lines count")

    def issues(self) -> Iterator[Issue]:
        """Code that asks tools to look away in a language of which nobody here knows what that hides."""
        for path, file in sorted(self.files.items()):
            if file.marks and not file.certain:
                yield Issue(
                    rule="coverage-marked",
                    subject=path,
                    grade="medium",
                    message=f"{path} asks coverage tools to look away: {file.marks[0][:80]}",
                    digest=issue_digest("coverage-marked", path, "\n".join(sorted(file.marks))),
                )


def _counted(listed: FileLines, file: SourceFile) -> FileLines:
    hits = {line: hit for line, hit in listed.hits.items() if line <= file.lines}
    if file.certain or len(hits) * THIN < len(file.runs):
        hits |= {line: 0 for line in file.runs if line not in hits}
    return FileLines(path=listed.path, hits=dict(sorted(hits.items())))


def _finding(rule: str, severity: Severity, paths: list[str], what: str) -> Finding:
    more = f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
    return Finding(
        rule=rule,
        severity=severity,
        subject=paths[0],
        message=f"{len(paths)} files of code {what}: {', '.join(paths[:_SHOWN])}{more}.",
        at=tuple(Place(path) for path in paths[:_SHOWN]),
        fix="Let the coverage tool measure them, or name them in readiness.yaml (reports: coverage: omits).",
    )
