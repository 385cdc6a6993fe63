"""``ui_integration``: every story of the UI track is done and the track's gate passed."""

from __future__ import annotations

from radeng_assets.planning.documents.execution_plan import UI_TRACK
from radeng_assets.readiness.acceptance import accept, waived
from radeng_assets.readiness.case import Case
from radeng_assets.readiness.criteria.stories import judge_stories
from radeng_assets.readiness.verdict import CriterionVerdict

ID = "ui_integration"


def judge(case: Case) -> CriterionVerdict:
    """Judge the criterion. Unit: stories. A plan without the track leaves it unverified."""
    stories = [story for wave in case.schedule.waves if wave.id == UI_TRACK for story in wave.stories]
    obstacles: list[str] = []
    if not stories:
        obstacles.append(f"the plan has no {UI_TRACK} track")
    else:
        outcome = case.waves.get(UI_TRACK)
        if outcome is None or outcome.gate != "passed":
            obstacles.append(f"the gate of {UI_TRACK} has not passed")
    # Stories show that the code is there; that a browser run worked is evidence of its own.
    report = case.reports["ui"]
    acceptance = accept(case, [report])
    if report.state != "passed":
        obstacles.append(f"browser run: {report.reason or report.state}")
    if acceptance.open:
        obstacles.append(f"browser run: {'; '.join(issue.message for issue in acceptance.open)}")
    found = judge_stories(case, ID, stories, obstacles)
    if found.status != "verified" or not acceptance.applied:
        return found
    reason = "; ".join([found.reason, *waived(acceptance.applied)])
    return found.model_copy(update={"status": "waived", "reason": reason})
