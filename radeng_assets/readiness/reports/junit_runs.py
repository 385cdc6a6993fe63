"""What test runs showed: the JUnit files of a measurement, recounted case by case and judged once for all reports."""

from __future__ import annotations

from fractions import Fraction

from radeng_assets.evidence.formats.junit import Case, CaseState, JUnitReport, read_junit
from radeng_assets.evidence.states import State, combine
from radeng_assets.planning.findings import Finding
from radeng_assets.planning.located import Place
from radeng_assets.readiness.reports.assessment import Grade, Issue, Table, issue_digest
from radeng_assets.readiness.reports.dates import misdated
from radeng_assets.readiness.reports.material import Material
from radeng_assets.readiness.reports.whole import lacking, unexplained
from radeng_assets.record import Record

JUNIT = "junit"
"""The role of JUnit files."""

EXPECTED_TO_FAIL = "test-expected-to-fail"
"""The rule of tests that pass by failing."""

_TESTS_FAILED = 1
"""What pytest, Playwright, Vitest and Go's runners end with when tests failed and nothing else went wrong."""

_SPEAK_AGAINST: dict[CaseState, tuple[str, Grade, str]] = {
    "error": ("test-failed", "high", "broke"),
    "failed": ("test-failed", "high", "failed"),
    "xfailed": (EXPECTED_TO_FAIL, "medium", "is expected to fail, so what it tests does not work"),
    "skipped": ("test-skipped", "low", "was skipped, so it shows nothing"),
}
"""Rule, grade and words of the states that are known and are no pass. ``unknown`` is none: nobody can accept it."""

_SHOWN = 3
"""Most names in a reason."""


class Runs(Record):
    """All cases of a measurement that could be read (``report``), and what they come to.

    ``state`` is ``passed`` where every file was read whole, every command ended as its tests say, and a test passed;
    ``issues`` are the tests that are known not to have passed, each by its name, so that none of them passes by
    unless a waiver accepts it. A test that passed only when it was tried again is a warning in ``findings``.
    """

    report: JUnitReport
    state: State
    reason: str = ""
    issues: tuple[Issue, ...] = ()
    findings: tuple[Finding, ...] = ()
    table: Table

    def strictly(self, skipped_most: Fraction) -> tuple[State, str]:
        """State and reason where nobody may accept a test that did not pass: what else it ran shows nothing, either.

        ``failed`` if one failed or broke, ``skipped`` if more than a share of ``skipped_most`` did not count.
        """
        told: list[tuple[State, str]] = [(self.state, self.reason)]
        bad = [*self.report.names("failed"), *self.report.names("error")]
        if bad:
            more = f" and {len(bad) - _SHOWN} more" if len(bad) > _SHOWN else ""
            told.append(("failed", f"tests that did not pass: {', '.join(bad[:_SHOWN])}{more}"))
        counts, total = self.report.counts, len(self.report.cases)
        idle = counts["skipped"] + counts["xfailed"]
        if idle > skipped_most * total:
            told.append(("skipped", f"{idle} of {total} tests did not count, at most {float(skipped_most):.0%} may"))
        return _all_of(told)


def recount(material: Material) -> Runs:
    """Judge the JUnit files of a measurement.

    Without a test, or where none passed, there is nothing that could be accepted: ``missing``, ``failed`` or
    ``skipped``. What a suite's counters claim beyond its cases is held against it (``JUnitReport.lost``).
    """
    cases: list[Case] = []
    findings: list[Finding] = []
    told: list[tuple[State, str]] = [("missing", words) for words in lacking(material, JUNIT)]
    rows: list[tuple[str | int, ...]] = []
    failed: dict[str, int] = dict.fromkeys(material.envelopes, 0)
    for file in material.files(JUNIT):
        report, faults = read_junit(file.data, file.path)
        findings += faults
        if report is None:
            told.append(("missing", f"{file.path} cannot be read"))
            continue
        cases += report.cases
        told += _told(report, file.path)
        told.extend(("failed", words) for words in misdated(material, file.path, report.dates))
        counts = report.counts
        rows.append((file.path, *counts.values(), sum(1 for case in report.cases if case.retries)))
        findings += [_again(case, file.path) for case in report.cases if case.retries]
        failed[file.envelope.digest] += counts["failed"] + counts["error"]
    told.append(unexplained(material, _explained(material, failed)))
    told.append(_together(cases))
    state, reason = _all_of(told)
    return Runs(
        report=JUnitReport(cases=tuple(cases)),
        state=state,
        reason=reason,
        issues=tuple(dict.fromkeys(issue for case in cases if (issue := _issue(case)))),
        findings=tuple(findings),
        table=Table(title="Tests", columns=(*("file", *_ALL), "passed on a retry"), rows=tuple(rows)),
    )


_ALL = tuple(JUnitReport(cases=()).counts)


def _all_of(told: list[tuple[State, str]]) -> tuple[State, str]:
    return combine(state for state, _ in told), "; ".join(dict.fromkeys(words for _, words in told if words))


def _told(report: JUnitReport, path: str) -> list[tuple[State, str]]:
    told: list[tuple[State, str]] = [(state, f"{path} counts cases that it does not hold") for state in report.lost]
    if not report.cases:
        told.append(("missing", f"{path} holds no test"))
    unknown = report.names("unknown")
    if unknown:
        told.append(("missing", f"nobody knows what {unknown[0] or 'a case without a name'} came to"))
    return told


def _together(cases: list[Case]) -> tuple[State, str]:
    """What holds of all files together: no waiver makes a run in which nothing passed show anything."""
    states = {case.state for case in cases}
    if "passed" in states:
        return "passed", ""
    if states & {"failed", "error"}:
        return "failed", "no test passed"
    return ("skipped", "no test ran: all were skipped or are expected to fail") if cases else ("missing", "")


def _explained(material: Material, failed: dict[str, int]) -> frozenset[str]:
    """Commands that ended as runners do when tests failed (some count them), and whose files hold such tests."""
    return frozenset(
        digest
        for digest, envelope in material.envelopes.items()
        if failed[digest] and envelope.exit_code in (_TESTS_FAILED, failed[digest])
    )


def _issue(case: Case) -> Issue | None:
    """What a case says against a criterion, ``None`` where it passed or nobody knows what it came to."""
    if case.state not in _SPEAK_AGAINST:
        return None
    rule, grade, words = _SPEAK_AGAINST[case.state]
    digest = issue_digest(rule, case.name, case.state)
    return Issue(rule=rule, subject=case.name, grade=grade, message=f"{case.name} {words}", digest=digest)


def _again(case: Case, path: str) -> Finding:
    return Finding(
        rule="test-tried-again",
        severity="warning",
        subject=case.name,
        message=f"{case.name} failed {case.retries} times before it came to {case.state!r}.",
        at=(Place(path),),
        fix="Find out why it does not hold each time.",
    )
