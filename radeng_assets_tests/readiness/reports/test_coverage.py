"""The coverage report: exact counts over all code, and no way to a larger share but by tests that pass."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.evidence.states import STATES, State
from radeng_assets.execution.measuring.changes import Change
from radeng_assets.planning.folder import EXECUTION_PLAN, read_planning
from radeng_assets.planning.folder import Sources as Folder
from radeng_assets.planning.schedule import Schedule
from radeng_assets.planning.source import Source
from radeng_assets.readiness.case import Case
from radeng_assets.readiness.circumstances import Circumstances
from radeng_assets.readiness.criteria.test_coverage import judge
from radeng_assets.readiness.policy import Policy, read_policy
from radeng_assets.readiness.reports.assessment import Assessment
from radeng_assets_tests.evidence.formats.goldens import FOLDER, golden
from radeng_assets_tests.folders import PLAN
from radeng_assets_tests.readiness.reports.coverages import Measured, code, hits, junit, lcov

NO_MINIMUM = PLAN.replace("    - test_coverage_minimum: 0.8\n", "")

SHOP = {
    path.relative_to(FOLDER / "sample/python").as_posix().removesuffix(".txt"): path.read_bytes()
    for path in (FOLDER / "sample/python").rglob("*.txt")
}
"""The repository behind coverage.py's golden reports."""

MODULES = """# Testing

**Coverage Targets**:
- Unit Test Coverage: >= 70%

## Coverage

| Module | Current | Target | Priority |
|--------|---------|--------|----------|
| core/ | 10% | 80% | HIGH |
| security/ | 99% | 90% | CRITICAL |
"""


def passes(assessment: Assessment) -> bool:
    """As ``judge_report`` has it."""
    return assessment.state == "passed" and not assessment.issues


def rules(assessment: Assessment) -> set[str]:
    return {finding.rule for finding in assessment.findings}


# --- exact counts ------------------------------------------------------------------------------


def test_exactly_the_minimum_passes_and_one_line_less_does_not() -> None:
    enough = Measured().assess()
    assert passes(enough), enough
    assert (enough.measured, enough.threshold) == (0.8, 0.8)
    assert enough.numbers == {"covered": 80, "total": 100, "tests": 10, "tests_passed": 10}
    less = Measured().leaving({("coverage", "l.info"): lcov({"src/a.py": hits(100, 79)})}).assess()
    assert less.state == "passed"
    assert [(issue.rule, issue.grade) for issue in less.issues] == [("coverage-below", "high")]
    assert "79 of 100" in less.issues[0].message


def test_a_share_that_rounds_to_the_minimum_is_below_it() -> None:
    files = {"src/a.py": code(10_000)}
    almost = Measured(files=files).leaving({("coverage", "l.info"): lcov({"src/a.py": hits(10_000, 7_999)})})
    assert [issue.rule for issue in almost.assess().issues] == ["coverage-below"]


def test_an_issue_keeps_its_identity_as_long_as_the_counts_do() -> None:
    less = Measured().leaving({("coverage", "l.info"): lcov({"src/a.py": hits(100, 70)})})
    again = less.but(files={**less.files, "README.md": b"Hello\n"})
    other = Measured().leaving({("coverage", "l.info"): lcov({"src/a.py": hits(100, 71)})})
    digests = [one.assess().issues[0].digest for one in (less, again, other)]
    assert digests[0] == digests[1] != digests[2]


@pytest.mark.parametrize(
    "name", ["coverage_py.json", "coverage_py.lcov", "coverage_py.cobertura.xml", "coverage_py.sources.cobertura.xml"]
)
def test_counts_of_the_golden_reports(name: str) -> None:
    shop = Measured(files=SHOP).leaving({("coverage", name): golden(name), ("junit", "j.xml"): junit(1)}).assess()
    # 16 of 19 by the tool, and one statement that a pragma hides from it.
    assert (shop.numbers["covered"], shop.numbers["total"]) == (16, 20)
    assert shop.tables[0].rows[1][1:3] == (16, 19)
    assert passes(shop)
    assert rules(shop) == {"coverage-unlisted", "coverage-marked"}


def test_the_golden_run_has_failures_and_what_only_an_expected_failure_ran_does_not_count() -> None:
    left = {
        ("coverage", "c.json"): golden("coverage_py.contexts.json"),
        ("junit", "j.xml"): golden("pytest.junit.xml"),
    }
    shop = Measured(files=SHOP).leaving(left).assess()
    assert shop.state == "failed"
    assert "tests.test_shop.test_fails, tests.test_shop.test_breaks" in shop.reason
    assert (shop.numbers["covered"], shop.numbers["total"]) == (15, 20)


