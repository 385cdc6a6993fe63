"""``ui_integration``: the track's stories and the run in a browser, neither of which stands in for the other."""

from __future__ import annotations

from pathlib import Path

import pytest

from radeng_assets.evidence.outcomes import StoryOutcome, WaveOutcome
from radeng_assets.evidence.states import State
from radeng_assets.planning.folder import read_planning, read_sources
from radeng_assets.planning.schedule import compile_schedule
from radeng_assets.readiness.case import Case
from radeng_assets.readiness.circumstances import Circumstances, Target
from radeng_assets.readiness.criteria import ui_integration
from radeng_assets.readiness.policy import Policy
from radeng_assets.readiness.reports.assessment import Assessment, Issue
from radeng_assets_tests.folders import PLAN, UI, write_folder

FAILED = Issue(rule="test-failed", subject="t.n", grade="high", message="t.n failed", digest="sha256:x")


def case(folder: Path, report: Assessment, *, done: bool = True, ticked: bool = False) -> Case:
    write_folder(folder, PLAN + UI)
    box = "x" if ticked else " "
    text = f"# Plan\n\n## Success Criteria\n\n- [{box}] UI integration complete\n"
    (folder / "README.md").write_text(text, encoding="utf-8")
    planning = read_planning(read_sources(folder))
    assert planning.execution_plan is not None
    schedule, _ = compile_schedule(planning.execution_plan)
    assert schedule is not None
    story = StoryOutcome(
        story="UI-1",
        wave="ui-integration",
        status="verified" if done else "blocked",
        mode="none",
        plan="p",
        session="s",
        evidence=("sha256:story",),
    )
    wave = WaveOutcome(wave="ui-integration", gate="passed", mode="none", plan="p", session="s")
    return Case(
        planning=planning,
        schedule=schedule,
        policy=Policy(),
        sound=True,
        circumstances=Circumstances(as_of="2026-11-01T00:00:00+00:00", target=Target(commit="c" * 40, tree="d" * 40)),
        stories={"UI-1": story},
        waves={"ui-integration": wave},
        reports={"ui": report},
    )


def report(state: State = "passed", *issues: Issue) -> Assessment:
    return Assessment(report="ui", state=state, reason=f"it is {state}", issues=issues, evidence=("sha256:ui",))


def test_both_together_hold_and_cite_the_evidence_of_both(tmp_path: Path) -> None:
    found = ui_integration.judge(case(tmp_path / "plan", report()))
    assert (found.status, found.measured, found.threshold) == ("verified", 1.0, 1.0)
    assert found.evidence == ("sha256:story", "sha256:ui")


@pytest.mark.parametrize(
    ("state", "issues", "ticked", "status"),
    [
        ("missing", (), False, "unverified"),
        ("missing", (), True, "unverified"),
        ("skipped", (), True, "unverified"),
        ("stale", (), False, "stale"),
        ("failed", (), False, "unverified"),
        ("failed", (), True, "contradicted"),
        ("passed", (FAILED,), False, "unverified"),
        ("passed", (FAILED,), True, "contradicted"),
    ],
)
def test_done_stories_are_no_run_in_a_browser(
    tmp_path: Path, state: State, issues: tuple[Issue, ...], ticked: bool, status: str
) -> None:
    found = ui_integration.judge(case(tmp_path / "plan", report(state, *issues), ticked=ticked))
    assert found.status == status
    assert f"browser run: it is {state}" in found.reason
    assert ("t.n failed" in found.reason) == bool(issues)
    assert "sha256:ui" in found.evidence
    assert found.next


def test_a_run_in_a_browser_is_no_done_story(tmp_path: Path) -> None:
    found = ui_integration.judge(case(tmp_path / "plan", report(), done=False))
    assert (found.status, found.measured) == ("unverified", 0.0)
    assert found.next
