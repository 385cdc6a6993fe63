"""``next_wave_sensor``: opens the waves whose predecessors' gates passed. Off until a person switches it on."""

from __future__ import annotations

from functools import cache

import dagster as dg

from radeng_assets.execution.git import GitError, NotARepository
from radeng_assets.orchestration.jobs import WAVE_JOB
from radeng_assets.orchestration.names import PARTITION_TAG
from radeng_assets.orchestration.site import Site
from radeng_assets.orchestration.unfinished import UNFINISHED
from radeng_assets.planning.folder import POLICY
from radeng_assets.planning.schedule import shape
from radeng_assets.readiness.openings import standing_of, waiting
from radeng_assets.readiness.policy import hold_doubts

NAME = "next_wave_sensor"

INTERVAL_S = 30
"""Seconds between looks."""


def next_wave_sensor(site: Site) -> dg.SensorDefinition:
    """The sensor over a site's waves."""

    @dg.sensor(
        name=NAME,
        job_name=WAVE_JOB,
        minimum_interval_seconds=INTERVAL_S,
        default_status=dg.DefaultSensorStatus.STOPPED,
        description="Opens every wave whose predecessors' gates passed, once for each plan and commit. Waves that "
        "readiness.yaml holds (waves: hold) wait for a person.",
    )
    def sensor(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        now = site.now()
        try:
            why = _halted(now, shape(site.served.schedule))
            return _skip(why) if why else _look(now, context.instance)
        except (NotARepository, GitError):
            return _skip("The target cannot be read now.")

    return sensor


def _halted(site: Site, defined: str) -> str:
    """Why nothing at all may be opened; empty where something may. ``defined`` is the shape of the defined plan."""
    pulled = site.home.stop.pulled
    if pulled is not None:
        return f"Everything is halted: {pulled}"
    if site.served.broken is not None or not site.served.sound:
        return "The planning folder is broken: nothing new begins before it is mended."
    if shape(site.served.schedule) != defined:
        return "The definitions are of another plan: reload the code location."
    if doubts := hold_doubts(site.sources.sources.get(POLICY), site.planning):
        return f"Nobody knows for certain which waves are held: {doubts[0].message}"
    if site.policy.audit_blocks and (refusal := site.audit().refusal()):
        return f"The audit blocks: {refusal}"
    if site.home.ledger.verify():
        return "The ledger's chain is broken."
    return ""


def _look(site: Site, instance: dg.DagsterInstance) -> dg.SensorResult:
    campaign, plan = site.campaign, site.served.execution_digest
    standing = campaign.standing()
    commit = standing.commit if standing else None

    @cache
    def relevant(about: str | None) -> bool:
        return campaign.runtime.counts(about, commit)

    answers = waiting(
        site.served.schedule,
        standing_of(site.home.ledger.entries("ticket", "wave"), plan, commit, once=campaign.delivers, counts=relevant),
        held=site.policy.waves.hold,
        busy=_busy(instance),
        rehearsal=commit is None,
    )
    ready = [wave for wave, why in answers.items() if not why]
    if not ready:
        return _skip("; ".join(f"{wave}: {why}" for wave, why in answers.items()) or "Every wave was opened.")
    return dg.SensorResult(
        run_requests=[
            dg.RunRequest(run_key=f"{plan}:{wave}:{commit or 'rehearsal'}", partition_key=wave) for wave in ready
        ]
    )


def _busy(instance: dg.DagsterInstance) -> set[str]:
    runs = instance.get_runs(dg.RunsFilter(job_name=WAVE_JOB, statuses=UNFINISHED))
    return {run.tags[PARTITION_TAG] for run in runs if PARTITION_TAG in run.tags}


def _skip(why: str) -> dg.SensorResult:
    return dg.SensorResult(skip_reason=dg.SkipReason(why))