@pytest.mark.parametrize(
    ("name", "counts"), [("nyc.istanbul.json", (5, 9)), ("c8.lcov", (12, 19)), ("c8.istanbul.json", (12, 19))]
)
def test_honest_javascript_is_counted_as_its_tool_did(name: str, counts: tuple[int, int]) -> None:
    folder = FOLDER / "sample/js"
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.js")}
    found = Measured(files=files, terms={"sources": ("lib/**",)}).leaving({("coverage", name): golden(name)}).assess()
    assert (found.numbers["covered"], found.numbers["total"]) == counts


def test_honest_java_is_counted_as_jacoco_did() -> None:
    path = "src/main/java/com/example/stock/Shelf.java"
    files = {path: (FOLDER / "sample/java/com/example/stock/Shelf.java").read_bytes()}
    found = Measured(files=files).leaving({("coverage", "jacoco.xml"): golden("jacoco.xml")}).assess()
    assert (found.numbers["covered"], found.numbers["total"]) == (6, 8)


def test_several_reports_are_one() -> None:
    files = {"src/a.py": code(10), "web/b.js": b"f();\n" * 10}
    left = {
        ("coverage", "a.info"): lcov({"/home/ci/repo/src/a.py": hits(10, 8)}),
        ("coverage", "b.info"): lcov({"web/b.js": hits(10, 8)}),
    }
    both = Measured(files=files).leaving(left).assess()
    assert passes(both)
    assert (both.numbers["covered"], both.numbers["total"]) == (16, 20)


# --- how somebody would fool it, each with a twin that is honest -------------------------------

HONEST = Measured()
HALF = Measured(files={**HONEST.files, "src/b.py": code(100)})
"""Another file of the same size, of which nothing was measured."""

PRAGMA = code(80) + b"def hidden():  # pragma: no cover\n" + b"    print(1)\n" * 30

