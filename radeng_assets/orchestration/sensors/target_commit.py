"""``target_commit_sensor``: the verdict follows the target, and the clock, without anybody running anything."""

from __future__ import annotations

from datetime import datetime, timedelta

import dagster as dg
from pydantic import ValidationError

from radeng_assets.evidence.envelope import timestamp
from radeng_assets.execution.git import GitError, NotARepository
from radeng_assets.orchestration.assets.readiness import PRODUCTION_READINESS, PROGRESS
from radeng_assets.orchestration.jobs import READINESS_JOB
from radeng_assets.orchestration.names import REFRESH_TAG
from radeng_assets.orchestration.site import Site
from radeng_assets.orchestration.unfinished import UNFINISHED
from radeng_assets.readiness.freshness import moment
from radeng_assets.readiness.judge import judge
from radeng_assets.readiness.lapses import next_lapse
from radeng_assets.readiness.turns import Posture, posture_of
from radeng_assets.readiness.verdict import Verdict
from radeng_assets.record import Record

NAME = "target_commit_sensor"

INTERVAL_S = 30
"""Seconds between looks. A look asks git for two refs (and fetches, where the target is a URL); where these, the plan
and the ledger are as they were, nothing is judged. Less than 10 is no good: while agents write to the ledger, every
look judges."""

JUDGE_AGAIN = timedelta(minutes=15)
"""At the latest so long after the last look that judged: what ages inside a report is not foreseen."""

TRIES = 3
"""Runs that may fail before a person must look."""

RECENT = timedelta(minutes=10)
"""A run that began longer ago is not waited for: one that was killed without a daemon stays unfinished for ever."""


class Seen(Record):
    """What the last look that judged saw. ``state`` is all that a verdict changes with but for the time.

    ``lapse`` is the next moment at which evidence gets too old or a waiver expires (ISO 8601), ``due`` when to judge
    again at the latest.
    """

    state: tuple[str, ...] = ()
    lapse: str = ""
    due: str = ""
    posture: Posture | None = None


def target_commit_sensor(site: Site) -> dg.SensorDefinition:
    """The sensor over a site's target."""

    @dg.sensor(
        name=NAME,
        asset_selection=dg.AssetSelection.assets(PROGRESS, PRODUCTION_READINESS),
        minimum_interval_seconds=INTERVAL_S,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Judges anew when the target moved on, evidence got too old or a waiver expired. Runs no command "
        "of the target's: what is stale becomes visible, and stays stale until somebody runs it.",
    )
    def sensor(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        now = site.now()
        try:
            commits = now.commits()
            if commits is None:
                return _skip("There is no target.", context.cursor)
            return _look(now, commits, context)
        except (NotARepository, GitError):
            # Its words may repeat the target's address.
            return _skip("The target cannot be read now.", context.cursor)

    return sensor


def _look(site: Site, commits: tuple[str, str], context: dg.SensorEvaluationContext) -> dg.SensorResult:
    seen = _recall(context.cursor)
    head = site.home.ledger.head_file
    ledger = head.read_text("utf-8") if head.exists() else ""
    plan = (site.served.digest, site.served.broken.name if site.served.broken else "")
    state = (*commits, ledger, *plan)
    time = moment(timestamp())
    if state == seen.state and not _passed(seen.due, time):
        return _skip(f"Nothing changed; the next look that judges is due at {seen.due}.", context.cursor)
    if _judging(context.instance, time):
        return _skip("A run judges now.", context.cursor)
    docket = site.docket()
    case = docket.case()
    posture = posture_of(judge(case))
    last = context.instance.get_latest_materialization_event(dg.AssetKey(PRODUCTION_READINESS))
    before = _stored(site) or seen.posture
    lapse = next_lapse(case, docket.read)
    due = min(lapse or time + JUDGE_AGAIN, time + JUDGE_AGAIN)
    cursor = Seen(
        state=state, due=due.isoformat(), lapse=lapse.isoformat() if lapse else "", posture=posture
    ).model_dump_json()
    if before is None:
        return _skip("Nothing was judged yet.", cursor)
    if before == posture:
        return _skip("The verdict stands.", cursor)
    if site.served.broken and before.commit == posture.commit and not _passed(seen.lapse, time):
        return _skip("The planning folder is broken: its check says so, and the verdict waits for the mend.", cursor)
    about = f"{posture.commit}:{posture.digest}"
    if last and _refreshed(context.instance, last.run_id) == about:
        return _skip("It was judged just so, and came out otherwise: somebody must look.", cursor)
    failed = context.instance.get_runs_count(
        dg.RunsFilter(tags={REFRESH_TAG: about}, statuses=[dg.DagsterRunStatus.FAILURE])
    )
    if failed >= TRIES:
        return _skip(f"{failed} runs that were to judge it failed: see their logs.", context.cursor)
    request = dg.RunRequest(
        run_key=f"{about}:{last.timestamp if last else 'never'}:{failed}",
        asset_selection=[dg.AssetKey(PROGRESS), dg.AssetKey(PRODUCTION_READINESS)],
        tags={REFRESH_TAG: about},
    )
    # The cursor stays: until a run has judged, every look asks for the same run.
    return dg.SensorResult(run_requests=[request], cursor=context.cursor or Seen(posture=before).model_dump_json())


def _recall(cursor: str | None) -> Seen:
    try:
        return Seen.model_validate_json(cursor) if cursor else Seen()
    except ValidationError:
        return Seen()


def _stored(site: Site) -> Posture | None:
    """What was judged last."""
    try:
        return posture_of(Verdict.model_validate_json(site.home.verdict.read_bytes()))
    except (OSError, ValidationError):
        return None


def _judging(instance: dg.DagsterInstance, now: datetime) -> bool:
    """Whether a run is on that will judge."""
    recent = dg.RunsFilter(statuses=UNFINISHED, created_after=now - RECENT)
    key = dg.AssetKey(PRODUCTION_READINESS)
    return any(run.job_name == READINESS_JOB or key in (run.asset_selection or ()) for run in instance.get_runs(recent))


def _refreshed(instance: dg.DagsterInstance, run_id: str) -> str | None:
    """What a run of this sensor's was to judge; ``None`` for another's."""
    run = instance.get_run_by_id(run_id)
    return run.tags.get(REFRESH_TAG) if run else None


def _passed(due: str, now: datetime) -> bool:
    return bool(due) and now >= moment(due)


def _skip(why: str, cursor: str | None) -> dg.SensorResult:
    return dg.SensorResult(skip_reason=dg.SkipReason(why), cursor=cursor)
