"""``risk_review_schedule``: the audit is asked again as often as the risk register wants to be reviewed.

The register itself is not materialized: that would look as if somebody had reviewed it. Its freshness policy says that
nobody has.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import dagster as dg

from radeng_assets.orchestration.assets.audit import PLAN_AUDIT
from radeng_assets.orchestration.site import Site

NAME = "risk_review_schedule"

MORNINGS = "0 6 * * *"
"""Every day at six, UTC; most days find that nothing is due."""


def risk_review_schedules(site: Site) -> list[dg.ScheduleDefinition]:
    """The schedule of a site; none where the register states no cadence."""
    days = site.served.review_days()
    if days is None:
        return []

    @dg.schedule(
        name=NAME,
        cron_schedule=MORNINGS,
        execution_timezone="UTC",
        target=dg.AssetSelection.assets(PLAN_AUDIT),
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=f"Audits the folder again when the last audit is {days} days old: the shortest review interval "
        "that the risk register states.",
    )
    def schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        now = context.scheduled_execution_time.astimezone(UTC)
        event = context.instance.get_latest_materialization_event(dg.AssetKey(PLAN_AUDIT))
        last = datetime.fromtimestamp(event.timestamp, UTC) if event else None
        if not due(last, now, days):
            return dg.SkipReason(f"The last audit is of {last:%Y-%m-%d}, and the next one due after {days} days.")
        return dg.RunRequest(run_key=f"{NAME}:{now:%Y-%m-%d}")

    return [schedule]


def due(last: datetime | None, now: datetime, days: int) -> bool:
    """Whether a review is due: none yet, or the last one on an earlier day than ``days`` before (UTC)."""
    return last is None or last.date() <= (now - timedelta(days=days)).date()
