"""What a wave's process does: runs of the wave job, one after another, as they are ordered.

A line that is closed means to halt, whether the conductor closed it or died.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from queue import SimpleQueue

import dagster as dg

from radeng_assets.database import DatabaseAway
from radeng_assets.home import Home
from radeng_assets.orchestration.attendance import cancel_runs_of, present
from radeng_assets.orchestration.build import served_defs
from radeng_assets.orchestration.jobs import QUIET, WAVE_JOB
from radeng_assets.orchestration.names import AFTER_TAG, PARTITION_TAG, SESSION_TAG, WORKER_TAG
from radeng_assets.orchestration.preload import share_server
from radeng_assets.orchestration.storage import opened
from radeng_assets.record import Record
from radeng_assets.settings import Settings

NICE = 5
"""Dagster's executor asks without a pause for a pool's slot while all its stories wait for one; nobody may suffer."""

Order = tuple[str, str, tuple[str, ...]]
"""A wave, a session, and the waves that must be over before it opens (``turn``)."""


class WaveEnd(Record):
    """How a wave's run ended. ``passed``: the wave opened and its gate passed. ``refusal``: why it did not open."""

    wave: str
    passed: bool = False
    refusal: str = ""
    killed: bool = False


def wave_job() -> dg.JobDefinition:
    """The wave job of this process's site: what a run's own processes build it anew from."""
    return served_defs().resolve_job_def(WAVE_JOB)


def work(line: Connection) -> None:
    """The process of a crew: run waves until the line is closed. Its steps find it as the head of their group."""
    # A shell that starts us in the background has SIGINT ignored; here it means to halt.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.setpgrp()
    share_server()
    try:
        with contextlib.suppress(KeyboardInterrupt):
            _work(line)
    except DatabaseAway:
        sys.exit(1)  # the conductor finds the same, and says so


def _work(line: Connection) -> None:
    """Run the waves that come along the line and answer how each ended.

    The first answer, ``None``, says that this process takes orders.
    """
    orders: SimpleQueue[Order | None] = SimpleQueue()
    settings = Settings()
    home = Home.of(settings)
    with present(home) as name, opened(home) as instance:

        def halt() -> None:
            if settings.fleet:
                cancel_runs_of(instance, name)

        threading.Thread(target=_listen, args=(line, orders, halt), daemon=True).start()
        wave_job()
        os.nice(NICE)  # this process alone: its steps are forked from the server
        # Whoever gave the order may be gone by now; then the line is closed, and there is no further order.
        with contextlib.suppress(BrokenPipeError):
            line.send(None)
        while (order := orders.get()) is not None:
            end = _run(instance, *order, name)
            with contextlib.suppress(BrokenPipeError):
                line.send(end)


def _listen(line: Connection, orders: SimpleQueue[Order | None], halt: Callable[[], None]) -> None:
    with contextlib.suppress(EOFError, OSError):
        while True:
            orders.put(line.recv())
    orders.put(None)
    try:
        halt()
    finally:
        os.kill(os.getpid(), signal.SIGINT)


def _run(instance: dg.DagsterInstance, wave: str, session: str, before: tuple[str, ...], worker: str) -> WaveEnd:
    tags = {SESSION_TAG: session, PARTITION_TAG: wave, WORKER_TAG: worker}
    if before:
        tags[AFTER_TAG] = ",".join(before)
    try:
        with dg.execute_job(
            dg.reconstructable(wave_job),
            instance=instance,
            run_config=QUIET,
            tags=tags,
            raise_on_error=False,
        ) as result:
            return wave_end(wave, result)
    except dg.DagsterExecutionInterruptedError:
        return WaveEnd(wave=wave)


def wave_end(wave: str, result: dg.ExecuteInProcessResult | dg.JobExecutionResult) -> WaveEnd:
    """How the run of a wave ended."""
    refusal = ""
    for event in result.get_step_failure_events():
        failure = event.step_failure_data.user_failure_data
        if event.step_key == "story_outputs.open_wave" and failure is not None:
            refusal = failure.description or ""
    return WaveEnd(wave=wave, passed=result.success, refusal=refusal)
