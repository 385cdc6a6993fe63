"""JUnit reports, recounted case by case."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.evidence.formats.case_names import of_context
from radeng_assets.evidence.formats.junit import JUnitReport, read_junit
from radeng_assets.evidence.states import State
from radeng_assets.planning.findings import Finding
from radeng_assets_tests.evidence.formats.goldens import junit


def read(*cases: str, suite: str = "<testsuite>") -> tuple[JUnitReport, tuple[Finding, ...]]:
    text = "\n".join((suite, *cases, "</testsuite>"))
    report, findings = read_junit(text.encode(), "j.xml")
    assert report is not None
    return report, findings


BODIES = {
    "passed": "",
    "failed": "<failure/>",
    "error": "<error/>",
    "skipped": "<skipped/>",
    "xfailed": '<skipped type="pytest.xfail"/>',
    "unknown": "<inconclusive/>",
}


def case(body: str, name: str = "t") -> str:
    return f'<testcase classname="m" name="{name}">{body}</testcase>'


def test_pytest_wrote_what_pytest_counted() -> None:
    # "1 failed, 4 passed, 1 skipped, 1 xfailed, 1 xpassed, 1 error": an unexpected pass is written as a pass.
    report = junit("pytest.junit.xml")
    assert report.counts == {"passed": 5, "failed": 1, "error": 1, "skipped": 1, "xfailed": 1, "unknown": 0}
    assert report.names("failed") == ("tests.test_shop.test_fails",)
    assert report.names("xfailed") == ("tests.test_shop.TestShipping.test_heavy",)
    assert report.state == "failed"


@pytest.mark.parametrize(
    ("kinds", "state"),
    [
        ((), "missing"),
        (("passed",), "passed"),
        (("passed", "skipped", "xfailed"), "passed"),
        (("skipped",), "skipped"),
        (("xfailed",), "skipped"),
        (("skipped", "xfailed"), "skipped"),
        (("passed", "unknown"), "missing"),
        (("passed", "failed"), "failed"),
        (("passed", "error"), "failed"),
        (("unknown", "failed"), "failed"),
    ],
)
def test_the_state_of_a_run(kinds: tuple[str, ...], state: State) -> None:
    assert read(*(case(BODIES[kind]) for kind in kinds))[0].state == state


@given(st.lists(st.sampled_from(sorted(BODIES))))
def test_a_pass_needs_a_passed_test_and_none_that_failed_or_is_unknown(kinds: list[str]) -> None:
    report, _ = read(*(case(BODIES[kind]) for kind in kinds))
    assert [one.state for one in report.cases] == kinds
    assert (report.state == "passed") == ("passed" in kinds and not {"failed", "error", "unknown"} & set(kinds))


@pytest.mark.parametrize(
    ("counters", "state", "rules"),
    [
        ('tests="2" failures="0" errors="0" skipped="1"', "passed", []),
        ('tests="3"', "missing", ["junit-counter"]),
        ('tests="1"', "passed", ["junit-counter"]),
        ('failures="1"', "failed", ["junit-counter"]),
        ('errors="9"', "failed", ["junit-counter"]),
        ('skipped="0"', "passed", ["junit-counter"]),
        ('tests="many" failures=""', "passed", ["junit-counter", "junit-counter"]),
    ],
)
def test_counters_are_only_compared(counters: str, state: State, rules: list[str]) -> None:
    report, findings = read(case(""), case("<skipped/>"), suite=f"<testsuite {counters}>")
    assert report.state == state
    assert [finding.rule for finding in findings] == rules
    assert report.counts["passed"] == report.counts["skipped"] == 1


def test_suites_in_suites_may_count_their_own_or_all() -> None:
    inner = '<testsuite tests="1">' + case("") + "</testsuite>"
    for tests, rules in (("2", []), ("1", []), ("3", ["junit-counter"])):
        report, findings = read(case(""), inner, suite=f'<testsuite tests="{tests}">')
        assert len(report.cases) == 2
        assert [finding.rule for finding in findings] == rules


def test_the_worst_result_of_a_case_counts() -> None:
    assert read(case("<skipped/><failure/>"))[0].counts["failed"] == 1
    assert read(case("<failure/><error/>"))[0].counts["error"] == 1


def test_a_test_that_passed_when_run_again_says_so() -> None:
    (flaky, failed) = read(case("<flakyFailure/><flakyError/>"), case("<failure/><rerunFailure/>"))[0].cases
    assert (flaky.state, flaky.retries) == ("passed", 2)
    assert (failed.state, failed.retries) == ("failed", 1)


def test_what_did_not_run_is_no_pass() -> None:
    assert read('<testcase name="t" status="notrun"/>')[0].state == "skipped"
    assert read('<testcase name="t" result="suppressed"/>')[0].state == "skipped"
    assert read('<testcase name="t" status="run" result="completed"/>')[0].state == "passed"


def test_faults_have_their_line() -> None:
    _, findings = read(case(""), "<testcase/>", case("<inconclusive/>"))
    assert [(f.rule, str(f.at[0])) for f in findings] == [("junit-unnamed", "j.xml:3"), ("junit-element", "j.xml:4")]
    assert [f.rule for f in read()[1]] == ["junit-no-tests"]
    assert read_junit(b"<html/>", "j.xml")[0] is None
    assert read_junit(b"<testsuite>", "j.xml")[0] is None


def test_names_of_tests_are_the_same_as_in_contexts() -> None:
    names = {one.name for one in junit("pytest.junit.xml").cases}
    assert of_context("tests/test_shop.py::TestShipping::test_heavy|run") in names
    assert of_context("tests/test_shop.py::test_total[10]|setup") in names
    assert of_context("a/b.py::t[x/y.py::z]|run") == "a.b.t[x/y.py::z]"
    assert of_context("tests.test_shop.test_total") == "tests.test_shop.test_total"
    assert of_context("") == ""


def test_a_function_passed_if_any_of_its_parameters_did() -> None:
    report, _ = read(
        *(case("", "a[1]"), case("<skipped/>", "a[2]"), case("<failure/>", "b[1]"), case("<skipped/>", "c")),
        *(case("<error/>", "d"), case("", "d")),
    )
    assert report.not_passed == {"m.a[2]", "m.b[1]", "m.b", "m.c"}


@pytest.mark.parametrize("tag", ["error", "failure"])
def test_what_broke_outside_of_the_cases_is_a_failure(tag: str) -> None:
    data = f'<testsuite name="s"><testcase classname="a" name="b"/><{tag} message="teardown"/></testsuite>'.encode()
    report, findings = read_junit(data, "j.xml")
    assert report is not None
    assert report.state == "failed"
    assert [finding.rule for finding in findings] == ["junit-suite"]
