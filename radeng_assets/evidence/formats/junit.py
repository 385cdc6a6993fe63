"""JUnit XML, recounted case by case: what a suite's own counters say counts for nothing but a finding.

What a case is, its own elements say, and the worst of them counts. pytest writes an expected failure as skipped
(``type="pytest.xfail"``) and an unexpected pass as a plain pass, which nothing here can tell from one.
https://github.com/testmoapp/junitxml is the nearest thing to a specification.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Literal, cast, get_args

from junitparser import Error, Skipped
from junitparser.junitparser import FinalResult
from junitparser.xunit2 import TestCase

from radeng_assets.evidence.formats.case_names import of_case, without_parameters
from radeng_assets.evidence.formats.notes import Notes
from radeng_assets.evidence.formats.numbers import natural
from radeng_assets.evidence.formats.xml_tree import Located, children, read_xml
from radeng_assets.evidence.states import State, combine
from radeng_assets.planning.findings import Finding
from radeng_assets.record import Record

CaseState = Literal["error", "failed", "unknown", "skipped", "xfailed", "passed"]
"""What one case came to, from worst to best. ``error``: it broke outside of its assertions."""

_STATES: tuple[CaseState, ...] = get_args(CaseState)

_COUNTERS: dict[str, frozenset[CaseState]] = {
    "tests": frozenset(_STATES),
    "failures": frozenset(("failed",)),
    "errors": frozenset(("error",)),
    "skipped": frozenset(("skipped", "xfailed")),
}
"""What a suite's counters count. An expected failure is among the skipped, as pytest writes it."""

_KNOWN = frozenset((*TestCase.ITER_TYPES, "properties"))
"""Elements that a case may have: results, earlier results of a test run again, output."""

_NOT_RUN = frozenset(("notrun", "disabled", "ignored", "skipped", "suppressed"))
"""What GoogleTest and others write into ``status`` or ``result`` of a case that did not run."""

_MEND = "Run the tests again, and do not edit what they write."


class Case(Record):
    """One test: its name (``case_names.of_case``), what it came to, and how often it failed before that."""

    name: str
    state: CaseState
    retries: int = 0


class JUnitReport(Record):
    """All cases of a report, in order.

    ``lost``: what the counters claim beyond the cases that are there, and what broke outside of them. ``dates``: when
    its suites began, as written.
    """

    cases: tuple[Case, ...]
    lost: tuple[State, ...] = ()
    dates: tuple[str, ...] = ()

    def names(self, state: CaseState) -> tuple[str, ...]:
        """The tests that came to a state, in order."""
        return tuple(case.name for case in self.cases if case.state == state)

    @property
    def counts(self) -> dict[CaseState, int]:
        """Cases by state, for every state."""
        counted = Counter(case.state for case in self.cases)
        return {state: counted[state] for state in _STATES}

    @property
    def state(self) -> State:
        """What the run shows.

        ``missing`` without a test; ``failed`` if any failed or broke, or a counter says so; ``missing`` if any came to
        nothing known, or a counter tells of cases that are not there; ``skipped`` if none passed; else ``passed``.
        Skips and expected failures beside a pass take nothing from it and are not passes: ``counts`` has them.
        """
        counts = self.counts
        told: list[State] = list(self.lost)
        if counts["failed"] or counts["error"]:
            told.append("failed")
        if counts["unknown"]:
            told.append("missing")
        if counts["passed"]:
            told.append("passed")
        elif counts["skipped"] or counts["xfailed"]:
            told.append("skipped")
        return combine(told)

    @property
    def not_passed(self) -> frozenset[str]:
        """Names of tests no case of which passed, and of functions none of whose parameters did.

        What only they covered, nothing showed (``coverage.lines.without``).
        """
        names = {name for case in self.cases for name in (case.name, without_parameters(case.name))}
        passed = self.names("passed")
        return frozenset(names.difference(passed, map(without_parameters, passed)))


def read_junit(data: bytes, file: str) -> tuple[JUnitReport | None, tuple[Finding, ...]]:
    """The cases of a JUnit report (``None`` where it is none), and its faults. ``file`` is its name in findings."""
    notes = Notes(file)
    root = read_xml(data, notes)
    if root is None:
        return None, notes.findings()
    if root.tag not in ("testsuites", "testsuite"):
        message = f"{file} is no JUnit report: its top element is {root.tag[:80]!r}."
        notes.error("junit-root", file, message, "Write JUnit XML.", root.line)
        return None, notes.findings()
    cases = {id(element): _case(element, notes) for element in _every(root, "testcase")}
    lost: list[State] = []
    for suite in _every(root, "testsuites", "testsuite"):
        lost.extend(_lost(suite, cases, notes))
        for broken in children(suite, "error", "failure"):
            lost.append("failed")
            message = f"<{broken.tag}> stands in a suite: something broke outside of its cases."
            notes.error(
                "junit-suite", suite.get("name", ""), message, "Mend what broke before or after the tests.", broken.line
            )
    if not cases:
        notes.error("junit-no-tests", file, f"{file} holds no test.", "Select tests that exist.", root.line)
    dates = dict.fromkeys(suite.get("timestamp", "") for suite in _every(root, "testsuites", "testsuite"))
    report = JUnitReport(
        cases=tuple(cases.values()), lost=tuple(dict.fromkeys(lost)), dates=tuple(date for date in dates if date)
    )
    return report, notes.findings()


def _every(element: Located, *tags: str) -> Iterator[Located]:
    for one in element.iter():
        if one.tag in tags and isinstance(one, Located):
            yield one


def _case(element: Located, notes: Notes) -> Case:
    parsed = cast("TestCase", TestCase.fromelem(element))
    name = of_case(element.get("classname", ""), element.get("name", ""))
    states: list[CaseState] = [_state(result) for result in parsed.result]
    for child in element:
        if child.tag not in _KNOWN:
            states.append("unknown")
            message = f"<{child.tag[:80]}> says nothing that is known here; the case does not count as passed."
            notes.error("junit-element", name, message, _MEND, element.line)
    if not name:
        states.append("unknown")
        notes.error("junit-unnamed", notes.file, "A case has no name.", _MEND, element.line)
    if not states and {element.get("status", "").lower(), element.get("result", "").lower()} & _NOT_RUN:
        states.append("skipped")
    return Case(name=name, state=_worst(states), retries=len(parsed.interim_result))


def _worst(states: list[CaseState]) -> CaseState:
    return min(states, key=_STATES.index) if states else "passed"


def _state(result: FinalResult) -> CaseState:
    match result:
        case Error():
            return "error"
        case Skipped():
            return "xfailed" if result.type == "pytest.xfail" else "skipped"
        case _:
            return "failed"


def _lost(suite: Located, cases: dict[int, Case], notes: Notes) -> Iterator[State]:
    """Set a suite's counters against its cases. Writers differ on whether those of suites inside are its own."""
    own = Counter(cases[id(case)].state for case in children(suite, "testcase"))
    inside = Counter(cases[id(case)].state for case in _every(suite, "testcase"))
    for counter, states in _COUNTERS.items():
        said = suite.get(counter)
        counts = [sum(counted[state] for state in states) for counted in (inside, own)]
        if said is None or natural(said) in counts:
            continue
        subject = f"{suite.get('name', '')} {counter}".strip()
        message = f"{counter}={said[:40]!r}, but {counts[0]} such cases are there. The cases count."
        notes.error("junit-counter", subject, message, _MEND, suite.line)
        if (natural(said) or 0) > counts[0]:
            yield "missing" if counter in ("tests", "skipped") else "failed"
