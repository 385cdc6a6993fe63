"""The plan's own progress structure, counted from outcomes instead of claimed."""

from __future__ import annotations

from radeng_assets.evidence.outcomes import DONE
from radeng_assets.readiness.case import Case
from radeng_assets.record import Record


class ProgressCounts(Record):
    """Stories and points. ``percentage`` is of points, in percent, rounded down."""

    total_stories: int
    completed: int
    in_progress: int
    pending: int
    total_points: int
    completed_points: int
    percentage: int


class Progress(Record):
    """``progress:`` of an execution plan, with its two keys."""

    summary: ProgressCounts
    wave_status: dict[str, str]


def progress_of(case: Case) -> Progress:
    """Count what is done. A story is in progress once it was tried and is not done."""
    stories = case.schedule.stories
    done = [s for s in stories if (o := case.stories.get(s.id)) and o.status in DONE]
    tried = [s for s in stories if (o := case.stories.get(s.id)) and o.status in ("failed", "blocked")]
    total = sum(s.story.points.value for s in stories if s.story.points)
    points = sum(s.story.points.value for s in done if s.story.points)
    return Progress(
        summary=ProgressCounts(
            total_stories=len(stories),
            completed=len(done),
            in_progress=len(tried),
            pending=len(stories) - len(done) - len(tried),
            total_points=total,
            completed_points=points,
            percentage=100 * points // total if total > 0 else 0,
        ),
        wave_status={wave.id: _status(case, wave.id) for wave in case.schedule.waves},
    )


def _status(case: Case, wave_id: str) -> str:
    outcome = case.waves.get(wave_id)
    if outcome is None or outcome.gate in ("rehearsed", "not_run"):
        return "pending"
    return "completed" if outcome.gate == "passed" else "in_progress"