CHEATS: dict[str, tuple[Measured, Measured]] = {
    "a file that no report mentions": (
        HALF,
        HALF.leaving({("coverage", "l.info"): lcov({"src/a.py": hits(100, 80), "src/b.py": hits(100, 80)})}),
    ),
    "lines that a pragma hides": (
        HONEST.but(files={"src/a.py": PRAGMA}).leaving({("coverage", "l.info"): lcov({"src/a.py": hits(80, 80)})}),
        HONEST.but(files={"src/a.py": PRAGMA}).leaving({("coverage", "l.info"): lcov({"src/a.py": hits(111, 95)})}),
    ),
    "a report of one line": (
        HONEST.leaving({("coverage", "l.info"): lcov({"src/a.py": {1: 1}})}),
        HONEST.but(files={"src/a.py": code(1)}).leaving({("coverage", "l.info"): lcov({"src/a.py": {1: 1}})}),
    ),
    "a report of one line, of code that no grammar reads": (
        HONEST.but(files={"src/a.go": b"f()\n" * 100}).leaving({("coverage", "l.info"): lcov({"src/a.go": {1: 1}})}),
        HONEST.but(files={"src/a.go": b"f()\n" * 100}).leaving(
            {("coverage", "l.info"): lcov({"src/a.go": hits(50, 40)})}
        ),
    ),
    "an exclusion, in code that no grammar reads": (
        HONEST.but(files={"src/a.c": b"// LCOV_EXCL_START\n" + b"f();\n" * 99}).leaving(
            {("coverage", "l.info"): lcov({"src/a.c": hits(100, 99)})}
        ),
        HONEST.but(files={"src/a.c": b"// Begin\n" + b"f();\n" * 99}).leaving(
            {("coverage", "l.info"): lcov({"src/a.c": hits(100, 99)})}
        ),
    ),
    "code behind a name for type checkers": (
        HONEST.but(files={"src/a.py": code(80) + b"if TYPE_CHECKING:\n" + b"    print(1)\n" * 30}).leaving(
            {("coverage", "l.info"): lcov({"src/a.py": hits(80, 80)})}
        ),
        HONEST.but(files={"src/a.py": code(80) + b"if TYPE_CHECKING:\n" + b"    import a\n" * 30}).leaving(
            {("coverage", "l.info"): lcov({"src/a.py": hits(80, 80)})}
        ),
    ),
    "unreported code without a statement": (
        HONEST.but(files={**HONEST.files, "src/b.js": b"export const f = (x) => g(x);\n" * 30}),
        HONEST.but(files={**HONEST.files, "src/b.ts": b"export type F = (x: A) => B;\n" * 30}),
    ),
    "code that no grammar reads, not reported": (
        HONEST.but(files={**HONEST.files, "src/b.rs": b"f();\n" * 60}),
        HONEST.but(files={**HONEST.files, "src/b.rs": b"// Nothing\n" * 60}),
    ),
    "covered tests in place of covered code": (
        HONEST.leaving({("coverage", "l.info"): lcov({"src/a.py": hits(100, 60), "tests/test_it.py": hits(50, 50)})}),
        HONEST.leaving({("coverage", "l.info"): lcov({"src/a.py": hits(100, 80), "tests/test_it.py": hits(50, 0)})}),
    ),
    "covered documents": (
        HONEST.but(files={**HONEST.files, "README.md": b"Hello\n" * 900}).leaving(
            {("coverage", "l.info"): lcov({"src/a.py": hits(100, 10), "README.md": hits(900, 900)})}
        ),
        HONEST.but(files={**HONEST.files, "README.md": b"Hello\n" * 900}),
    ),
    "lines that the file does not have": (
        HONEST.leaving({("coverage", "l.info"): lcov({"src/a.py": hits(500, 500)})}),
        HONEST.leaving({("coverage", "l.info"): lcov({"src/a.py": hits(101, 90)})}),
    ),
    "other files alone": (
        HONEST.leaving({("coverage", "l.info"): lcov({"other/x.py": hits(100, 100)})}),
        HONEST.leaving({("coverage", "l.info"): lcov({"src/a.py": hits(100, 80), "other/x.py": hits(100, 0)})}),
    ),
    "tests alone": (
        HONEST.leaving({("coverage", "l.info"): lcov({"tests/test_it.py": hits(50, 50)})}),
        HONEST,
    ),
    "no test ran": (HONEST.leaving({("junit", "j.xml"): junit(0)}), HONEST.leaving({("junit", "j.xml"): junit(1)})),
    "all tests skipped": (
        HONEST.leaving({("junit", "j.xml"): junit(0, skipped=5)}).but(terms={"skipped_most": 1.0}),
        HONEST.leaving({("junit", "j.xml"): junit(1, skipped=5)}).but(terms={"skipped_most": 1.0}),
    ),
    "a test is expected to fail": (
        HONEST.leaving({("junit", "j.xml"): junit(9, xfailed=1)}),
        HONEST.leaving({("junit", "j.xml"): junit(9, skipped=1)}),
    ),
    "too many tests skipped": (
        HONEST.leaving({("junit", "j.xml"): junit(7, skipped=1, xfailed=1)}),
        HONEST.leaving({("junit", "j.xml"): junit(8, skipped=2)}),
    ),
    "only expected failures": (
        HONEST.leaving({("junit", "j.xml"): junit(0, xfailed=5)}),
        HONEST.leaving({("junit", "j.xml"): junit(5)}),
    ),
    "a test that failed under a command that passed": (
        HONEST.leaving({("junit", "j.xml"): junit(99, failed=1)}),
        HONEST.leaving({("junit", "j.xml"): junit(100)}),
    ),
    "a test file that failed among several": (
        HONEST.leaving({("junit", "a.xml"): junit(9), ("junit", "b.xml"): junit(1, failed=1)}),
        HONEST.leaving({("junit", "a.xml"): junit(9), ("junit", "b.xml"): junit(1, skipped=1)}),
    ),
    "counters edited in place of cases": (
        HONEST.leaving({("junit", "j.xml"): junit(9).replace(b'failures="0"', b'failures="1"')}),
        HONEST.leaving({("junit", "j.xml"): junit(9)}),
    ),
    "totals edited": (
        HONEST.leaving(
            {("coverage", "l.info"): lcov({"src/a.py": hits(100, 80)}).replace(b"end_of", b"LF:100\nLH:99\nend_of")}
        ),
        HONEST.leaving(
            {("coverage", "l.info"): lcov({"src/a.py": hits(100, 80)}).replace(b"end_of", b"LF:100\nLH:80\nend_of")}
        ),
    ),
    "a report that was cut": (
        HONEST.leaving({("coverage", "l.info"): lcov({"src/a.py": hits(100, 90)}).replace(b"end_of_record\n", b"")}),
        HONEST.leaving({("coverage", "l.info"): lcov({"src/a.py": hits(100, 90)})}),
    ),
    "a report of which not all was kept": (HONEST.but(truncated=True), HONEST),
    "no threshold anywhere": (HONEST.but(plan=NO_MINIMUM), HONEST.but(plan=NO_MINIMUM, testing=MODULES[:80])),
    "a threshold of nothing": (
        HONEST.but(plan=PLAN.replace("minimum: 0.8", "minimum: 0")),
        HONEST.but(plan=PLAN.replace("minimum: 0.8", "minimum: 0.01")),
    ),
    "no JUnit file": (HONEST.but(left={k: v for k, v in HONEST.left.items() if k[0] != "junit"}), HONEST),
    "no coverage file": (HONEST.but(left={k: v for k, v in HONEST.left.items() if k[0] != "coverage"}), HONEST),
    "a command that did not pass": (HONEST.but(state="failed"), HONEST),
    "no inventory": (HONEST.but(own=False), HONEST),
    "an inventory that the target's command left": (
        HALF.but(
            own=False,
            left={
                **HALF.left,
                ("sources", "sources.json"): b'{"files": {}}',
                ("changes", "changes.json"): b'{"stories": []}',
            },
        ),
        HONEST,
    ),
    "globs that leave nothing": (HONEST.but(terms={"omits": ("src",)}), HONEST.but(terms={"omits": ("lib",)})),
    "code that changed after it was measured": (
        HONEST.but(now={**HONEST.files, "src/new.py": code(9)}),
        HONEST.but(now={**HONEST.files, "README.md": b"New\n"}),
    ),
}


