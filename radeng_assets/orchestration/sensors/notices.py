"""What people are told by webhook: runs that failed, READY that is no more, criteria that became stale."""

from __future__ import annotations

import dagster as dg
from pydantic import ValidationError

from radeng_assets.orchestration.names import PARTITION_TAG
from radeng_assets.orchestration.posting import NotSent
from radeng_assets.orchestration.site import Site
from radeng_assets.orchestration.webhook import ADDRESS, Webhook
from radeng_assets.readiness.turns import Posture, posture_of, turns
from radeng_assets.readiness.verdict import Verdict

VERDICT_NOTICE = "verdict_notice_sensor"
FAILURE_NOTICE = "run_failure_notice_sensor"

INTERVAL_S = 30
"""Seconds between looks at the last verdict."""


class NotTold(Exception):  # noqa: N818  # named for what happened
    """A failed run of which the webhook does not want to know."""


def verdict_notice_sensor(site: Site) -> dg.SensorDefinition:
    """Tells what turned for the worse between the verdicts that were judged."""

    @dg.sensor(
        name=VERDICT_NOTICE,
        minimum_interval_seconds=INTERVAL_S,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description=f"Tells the webhook of {ADDRESS} when READY is no more, and when a criterion becomes stale.",
    )
    def sensor(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        try:
            verdict = Verdict.model_validate_json(site.home.verdict.read_bytes())
        except (OSError, ValidationError):
            return _skip("Nothing was judged yet.", context.cursor)
        before, now = _recall(context.cursor), posture_of(verdict).model_dump_json()
        words = [*turns(before, verdict)] if before else []
        if not words:
            return _skip("Nothing turned for the worse.", now)
        webhook = Webhook.configured(site.home.path)
        if webhook is None:
            return _skip(f"Nobody is told: {ADDRESS} is not set. {' '.join(words)}", now)
        try:
            new = webhook.tell("\n".join(f"{site.settings.plan_name}: {line}" for line in words))
        except NotSent as error:
            # The cursor stays, so the next look tells it.
            return _skip(f"The webhook did not take it: {error}.", context.cursor)
        return _skip(f"{'Told' if new else 'Told before'}: {' '.join(words)}", now)

    return sensor


def run_failure_notice_sensor(site: Site) -> dg.SensorDefinition:
    """Tells of runs that failed: which, and at which steps. Their words stay in their logs, which have no stranger."""

    @dg.run_failure_sensor(
        name=FAILURE_NOTICE,
        minimum_interval_seconds=INTERVAL_S,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description=f"Tells the webhook of {ADDRESS} which run failed, and at which steps.",
    )
    def sensor(context: dg.RunFailureSensorContext) -> dg.SkipReason | None:
        webhook = Webhook.configured(site.home.path)
        if webhook is None:
            return dg.SkipReason(f"Nobody is told: {ADDRESS} is not set.")
        try:
            webhook.tell(_failed(site, context))
        except NotSent as error:
            raise NotTold(f"The webhook did not take it: {error}.") from None
        return None

    return sensor


def _failed(site: Site, context: dg.RunFailureSensorContext) -> str:
    run = context.dagster_run
    wave = f" of {run.tags[PARTITION_TAG]}" if PARTITION_TAG in run.tags else ""
    steps = sorted({event.step_key for event in context.get_step_failure_events() if event.step_key})
    at = f" at {', '.join(steps)}" if steps else ""
    where = f" {site.settings.webserver_url}/runs/{run.run_id}" if site.settings.webserver_url else ""
    return f"{site.settings.plan_name}: run {run.run_id}{wave} failed{at}.{where}"


def _recall(cursor: str | None) -> Posture | None:
    try:
        return Posture.model_validate_json(cursor) if cursor else None
    except ValidationError:
        return None


def _skip(why: str, cursor: str | None) -> dg.SensorResult:
    return dg.SensorResult(skip_reason=dg.SkipReason(why), cursor=cursor)
