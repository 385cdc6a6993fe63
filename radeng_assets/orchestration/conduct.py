"""Running the jobs from a program: the same definitions and instance as the web UI's."""

from __future__ import annotations

import uuid
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self

import dagster as dg

from radeng_assets.orchestration.assets.readiness import PRODUCTION_READINESS
from radeng_assets.orchestration.build import build_defs
from radeng_assets.orchestration.jobs import PLANNING_JOB, READINESS_JOB, WAVE_JOB
from radeng_assets.orchestration.names import AGENT_POOL, SESSION_TAG
from radeng_assets.orchestration.site import Site
from radeng_assets.readiness.verdict import Verdict

_PARTITION_TAG = "dagster/partition"
_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


class RunFailed(Exception):  # noqa: N818  # named for what happened, as Dagster's own events are
    """A run that had to succeed did not; the message says which and where to look."""


def wave_job() -> dg.JobDefinition:
    """The wave job of this process's site: what a run's own processes build it anew from."""
    return build_defs(Site.current()).resolve_job_def(WAVE_JOB)


@dataclass(frozen=True)
class Conductor:
    """Walks the plan: documents, then waves in order, then the verdict. One session for all runs."""

    site: Site
    defs: dg.Definitions
    instance: dg.DagsterInstance
    session: str

    @classmethod
    @contextmanager
    def start(cls) -> Generator[Self]:
        """A conductor over the current environment's site and ``DAGSTER_HOME``."""
        site = Site.current()
        with dg.DagsterInstance.get() as instance:
            limit = site.served.schedule.agents
            instance.event_log_storage.set_concurrency_slots(AGENT_POOL, limit)
            yield cls(site, build_defs(site), instance, uuid.uuid4().hex)

    def plan(self) -> None:
        """Read and audit the documents. Raises ``RunFailed``.

        Not so for errors of the audit that the policy lets block: each wave refuses to open for them, and the verdict
        still says what is known.
        """
        if not (self.site.policy.audit_blocks and self.site.audit().refusal()):
            self._in_process(PLANNING_JOB)
            return
        self._try_in_process(PLANNING_JOB)

    def wave(self, wave_id: str) -> bool:
        """Carry one wave out. False if it refused to open or its gate did not pass.

        A rehearsal runs in this process, because its steps do nothing; anything else runs each step in a process of
        its own, side by side as far as the plan allows.
        """
        tags = {SESSION_TAG: self.session, _PARTITION_TAG: wave_id}
        if self.site.settings.mode == "rehearse":
            job = self.defs.resolve_job_def(WAVE_JOB)
            result = job.execute_in_process(
                instance=self.instance,
                partition_key=wave_id,
                run_config=_QUIET,
                tags=tags,
                raise_on_error=False,
            )
            return result.success
        with dg.execute_job(
            dg.reconstructable(wave_job),
            instance=self.instance,
            run_config=_QUIET,
            tags=tags,
            raise_on_error=False,
        ) as result:
            return result.success

    def judge(self) -> Verdict:
        """Gather, judge, and return this run's verdict. Raises ``RunFailed``."""
        return self._in_process(READINESS_JOB).asset_value(PRODUCTION_READINESS)

    def _try_in_process(self, job: str) -> dg.ExecuteInProcessResult:
        return self.defs.resolve_job_def(job).execute_in_process(
            instance=self.instance,
            run_config=_QUIET,
            tags={SESSION_TAG: self.session},
            raise_on_error=False,
        )

    def _in_process(self, job: str) -> dg.ExecuteInProcessResult:
        result = self._try_in_process(job)
        if not result.success:
            failed = [event.message or event.step_key for event in result.get_step_failure_events()]
            raise RunFailed(f"{job} (run {result.run_id}) failed: {'; '.join(map(str, failed))}")
        return result