@pytest.mark.parametrize("name", CHEATS)
def test_a_cheat_does_not_pass(name: str) -> None:
    assessment = CHEATS[name][0].assess()
    assert not passes(assessment), assessment
    assert assessment.reason or assessment.issues


@pytest.mark.parametrize("name", CHEATS)
def test_its_honest_twin_passes(name: str) -> None:
    assessment = CHEATS[name][1].assess()
    assert passes(assessment), assessment


@pytest.mark.parametrize(
    ("name", "state", "words"),
    [
        ("other files alone", "failed", "covers none of this repository's files"),
        ("tests alone", "failed", "none of the product"),
        ("lines that the file does not have", "failed", "src/a.py does not have"),
        ("no test ran", "missing", "j.xml holds no test"),
        ("all tests skipped", "skipped", "no test ran: all were skipped"),
        ("too many tests skipped", "skipped", "2 of 9 tests did not count, at most 20% may"),
        ("no JUnit file", "missing", "no file was left as junit"),
        ("no threshold anywhere", "missing", "neither policy nor plan"),
        ("a threshold of nothing", "missing", "neither policy nor plan"),
        ("a report of which not all was kept", "missing", "lcov.info is too large to be kept"),
        ("code that changed after it was measured", "stale", "src/new.py"),
        ("an inventory that the target's command left", "missing", "radeng:sources left nothing"),
    ],
)
def test_the_reason_is_the_cheat(name: str, state: State, words: str) -> None:
    assessment = CHEATS[name][0].assess()
    assert assessment.state == state
    assert words in assessment.reason


def test_a_line_behind_the_last_one_does_not_count() -> None:
    beyond = HONEST.leaving({("coverage", "l.info"): lcov({"src/a.py": {**hits(100, 80), 101: 1}})}).assess()
    assert (beyond.numbers["covered"], beyond.numbers["total"]) == (80, 100)


def test_what_is_left_out_is_said() -> None:
    assert "src/b.py" in next(f.message for f in HALF.assess().findings if f.rule == "coverage-unreported")
    narrowed = HALF.but(terms={"sources": ("src/a.py",)}).assess()
    assert passes(narrowed)
    assert "src/b.py" in next(f.message for f in narrowed.findings if f.rule == "coverage-left-out")
    foreign = CHEATS["other files alone"][1].assess()
    assert "coverage-path-unknown" in rules(foreign)


