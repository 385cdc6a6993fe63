"""What a JUnit file shows: each way of making it look better than it is, beside the honest file."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.evidence.states import State
from radeng_assets.readiness.reports.junit_runs import Runs, recount
from radeng_assets_tests.readiness.reports.materials import Ran, material

INSIDE = {
    "passed": "",
    "failed": "<failure/>",
    "error": "<error/>",
    "skipped": "<skipped/>",
    "xfailed": '<skipped type="pytest.xfail"/>',
    "unknown": "<mystery/>",
}


def suite(*states: str, counters: str = "") -> bytes:
    cases = "".join(f'<testcase classname="t" name="n{n}">{INSIDE[s]}</testcase>' for n, s in enumerate(states))
    return f"<testsuite {counters}>{cases}</testsuite>".encode()


def judged(data: bytes, *, state: State = "passed", code: int | None = 0) -> Runs:
    return recount(material("chaos", Ran({("junit", "junit.xml"): data}, state, code)))


def test_a_run_in_which_every_test_passes_is_a_pass() -> None:
    runs = judged(suite("passed", "passed", counters='tests="2" failures="0"'))
    assert (runs.state, runs.issues, runs.report.counts["passed"]) == ("passed", (), 2)


@pytest.mark.parametrize(
    ("data", "state"),
    [
        (suite(), "missing"),
        (suite("skipped", "skipped"), "skipped"),
        (suite("xfailed"), "skipped"),
        (suite("failed"), "failed"),
        (suite("error", "skipped"), "failed"),
        (suite("passed", "unknown"), "missing"),
        (suite("passed", counters='tests="5"'), "missing"),
        (suite("passed", counters='failures="1"'), "failed"),
        (b"", "missing"),
        (b"<html/>", "missing"),
        (b"<testsuite><testcase", "missing"),
    ],
)
def test_what_shows_nothing_cannot_be_waived_into_a_pass(data: bytes, state: State) -> None:
    runs = judged(data)
    assert runs.state == state
    assert runs.reason


@pytest.mark.parametrize(
    ("state", "rule", "grade"),
    [
        ("failed", "test-failed", "high"),
        ("error", "test-failed", "high"),
        ("xfailed", "test-expected-to-fail", "medium"),
        ("skipped", "test-skipped", "low"),
    ],
)
def test_each_test_that_did_not_pass_is_an_issue_of_its_own(state: str, rule: str, grade: str) -> None:
    runs = judged(suite("passed", state))
    assert runs.state == "passed"
    assert [(issue.rule, issue.subject, issue.grade) for issue in runs.issues] == [(rule, "t.n1", grade)]


def test_the_identity_of_an_issue_is_the_test_and_not_its_place() -> None:
    one, other = judged(suite("passed", "failed")), judged(b"\n\n" + suite("passed", "failed", "passed"))
    assert one.issues == other.issues
    assert judged(suite("failed", "passed")).issues != one.issues


def test_no_junit_file_shows_nothing() -> None:
    runs = recount(material("chaos", Ran()))
    assert (runs.state, runs.reason) == ("missing", "no file was left as junit")


def test_a_command_that_left_nothing_is_not_hidden_by_one_that_did() -> None:
    left = Ran({("junit", "a.xml"): suite("passed")}, command="a")
    assert recount(material("chaos", left, Ran({("junit", "b.xml"): suite("passed")}, command="b"))).state == "passed"
    lost = recount(material("chaos", left, Ran(command="b", promised=[("junit", "b.xml")])))
    assert (lost.state, lost.reason) == ("missing", "`b` left no b.xml (junit)")


def test_a_file_that_was_cut_is_not_passed_over() -> None:
    whole = {("junit", "a.xml"): suite("passed"), ("junit", "b.xml"): suite("passed")}
    assert recount(material("chaos", Ran(whole))).state == "passed"
    cut = recount(material("chaos", Ran(whole, cut=["b.xml"])))
    assert (cut.state, cut.reason) == ("missing", "b.xml is too large to be kept")


@pytest.mark.parametrize(
    ("states", "state", "code", "expected"),
    [
        (["passed", "failed"], "failed", 1, "passed"),  # the issue says it
        (["passed", "failed", "error"], "failed", 2, "passed"),  # as runners do that count
        (["passed", "failed"], "failed", 3, "failed"),  # pytest's own break
        (["passed", "failed"], "failed", -9, "failed"),
        (["passed", "failed"], "timeout", None, "timeout"),
        (["passed", "passed"], "failed", 1, "failed"),
        (["passed", "skipped"], "failed", 1, "failed"),
        (["passed"], "no_runner", 127, "no_runner"),
    ],
)
def test_how_the_command_ended_must_fit_its_tests(states: list[str], state: State, code: int, expected: State) -> None:
    assert judged(suite(*states), state=state, code=code).state == expected


def test_one_commands_failures_explain_no_other_commands_end() -> None:
    runs = recount(
        material(
            "chaos",
            Ran({("junit", "a.xml"): suite("passed", "failed")}, "failed", 1, command="a"),
            Ran({("junit", "b.xml"): suite("passed")}, "failed", 1, command="b"),
        )
    )
    assert (runs.state, runs.reason) == ("failed", "`b` failed")


def test_a_pass_on_a_retry_is_said() -> None:
    again = (
        b'<testsuite><testcase classname="t" name="n"><flakyFailure type="x">no</flakyFailure></testcase></testsuite>'
    )
    runs = judged(again)
    assert (runs.state, runs.issues) == ("passed", ())
    assert [finding.rule for finding in runs.findings] == ["test-tried-again"]


@pytest.mark.parametrize(
    ("states", "most", "expected"),
    [
        (["passed", "failed"], 1, "failed"),
        (["passed", "error"], 1, "failed"),
        (["passed"] * 4 + ["skipped"], Fraction(1, 5), "passed"),
        (["passed"] * 3 + ["skipped"], Fraction(1, 5), "skipped"),
        (["passed"] * 3 + ["xfailed"], Fraction(1, 5), "skipped"),
        (["skipped"], 1, "skipped"),
        (["passed", "unknown"], 1, "missing"),
    ],
)
def test_where_nobody_may_accept_a_test_it_must_pass(states: list[str], most: Fraction, expected: State) -> None:
    state, reason = judged(suite(*states)).strictly(Fraction(most))
    assert state == expected
    assert bool(reason) == (expected != "passed")


def test_a_failure_that_explains_how_the_command_ended_fails_where_nobody_may_accept_it() -> None:
    runs = judged(suite("passed", "failed"), state="failed", code=1)
    assert (runs.state, runs.strictly(Fraction(1))) == ("passed", ("failed", "tests that did not pass: t.n1"))


@given(st.lists(st.sampled_from(sorted(INSIDE)), max_size=8))
def test_a_pass_without_issue_is_nothing_but_passed_tests(states: list[str]) -> None:
    runs = judged(suite(*states))
    clean = runs.state == "passed" and not runs.issues
    assert clean == (bool(states) and set(states) == {"passed"})
    assert len(runs.issues) == sum(state not in ("passed", "unknown") for state in states)
    if "passed" not in states:
        assert runs.state != "passed"
