"""``ui_integration``: every story of the UI track is done, the track's gate passed, and so did a run in a browser."""

from __future__ import annotations

from radeng_assets.planning.documents.execution_plan import UI_TRACK
from radeng_assets.readiness.case import Case
from radeng_assets.readiness.criteria.reports import judge_report
from radeng_assets.readiness.criteria.stories import judge_stories
from radeng_assets.readiness.verdict import CriterionStatus, CriterionVerdict

ID = "ui_integration"

_FROM_BEST: tuple[CriterionStatus, ...] = ("verified", "waived", "unverified", "stale", "contradicted")

_UNMEASURED = "Name a run in a browser in readiness.yaml (reports: ui)."


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
    work = judge_stories(case, ID, stories, obstacles)
    # Stories show that the code is there; that a browser run worked is evidence of its own.
    browser = judge_report(case, ID, case.reports["ui"], unmeasured=_UNMEASURED)
    worse = max(work, browser, key=lambda one: _FROM_BEST.index(one.status))
    return work.model_copy(
        update={
            "status": worse.status,
            "evidence": tuple(dict.fromkeys((*work.evidence, *browser.evidence))),
            "reason": f"{work.reason}; browser run: {browser.reason}",
            "next": worse.next,
        }
    )
