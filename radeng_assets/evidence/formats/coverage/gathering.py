"""Collects what a format's reader finds, line by line, and sets the tool's own totals against the recount."""

from __future__ import annotations

from dataclasses import dataclass, field

from radeng_assets.evidence.formats.coverage.lines import Count, CoverageReport, FileLines, one_each, overall
from radeng_assets.evidence.formats.notes import Notes
from radeng_assets.evidence.formats.numbers import natural

_MEND = "Write the report again with the tool that made it, and do not edit it."


@dataclass(slots=True)
class Section:
    """A report's part about one file, while it is read."""

    path: str
    notes: Notes
    hits: dict[int, int] = field(default_factory=dict[int, int])
    contexts: dict[int, tuple[str, ...]] = field(default_factory=dict[int, tuple[str, ...]])

    def add(self, number: object, hits: object, line: int | None = None) -> None:
        """One line of the file. A line given twice keeps the larger number; hits that are no number count as 0."""
        at, ran = natural(number), natural(hits)
        if at is None or at == 0:
            message = f"{_shown(number)} is no line number; the line was not read."
            self.notes.error("coverage-line-number", self.path, message, _MEND, line)
            return
        if ran is None:
            message = f"Line {at} ran {_shown(hits)} times: no whole number; it counts as not run."
            self.notes.error("coverage-hits", self.path, message, _MEND, line)
        self.hits[at] = max(self.hits.get(at, 0), ran or 0)

    def lines(self) -> FileLines:
        """The model of it. Contexts that say no more than "outside of tests" are left out: that is what none means."""
        told = {line: tests for line, tests in sorted(self.contexts.items()) if self.hits.get(line) and tests != ("",)}
        return FileLines(path=self.path, hits=dict(sorted(self.hits.items())), contexts=told)


class Gathering:
    """All of one report, while it is read."""

    def __init__(self, name: str, notes: Notes) -> None:
        self._name = name
        self._notes = notes
        self._sections: list[Section] = []

    def section(self, path: str) -> Section:
        """Begin the part about a file. The same file may have several parts."""
        section = Section(path, self._notes)
        self._sections.append(section)
        return section

    def check(self, section: Section, covered: int | None, total: int | None, line: int | None = None) -> None:
        """Set a tool's counts for one part against the recount; ``None`` where it states none."""
        self._check(section.path, (section.lines().count(),), covered, total, line)

    def check_all(self, covered: int | None, total: int | None, line: int | None = None) -> None:
        """Set a tool's counts for everything against the recount, with parts of one file taken singly or as one."""
        singly = sum((section.lines().count() for section in self._sections), Count())
        self._check(self._notes.file, (self.count(), singly), covered, total, line)

    def count(self) -> Count:
        """The recount of everything so far."""
        return sum((file.count() for file in self._files()), Count())

    def report(self, roots: tuple[str, ...] = ()) -> CoverageReport | None:
        """The model; ``None`` and an error where no line of any file was measured."""
        report = CoverageReport(formats=(self._name,), files=self._files(), roots=tuple(dict.fromkeys(roots)))
        if overall(report).total:
            return report
        message = f"{self._notes.file} measures no line of any file."
        self._notes.error("coverage-empty", self._notes.file, message, "Run the tests under the coverage tool.", 1)
        return None

    def _files(self) -> tuple[FileLines, ...]:
        return one_each(section.lines() for section in self._sections)

    def _check(
        self, subject: str, counts: tuple[Count, ...], covered: int | None, total: int | None, line: int | None
    ) -> None:
        for what, said, counted in (
            ("lines that ran", covered, [count.covered for count in counts]),
            ("lines", total, [count.total for count in counts]),
        ):
            if said is not None and said not in counted:
                message = f"The report claims {said} {what}; it lists {counted[0]}. The listed lines count."
                self._notes.error("coverage-total-differs", subject, message, _MEND, line)


def _shown(value: object) -> str:
    return repr(value)[:40]
