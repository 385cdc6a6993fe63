"""Waivers: one known issue is accepted, for a time, by somebody else than who asked; and nothing besides."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.evidence.states import STATES, State
from radeng_assets.planning.findings import Finding
from radeng_assets.planning.folder import Planning, read_planning, read_sources
from radeng_assets.planning.located import Place
from radeng_assets.planning.source import Source
from radeng_assets.readiness.judge import judge
from radeng_assets.readiness.policy import policy_findings, read_policy
from radeng_assets.readiness.reports.assessment import GRADES, Grade, Issue
from radeng_assets.readiness.verdict import Verdict
from radeng_assets.readiness.waiver_rules import REQUIRED
from radeng_assets.readiness.waiver_terms import Waiver
from radeng_assets.readiness.waivers import Acceptance, WaiverDays, apply
from radeng_assets_tests.readiness.cases import RISKS, TODAY, case_of, issue, policy_of, waiver, write_plan

DAY = timedelta(days=1)
SECRET = issue()


@pytest.fixture(scope="module")
def planning(tmp_path_factory: pytest.TempPathFactory) -> Planning:
    return read_planning(read_sources(write_plan(tmp_path_factory.mktemp("plan"))))


@pytest.fixture
def verdict_of(tmp_path: Path) -> Callable[..., Verdict]:
    def judged(*waivers: dict[str, Any], issues: tuple[Issue, ...] = (SECRET,), head: str = "", **more: Any) -> Verdict:
        folder = write_plan(tmp_path / "plan", policy_of(*waivers, head=head) if waivers else head)
        return judge(case_of(folder, *issues, **more))

    return judged


def security(verdict: Verdict) -> str:
    return next(item.status for item in verdict.criteria if item.id == "security_audit")


def rules(text: str, planning: Planning, today: date = TODAY) -> list[str]:
    return [finding.rule for finding in policy_findings(Source("readiness.yaml", text, ""), planning, today)]


def applied(planning: Planning, *waivers: Waiver, issues: tuple[Issue, ...] = (SECRET,)) -> Acceptance:
    return apply(waivers, issues, days=WaiverDays(), planning=planning, today=TODAY)


def parsed(of: Issue = SECRET, **changes: Any) -> Waiver:
    (read,) = read_policy(Source("readiness.yaml", policy_of(waiver(of, **changes)), ""))[0].waivers
    return read


class TestAccepted:
    def test_a_known_issue_is_waived_and_the_verdict_says_so(self, verdict_of: Callable[..., Verdict]) -> None:
        verdict = verdict_of(waiver(SECRET))
        (found,) = [item for item in verdict.criteria if item.id == "security_audit"]
        assert found.status == "waived"
        assert found.next == ""
        assert "waived until 2026-12-04" in found.reason
        assert "R-001" in found.reason
        (listed,) = verdict.waivers
        assert (listed.state, listed.criterion, listed.subject, listed.grade, listed.problem, listed.at) == (
            "applied",
            "security_audit",
            "app.py",
            "high",
            "",
            "readiness.yaml:2",
        )

    def test_without_it_a_ticked_box_is_contradicted(self, verdict_of: Callable[..., Verdict]) -> None:
        assert security(verdict_of()) == "contradicted"

    def test_every_issue_needs_one(self, verdict_of: Callable[..., Verdict]) -> None:
        other = issue("token = abc")
        assert security(verdict_of(waiver(SECRET), issues=(SECRET, other))) == "contradicted"
        assert security(verdict_of(waiver(SECRET), waiver(other), issues=(SECRET, other))) == "waived"

    def test_a_time_is_whole_days_and_both_ends_count(self, verdict_of: Callable[..., Verdict]) -> None:
        assert security(verdict_of(waiver(SECRET, granted=TODAY, expires=TODAY))) == "waived"

    def test_the_day_is_utc(self, tmp_path: Path) -> None:
        case = case_of(write_plan(tmp_path, policy_of(waiver(SECRET, expires=TODAY))), SECRET)
        late = case.circumstances.model_copy(update={"as_of": "2026-11-28T01:30:00+02:00"})
        assert security(judge(case.model_copy(update={"circumstances": late}))) == "waived"
        later = case.circumstances.model_copy(update={"as_of": "2026-11-27T23:30:00-02:00"})
        assert security(judge(case.model_copy(update={"circumstances": later}))) == "contradicted"


ATTACKS: dict[str, tuple[dict[str, Any], str]] = {
    "expired yesterday": ({"expires": TODAY - DAY}, "waiver-expired"),
    "granted tomorrow": ({"granted": TODAY + DAY, "expires": TODAY + 2 * DAY}, "waiver-not-granted"),
    "ends before it begins": ({"granted": TODAY - DAY, "expires": TODAY - 2 * DAY}, "waiver-dates"),
    "a day too long": ({"granted": TODAY, "expires": TODAY + 31 * DAY}, "waiver-too-long"),
    "self-approved": ({"approver": "Alan Turing"}, "waiver-self-approved"),
    "self-approved in capitals": ({"approver": " ALAN  TURING "}, "waiver-self-approved"),
    "self-approved, turned round": ({"approver": "Turing, Alan"}, "waiver-self-approved"),
    "self-approved with a Cyrillic a": ({"approver": "\u0410l\u0430n Turing"}, "waiver-self-approved"),
    "self-approved with an invisible letter": ({"approver": "Al\u200ban Tu\u00adring"}, "waiver-self-approved"),
    "self-approved with an accent": ({"approver": "\u00c1lan Turing"}, "waiver-self-approved"),
    "self-approved with wide letters": ({"approver": "\uff21\uff4c\uff41\uff4e Turing"}, "waiver-self-approved"),
    "self-approved by e-mail": (
        {"requester": "Al <at@example.org>", "approver": "Turing <AT+ok@Example.org>"},
        "waiver-self-approved",
    ),
    "approved by an agent": ({"approver": "Claude Code"}, "waiver-no-person"),
    "approved by a role of the plan": ({"approver": "Planner"}, "waiver-no-person"),
    "approved by nobody": ({"approver": "?"}, "waiver-no-person"),
    "no such risk": ({"risk": "R-999"}, "waiver-risk"),
    "no reason of substance": ({"reason": "ok ok ok ok"}, "waiver-reason"),
    "no digest": ({"digest": "app.py:12"}, "waiver-digest"),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_a_waiver_with_a_fault_accepts_nothing(
    name: str, verdict_of: Callable[..., Verdict], planning: Planning
) -> None:
    changes, rule = ATTACKS[name]
    verdict = verdict_of(waiver(SECRET, **changes))
    assert security(verdict) == "contradicted"
    (listed,) = verdict.waivers
    assert listed.state == ("expired" if rule == "waiver-expired" else "invalid")
    assert listed.problem
    # The audit knows no grades, so it can tell of length only what is too long for all of them.
    expected = [] if rule == "waiver-too-long" else [rule]
    assert set(expected) <= set(rules(policy_of(waiver(SECRET, **changes)), planning))


@pytest.mark.parametrize("field", REQUIRED)
def test_no_field_can_be_left_out(field: str, verdict_of: Callable[..., Verdict], planning: Planning) -> None:
    changed = waiver(SECRET, **{field: None})
    assert security(verdict_of(changed)) == "contradicted"
    assert rules(policy_of(changed), planning) == ["waiver-incomplete"]
    assert security(verdict_of(waiver(SECRET, **{field: ""}))) == "contradicted"


@pytest.mark.parametrize("text", ["2026-13-01", "soon", "0", "never"])
def test_a_date_that_is_none_is_missing(text: str, planning: Planning) -> None:
    assert rules(policy_of(waiver(SECRET, expires=text)), planning) == ["wrong-value", "waiver-incomplete"]


class TestBinding:
    """A waiver holds for what was found, and for nothing that took its place."""

    def test_another_secret_on_the_same_line_is_open(self, verdict_of: Callable[..., Verdict]) -> None:
        verdict = verdict_of(waiver(SECRET), issues=(issue("password = hunter3"),))
        assert security(verdict) == "contradicted"
        assert [one.state for one in verdict.waivers] == ["unmatched"]

    def test_indentation_and_place_change_nothing(self, verdict_of: Callable[..., Verdict]) -> None:
        assert security(verdict_of(waiver(SECRET), issues=(issue("    password  =  hunter2\n"),))) == "waived"

    def test_one_that_matches_nothing_does_no_harm(self, verdict_of: Callable[..., Verdict]) -> None:
        verdict = verdict_of(waiver(SECRET), issues=())
        assert security(verdict) == "verified"
        (listed,) = verdict.waivers
        assert listed.state == "unmatched"
        assert "matches no issue" in listed.problem

    def test_what_a_waiver_says_of_grade_and_criterion_counts_for_nothing(
        self, verdict_of: Callable[..., Verdict]
    ) -> None:
        critical = issue(grade="critical")
        long = waiver(critical, grade="low", criterion="documentation", granted=TODAY, expires=TODAY + 16 * DAY)
        verdict = verdict_of(long, issues=(critical,))
        assert security(verdict) == "contradicted"
        (listed,) = verdict.waivers
        assert (listed.grade, listed.criterion) == ("critical", "security_audit")

    def test_the_worst_grade_counts_where_one_thing_has_two(self, planning: Planning) -> None:
        long = parsed(granted=TODAY, expires=TODAY + 60 * DAY)
        both = (issue(grade="medium"), issue(grade="high"))
        assert applied(planning, long, issues=both[:1]).open == ()
        assert applied(planning, long, issues=both).open == both

    def test_it_does_so_across_reports(self, tmp_path: Path) -> None:
        case = case_of(write_plan(tmp_path, policy_of(waiver(SECRET, granted=TODAY, expires=TODAY + 60 * DAY))))
        reports = dict(case.reports)
        grades: dict[str, Grade] = {"documentation": "medium", "security": "high"}
        for name, grade in grades.items():
            reports[name] = reports[name].model_copy(update={"issues": (issue(grade=grade),)})
            found = judge(case.model_copy(update={"reports": reports}))
            status = {item.id: item.status for item in found.criteria}
            assert status["documentation"] == ("waived" if name == "documentation" else "unverified")


class TestUnknown:
    """Nothing but an issue can be waived."""

    @pytest.mark.parametrize("state", [state for state in STATES if state != "passed"])
    def test_no_state_is(self, state: State, verdict_of: Callable[..., Verdict]) -> None:
        verdict = verdict_of(waiver(SECRET), states={"security": state})
        assert security(verdict) not in ("waived", "verified")

    def test_a_blocked_criterion_stays_blocked(self, verdict_of: Callable[..., Verdict]) -> None:
        verdict = verdict_of(waiver(SECRET), broken=("ledger.jsonl:3: record 3 was edited",))
        assert security(verdict) == "unverified"

    def test_obstacles_are_not_waived(self, tmp_path: Path) -> None:
        folder = write_plan(tmp_path, policy_of(waiver(SECRET)))
        case = case_of(folder, sound=False)
        reports = {**case.reports, "ui": case.reports["ui"].model_copy(update={"issues": (SECRET,)})}
        verdict = judge(case.model_copy(update={"reports": reports}))
        status = {item.id: item.status for item in verdict.criteria}
        assert (status["ui_integration"], status["stories_completed"]) == ("waived", "unverified")
        waves = {name: wave for name, wave in case.waves.items() if name != "ui-integration"}
        verdict = judge(case.model_copy(update={"reports": reports, "waves": waves}))
        assert next(item.status for item in verdict.criteria if item.id == "ui_integration") == "unverified"

    def test_the_veracity_of_the_index_is_asked_of_a_waived_report_too(self, tmp_path: Path) -> None:
        case = case_of(write_plan(tmp_path, policy_of(waiver(SECRET))))
        poor = case.reports["ess"].model_copy(update={"issues": (SECRET,), "measured": 1.0})
        verdict = judge(case.model_copy(update={"reports": {**case.reports, "ess": poor}}))
        assert next(item.status for item in verdict.criteria if item.id == "ess_integration") == "unverified"


class TestMany:
    def test_the_second_of_one_issue_is_a_finding_with_both_places(self, planning: Planning) -> None:
        text = policy_of(waiver(SECRET), waiver(SECRET, owner="Somebody Else"))
        (finding,) = policy_findings(Source("readiness.yaml", text, ""), planning, TODAY)
        assert finding.rule == "waiver-duplicate"
        assert finding.at == (Place("readiness.yaml", 3), Place("readiness.yaml", 2))

    def test_a_second_one_cannot_mend_the_first(self, verdict_of: Callable[..., Verdict]) -> None:
        assert security(verdict_of(waiver(SECRET, risk="R-9"), waiver(SECRET))) == "contradicted"

    def test_items_of_the_wrong_kind_are_findings(self, planning: Planning) -> None:
        assert rules("waivers: all\n", planning) == ["wrong-kind"]
        assert rules("waivers: [all]\n", planning) == ["wrong-kind"]
        assert rules("waivers: [{}]\n", planning) == ["waiver-incomplete"]
        assert rules(policy_of(waiver(SECRET, line="7")), planning) == ["unread-key"]

    def test_the_longest_time_of_all_grades_bounds_what_the_audit_sees(self, planning: Planning) -> None:
        assert rules(policy_of(waiver(SECRET, granted=TODAY, expires=TODAY + 180 * DAY)), planning) == []
        assert rules(policy_of(waiver(SECRET, granted=TODAY, expires=TODAY + 181 * DAY)), planning) == [
            "waiver-too-long"
        ]

    def test_a_team_may_shorten_the_times(self, verdict_of: Callable[..., Verdict]) -> None:
        assert security(verdict_of(waiver(SECRET), head="waiver_days: {high: 13}\n")) == "contradicted"
        assert security(verdict_of(waiver(SECRET), head="waiver_days: {high: 14}\n")) == "waived"

    def test_no_time_is_longer_than_a_year(self, planning: Planning) -> None:
        assert rules("waiver_days: {low: 3650}\n", planning) == ["wrong-value"]

    def test_a_plan_without_a_register_has_no_risk_to_take(self, tmp_path: Path) -> None:
        folder = write_plan(tmp_path, policy_of(waiver(SECRET)))
        assert "R-001" in RISKS
        (folder / "RISK-ASSESSMENT.md").unlink()
        assert security(judge(case_of(folder, SECRET))) == "contradicted"


def _changed(of: Issue, changes: dict[str, Any]) -> Waiver:
    return parsed(of, **changes)


FIELDS = st.sampled_from(REQUIRED)
WAIVERS = st.builds(
    _changed,
    st.sampled_from([SECRET, issue("token = abc"), issue("key = xyz")]),
    st.dictionaries(
        st.sampled_from(["granted", "expires"]), st.integers(-200, 200).map(lambda days: TODAY + days * DAY)
    )
    | st.dictionaries(st.sampled_from(["owner", "requester", "approver"]), st.sampled_from(["Ada", "ADA ", "claude"]))
    | st.dictionaries(FIELDS, st.just("")),
)
ISSUES = st.lists(
    st.builds(issue, st.sampled_from(["password = hunter2", "token = abc", "other"]), st.sampled_from(GRADES)),
    max_size=4,
)


class TestAlgebra:
    @given(waivers=st.lists(WAIVERS, max_size=4), issues=ISSUES)
    def test_a_waiver_never_makes_more_pass_than_its_own_issue(
        self, waivers: list[Waiver], issues: list[Issue], planning: Planning
    ) -> None:
        found = applied(planning, *waivers, issues=tuple(issues))
        gone = [one for one in issues if one not in found.open]
        assert {one.digest for one in gone} == {standing.waiver.digest for standing in found.applied}
        assert {one.digest for one in gone} <= {one.digest for one in waivers}
        assert not {one.digest for one in gone} & {one.digest for one in found.open}
        assert len(found.standings) == len(waivers)

    @given(waivers=st.lists(WAIVERS, max_size=3), issues=ISSUES, extra=WAIVERS)
    def test_one_more_at_the_end_opens_nothing_and_accepts_its_own_issue_at_most(
        self, waivers: list[Waiver], issues: list[Issue], extra: Waiver, planning: Planning
    ) -> None:
        before = applied(planning, *waivers, issues=tuple(issues)).open
        after = applied(planning, *waivers, extra, issues=tuple(issues)).open
        assert set(after) <= set(before)
        assert {one.digest for one in set(before) - set(after)} <= {extra.digest}

    @given(grade=st.sampled_from(GRADES), begun=st.integers(-400, 5), length=st.integers(-5, 400))
    def test_what_is_accepted_is_within_its_time(
        self, grade: Grade, begun: int, length: int, planning: Planning
    ) -> None:
        granted = TODAY + begun * DAY
        one = parsed(granted=granted, expires=granted + length * DAY)
        accepted = not applied(planning, one, issues=(issue(grade=grade),)).open
        assert accepted == (begun <= 0 <= begun + length and 0 <= length <= WaiverDays().of(grade))

    @given(fields=st.sets(FIELDS, min_size=1))
    def test_without_any_of_its_fields_nothing_is_accepted(self, fields: set[str], planning: Planning) -> None:
        assert applied(planning, parsed()).open == ()
        changes: dict[str, Any] = dict.fromkeys(fields)
        assert applied(planning, _changed(SECRET, changes)).open == (SECRET,)

    @given(text=st.text(max_size=200))
    def test_any_text_is_findings_at_most(self, text: str, planning: Planning) -> None:
        found = policy_findings(Source("readiness.yaml", f"waivers:\n{text}", ""), planning, TODAY)
        assert all(isinstance(finding, Finding) for finding in found)