@given(
    st.sampled_from(STATES),
    st.sampled_from([(("coverage",),), (("junit",),), (("coverage",), ("junit",)), ()]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.integers(0, 3),
    st.integers(0, 3),
)
def test_nothing_unknown_passes(
    state: State,
    gone: tuple[tuple[str]],
    threshold: bool,
    own: bool,
    truncated: bool,
    passed: int,
    skipped: int,
) -> None:
    measured = HONEST.but(
        state=state, own=own, truncated=truncated, plan=PLAN if threshold else NO_MINIMUM, terms={"skipped_most": 1.0}
    ).leaving({("junit", "j.xml"): junit(passed, skipped=skipped)})
    measured = measured.but(left={key: data for key, data in measured.left.items() if (key[0],) not in gone})
    known = state == "passed" and not gone and threshold and own and not truncated and passed > 0
    assert passes(measured.assess()) == known


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_any_bytes_are_judged(report: bytes, run: bytes) -> None:
    assert not passes(HONEST.leaving({("coverage", "l"): report, ("junit", "j"): run}).assess())


@given(st.integers(1, 60), st.data())
def test_leaving_lines_out_never_helps(total: int, data: st.DataObject) -> None:
    covered = data.draw(st.integers(0, total))
    dropped = data.draw(st.sets(st.integers(1, total)))
    whole = Measured(files={"src/a.py": code(total), "src/b.py": code(1)})
    full = {"src/a.py": hits(total, covered), "src/b.py": {1: 1}}
    thin = {**full, "src/a.py": {line: hit for line, hit in full["src/a.py"].items() if line not in dropped}}
    before, after = (whole.leaving({("coverage", "l"): lcov(one)}).assess().numbers for one in (full, thin))
    assert after["total"] == before["total"]
    assert after["covered"] <= before["covered"]


# --- targets -----------------------------------------------------------------------------------


def test_the_policy_beats_the_plan_which_beats_the_testing_requirements() -> None:
    def threshold(**changes: Any) -> float | None:
        return HONEST.but(**changes).assess().threshold

    assert threshold(policy={"coverage_minimum": 0.95}) == 0.95
    assert threshold(policy={"coverage_minimum": 0.5}) == 0.5
    assert threshold(testing=MODULES) == 0.8
    assert threshold(plan=NO_MINIMUM, testing=MODULES) == 0.7
    gate = "# Testing\n\n```bash\ntest --coverageThreshold='{\"lines\": 75}'\n```\n"
    assert threshold(plan=NO_MINIMUM, testing=gate) == 0.75
    assert threshold(plan=NO_MINIMUM) is None


def test_the_criterion_says_what_is_demanded_before_anything_was_measured() -> None:
    missing = Assessment(report="coverage", state="missing", reason="nothing is measured")
    planning = read_planning(Folder(sources={EXECUTION_PLAN: Source(EXECUTION_PLAN, PLAN, "")}))
    case = Case(
        planning=planning,
        schedule=Schedule(),
        policy=Policy(),
        sound=True,
        circumstances=Circumstances(as_of="2026-11-27T05:00:00Z"),
        reports={"coverage": missing},
    )
    assert (judge(case).status, judge(case).threshold) == ("unverified", 0.8)
    strict = case.model_copy(update={"policy": Policy(coverage_minimum=0.95)})
    assert judge(strict).threshold == 0.95


LAYERED = Measured(
    files={"app/src/core/x.py": code(10), "app/src/security/y.py": code(10)},
    testing=MODULES,
).leaving({("coverage", "l.info"): lcov({"app/src/core/x.py": hits(10, 8), "app/src/security/y.py": hits(10, 9)})})


def test_each_module_reaches_its_own_target() -> None:
    assert passes(LAYERED.assess())
    short = LAYERED.leaving(
        {("coverage", "l.info"): lcov({"app/src/core/x.py": hits(10, 10), "app/src/security/y.py": hits(10, 8)})}
    ).assess()
    assert [(i.rule, i.subject, i.grade) for i in short.issues] == [("coverage-module-below", "security/", "critical")]
    assert short.tables[1].rows == (("core/", 10, 10, 1.0, 0.8, ""), ("security/", 8, 10, 0.8, 0.9, ""))


def test_a_module_of_which_nothing_was_measured_is_unknown() -> None:
    bare = LAYERED.but(files={"app/src/core/x.py": code(10)})
    none = bare.leaving({("coverage", "l.info"): lcov({"app/src/core/x.py": hits(10, 10)})}).assess()
    assert (none.state, none.issues) == ("missing", ())
    assert "security/ (no file of the product is in it" in none.reason
    unreported = LAYERED.but(files={**LAYERED.files, "app/src/core/x.py": code(100)}).leaving(
        {("coverage", "l.info"): lcov({"app/src/core/x.py": hits(100, 100)})}
    )
    assert unreported.assess().state == "missing"
    assert "no report lists a file of it" in unreported.assess().reason


def test_a_module_that_may_be_several_folders_is_named_by_the_policy() -> None:
    files = {**LAYERED.files, "web/security/z.py": code(10)}
    every = {path: hits(10, 10) for path in files}
    unclear = LAYERED.but(files=files).leaving({("coverage", "l.info"): lcov(every)})
    assert unclear.assess().state == "missing"
    assert "app/src/security, web/security: say which" in unclear.assess().reason
    assert passes(unclear.but(terms={"modules": {"security/": ("**/security",)}}).assess())
    assert unclear.but(terms={"modules": {"security/": ("nowhere",)}}).assess().state == "missing"


def test_a_module_may_be_a_class_that_has_a_file() -> None:
    testing = "# Testing\n\n| Handler | Current | Target |\n|---|---|---|\n| TaskHandler | 0% | 90% |\n"
    files = {"src/api/TaskHandler.py": code(10), "src/api/Other.py": code(90)}
    left = {("coverage", "l"): lcov({"src/api/TaskHandler.py": hits(10, 8), "src/api/Other.py": hits(90, 90)})}
    found = Measured(files=files, testing=testing).leaving(left).assess()
    assert [(issue.subject, issue.grade) for issue in found.issues] == [("TaskHandler", "medium")]


# --- stories -----------------------------------------------------------------------------------

WRITTEN = Change(
    story="A-1", commits=("d" * 40,), lines={"src/a.py": tuple(range(71, 91)), "README.md": (1, 2), "tests/t.py": (1,)}
)


def test_each_story_has_the_coverage_of_its_own_lines() -> None:
    story = HONEST.but(stories=[WRITTEN, Change(story="A-2", commits=(), lines={})])
    assert passes(story.assess())
    assert story.assess().tables[2].rows == (("A-1", 23, 20, 10, 0.5), ("A-2", 0, 0, 0, None))
    strict = story.but(terms={"changed_minimum": 0.6}).assess()
    assert [(issue.rule, issue.subject) for issue in strict.issues] == [("coverage-story-below", "A-1")]
    assert passes(story.but(terms={"changed_minimum": 0.5}).assess())


def test_a_storys_file_that_no_report_mentions_counts_as_not_run() -> None:
    story = Change(story="A-1", commits=(), lines={"src/b.py": (1, 2, 3)})
    assert HALF.but(stories=[story]).assess().tables[2].rows == (("A-1", 3, 3, 0, 0.0),)


# --- policy ------------------------------------------------------------------------------------


def test_the_policy_of_a_team() -> None:
    text = """reports:
  coverage:
    measures:
      - {run: make coverage, leaves: {coverage: coverage.xml, junit: ["junit*.xml"]}}
    sources: [src]
    omits: ["src/generated"]
    modules: {security/: [src/auth, src/keys.py]}
    skipped_most: 0
    changed_minimum: 0.9
"""
    policy, findings = read_policy(Source("readiness.yaml", text, ""))
    assert findings == ()
    terms = policy.reports.coverage
    assert (terms.sources, terms.omits, terms.skipped_most, terms.changed_minimum) == (
        ("src",),
        ("src/generated",),
        0,
        0.9,
    )
    assert terms.modules == {"security/": ("src/auth", "src/keys.py")}
    # Nobody leaves out what tells the reports' gaps.
    assert [one.run for one in terms.measures] == ["make coverage", "radeng:sources", "radeng:changes"]


@pytest.mark.parametrize("line", ["skipped_most: 1.1", "skipped_most: -1", "changed_minimum: 80", "changed_minimum: 0"])
def test_a_wrong_term_leaves_the_default(line: str) -> None:
    policy, findings = read_policy(Source("readiness.yaml", f"reports:\n  coverage:\n    {line}\n", ""))
    assert [finding.rule for finding in findings] == ["wrong-value"]
    assert (policy.reports.coverage.skipped_most, policy.reports.coverage.changed_minimum) == (0.2, None)
    assert not policy.reports.coverage.measures


def test_numbers_for_plots_are_whole_or_shares() -> None:
    numbers = HONEST.assess().numbers
    assert all(re.fullmatch(r"[a-z_]+", name) and isinstance(value, int) for name, value in numbers.items())
