"""``stories_completed``: every story of every wave is done, every gate passed, and no blocking issue is open."""

from __future__ import annotations

from radeng_assets.planning.documents.execution_plan import QualityGates
from radeng_assets.readiness.blocking import open_blockers, unread
from radeng_assets.readiness.case import Case
from radeng_assets.readiness.criteria.stories import judge_stories
from radeng_assets.readiness.verdict import CriterionVerdict

ID = "stories_completed"

SHOWING_PHASES = ("post_story", "post_wave", "post_final")
"""The gates without which nothing is READY, whatever a plan requires. ``pre_story`` looks at what was there before."""


def judge(case: Case) -> CriterionVerdict:
    """Judge the criterion. Unit: stories."""
    return judge_stories(case, ID, case.schedule.stories, _obstacles(case))


def _obstacles(case: Case) -> list[str]:
    obstacles: list[str] = []
    plan = case.planning.execution_plan
    gates = plan.gates if plan else QualityGates()
    if not case.sound:
        obstacles.append("the execution plan could not be read whole, so stories may be missing")
    if case.refusal:
        obstacles.append(case.refusal.rstrip("."))
    empty = [phase for phase in SHOWING_PHASES if not gates.commands(phase)]
    if case.schedule.stories and empty:
        obstacles.append(f"the plan names no command for {', '.join(empty)}, and an empty gate shows nothing")
    closed = [
        wave.id
        for wave in case.schedule.waves
        if (outcome := case.waves.get(wave.id)) is None or outcome.gate != "passed"
    ]
    if closed:
        why = next((f" ({case.lapsed[wave].reason})" for wave in closed if wave in case.lapsed), "")
        obstacles.append(f"no passed gate for {', '.join(closed)}{why}")
    gate = case.final_gate
    if gate is None:
        lapse = case.lapsed.get("final_gate")
        obstacles.append(f"the final gate: {lapse.reason}" if lapse else "the final gate did not run")
    elif gate.state != "passed":
        obstacles.append(f"the final gate: {gate.reason or gate.state}")
    lost = unread(case.planning)
    if lost:
        obstacles.append(f"{', '.join(lost)} could not be read whole, so blocking issues may be missing")
    obstacles += [f"blocking issue: {words}" for words in open_blockers(case)]
    return obstacles
