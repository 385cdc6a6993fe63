"""Running the jobs from a program: the same definitions and instance as the web UI's."""

from __future__ import annotations

import os
import uuid
from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self

import dagster as dg

from radeng_assets.database import address, configured, reach
from radeng_assets.orchestration.assets.readiness import PRODUCTION_READINESS
from radeng_assets.orchestration.attendance import settle_killed_runs
from radeng_assets.orchestration.build import build_defs
from radeng_assets.orchestration.crew import Crew, NotStarted
from radeng_assets.orchestration.jobs import PLANNING_JOB, QUIET, READINESS_JOB, WAVE_JOB
from radeng_assets.orchestration.names import AGENT_POOL, PARTITION_TAG, SESSION_TAG
from radeng_assets.orchestration.one_wave import ops_of
from radeng_assets.orchestration.site import Site
from radeng_assets.orchestration.storage import opened
from radeng_assets.orchestration.wave_work import WaveEnd, wave_end
from radeng_assets.planning.chains import chains, waves_before
from radeng_assets.readiness.verdict import Verdict
from radeng_assets.record import Record

POLL_S = 0.25
"""How often the ledger is asked whether a wave was closed."""


class RunFailed(Exception):  # noqa: N818  # named for what happened, as Dagster's own events are
    """A run that had to succeed did not; the message says which and where to look."""


class Progress(Record):
    """Waves that are being carried out now, and those that have ended since the last word."""

    running: tuple[str, ...] = ()
    ended: tuple[WaveEnd, ...] = ()


@dataclass(frozen=True)
class Conductor:
    """Walks the plan: documents, then waves, then the verdict. One session for all runs."""

    site: Site
    defs: dg.Definitions
    instance: dg.DagsterInstance
    session: str
    crew: Crew

    @classmethod
    @contextmanager
    def start(cls) -> Generator[Self]:
        """A conductor over the current environment's site and ``DAGSTER_HOME``.

        What an earlier one left open when it was killed is closed first. When this one ends, so do its processes.
        """
        site = Site.current()
        session = uuid.uuid4().hex
        with opened(site.home) as instance:

            def settle() -> None:
                settle_killed_runs(instance, site.home)

            settle()
            if configured(os.environ):
                site.home.note_database(reach(address(os.environ)) or "")
            agents = site.served.schedule.agents
            instance.event_log_storage.set_concurrency_slots(AGENT_POOL, agents)
            crew = Crew(agents + 1, session, settle)  # one of them may be closing a wave
            try:
                yield cls(site, build_defs(site), instance, session, crew)
            finally:
                crew.dismiss()

    def plan(self) -> None:
        """Read and audit the documents. Raises ``RunFailed``.

        Not so for errors of the audit that the policy lets block: each wave refuses to open for them, and the verdict
        still says what is known.
        """
        if not (self.site.policy.audit_blocks and self.site.audit().refusal()):
            self._in_process(PLANNING_JOB)
            return
        self._try_in_process(PLANNING_JOB)

    def carry_out(self, waves: Sequence[str]) -> Iterator[Progress]:
        """Carry waves out, each when those of them that come before it are over. Raises ``RunFailed``.

        However they ended: a wave itself refuses to open where it cannot. A rehearsal runs in this process, because
        its steps do nothing. Anything else runs each wave in a process and each step in another, side by side as
        far as the plan and its number of agents allow; the most urgent wave first.
        """
        if self.site.settings.mode == "rehearse":
            for wave in waves:
                yield Progress(running=(wave,))
                yield Progress(ended=(self._rehearse(wave),))
            return
        try:
            yield from self._side_by_side(waves)
        except NotStarted as error:
            raise RunFailed(str(error)) from error

    def _side_by_side(self, waves: Sequence[str]) -> Iterator[Progress]:
        schedule = self.site.served.schedule
        lengths = chains(schedule)
        urgency = {wave.id: max((lengths[s.id] for s in wave.stories), default=0) for wave in schedule.waves}
        before = waves_before(schedule)
        waiting, begun = sorted(waves, key=urgency.__getitem__, reverse=True), list[str]()
        while waiting or self.crew.waves:
            # A wave is over for others when it is closed; its run goes on with the check and the report of it.
            over = self.site.campaign.over(self.session)
            for wave in [wave for wave in waiting if self._is_next(before[wave] & set(waves), begun, over)]:
                if self.crew.give(wave, tuple(sorted((before[wave] & set(waves)) - over))):
                    begun.append(wave)
                    waiting.remove(wave)
            yield Progress(running=self.crew.waves)
            ended = self.crew.news(POLL_S)
            for wave in {end.wave for end in ended} - self.site.campaign.over(self.session):
                self.site.campaign.give_up(wave, self.session)
            yield Progress(running=self.crew.waves, ended=ended)

    def _is_next(self, before: Collection[str], begun: Collection[str], over: Collection[str]) -> bool:
        """Whether a wave's run may be made: those before it are over, or at their last story (``turn``).

        A fleet's workers are not asked to wait for a turn: they might wait for a story that nobody else is there for.
        """
        left = [wave for wave in before if wave not in over]
        if left and self.site.settings.fleet:
            return False
        return all(wave in begun and self.site.campaign.at_last_story(wave, self.session) for wave in left)

    def judge(self) -> Verdict:
        """Gather, judge, and return this run's verdict. Raises ``RunFailed``."""
        return self._in_process(READINESS_JOB).asset_value(PRODUCTION_READINESS)

    def _rehearse(self, wave: str) -> WaveEnd:
        job = self.defs.resolve_job_def(WAVE_JOB)
        result = job.execute_in_process(
            instance=self.instance,
            partition_key=wave,
            op_selection=ops_of(job, self.site.served.schedule, wave),
            run_config=QUIET,
            tags={SESSION_TAG: self.session, PARTITION_TAG: wave},
            raise_on_error=False,
        )
        return wave_end(wave, result)

    def _try_in_process(self, job: str) -> dg.ExecuteInProcessResult:
        return self.defs.resolve_job_def(job).execute_in_process(
            instance=self.instance,
            run_config=QUIET,
            tags={SESSION_TAG: self.session},
            raise_on_error=False,
        )

    def _in_process(self, job: str) -> dg.ExecuteInProcessResult:
        result = self._try_in_process(job)
        if not result.success:
            failed = [event.message or event.step_key for event in result.get_step_failure_events()]
            raise RunFailed(f"{job} (run {result.run_id}) failed: {'; '.join(map(str, failed))}")
        return result
