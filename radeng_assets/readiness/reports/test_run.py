"""The test run behind a report: all its JUnit files as one, recounted case by case."""

from __future__ import annotations

from fractions import Fraction

from radeng_assets.evidence.formats.junit import Case, JUnitReport, read_junit
from radeng_assets.evidence.measures import role_and_path
from radeng_assets.evidence.states import State, combine
from radeng_assets.planning.findings import Finding
from radeng_assets.readiness.reports.dates import misdated
from radeng_assets.readiness.reports.material import Material
from radeng_assets.record import Record

JUNIT = "junit"

_SHOWN = 3
"""Most names in a reason."""


class TestRun(Record):
    """What the tests came to. ``report`` has every case that could be read, ``state`` knows of those that could not."""

    __test__ = False  # not a test class for pytest

    state: State
    reason: str
    report: JUnitReport
    findings: tuple[Finding, ...] = ()


def recount(material: Material, skipped_most: Fraction) -> TestRun:
    """The run of a measurement.

    Passed: there are tests, none failed or broke, what files claim is there, some passed, and at most ``skipped_most``
    of them (a share) were skipped or expected to fail. Without a JUnit file nobody knows what ran: ``missing``.
    """
    states: list[State] = [] if not cut_files(material, JUNIT) else ["missing"]
    reasons = [f"only part of {name} was kept" for name in cut_files(material, JUNIT)]
    findings: list[Finding] = []
    cases: list[Case] = []
    lost: list[State] = []
    for left in material.files(JUNIT):
        report, faults = read_junit(left.data, left.path)
        findings += faults
        if report is None:
            states.append("missing")
            reasons.append(f"{left.path} cannot be read")
        else:
            cases += report.cases
            lost += report.lost
            old = misdated(material, left.path, report.dates)
            states.extend("failed" for _ in old)
            reasons += old
    whole = JUnitReport(cases=tuple(cases), lost=tuple(dict.fromkeys(lost)))
    states.append(whole.state)
    reasons.append(_told(whole))
    counts = whole.counts
    idle = counts["skipped"] + counts["xfailed"]
    if idle > skipped_most * len(cases):
        states.append("skipped")
        reasons.append(f"{idle} of {len(cases)} tests did not count, at most {float(skipped_most):.0%} may")
    return TestRun(
        state=combine(states),
        reason="; ".join(reason for reason in reasons if reason),
        report=whole,
        findings=tuple(findings),
    )


def cut_files(material: Material, role: str) -> tuple[str, ...]:
    """The files in a role of which not all was kept: ``Material.files`` leaves them out."""
    named = [(artifact, *role_and_path(artifact)) for e in material.envelopes.values() for artifact in e.artifacts]
    return tuple(path for artifact, its, path in named if its == role and path and artifact.truncated)


def _told(report: JUnitReport) -> str:
    """Why the recount did not pass; empty where it did."""
    if not report.cases:
        return "no JUnit file holds a test, so nobody knows what ran"
    if report.state == "passed":
        return ""
    bad = [*report.names("failed"), *report.names("error"), *report.names("unknown")]
    if bad:
        more = f" and {len(bad) - _SHOWN} more" if len(bad) > _SHOWN else ""
        return f"tests that did not pass: {', '.join(bad[:_SHOWN])}{more}"
    return "counters tell of tests that are not there" if report.lost else "no test passed"
