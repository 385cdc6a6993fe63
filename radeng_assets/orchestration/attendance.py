"""Which processes of runs are alive, and what is done about one that was killed.

Its steps halt by themselves, its runs are closed as failed, and the slots that they held in pools are free again. So
nothing of a run goes on without the one who would tell of it, and nothing waits for what will never come.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import uuid
from collections.abc import Generator
from contextlib import contextmanager, suppress
from multiprocessing.connection import wait

import dagster as dg
from filelock import FileLock, Timeout

from radeng_assets.home import Home
from radeng_assets.orchestration.jobs import WAVE_JOB
from radeng_assets.orchestration.names import WORKER_TAG

_UNFINISHED = [dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED]


@contextmanager
def present(home: Home) -> Generator[str]:
    """A name for this process, which counts as alive for as long as it holds the lock of that name."""
    name = uuid.uuid4().hex
    lock = _lock(home, name)
    with lock:
        yield name
        home.worker(name).unlink()


def _lock(home: Home, name: str) -> FileLock:
    path = home.worker(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    return FileLock(path, fallback_to_soft=False)


def settle_killed_runs(instance: dg.DagsterInstance, home: Home) -> None:
    """Close the runs whose process is gone: they have failed, and the slots that they held in pools are free."""
    for run in instance.get_runs(dg.RunsFilter(job_name=WAVE_JOB, statuses=_UNFINISHED)):
        name = run.tags.get(WORKER_TAG)
        if name is None or not _gone(home, name):
            continue
        instance.report_run_failed(run, "The process of this run was killed. A new run goes on where it was.")
        instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
        home.worker(name).unlink(missing_ok=True)


def cancel_runs_of(instance: dg.DagsterInstance, name: str) -> None:
    """Say that the runs of a process are to end, for their steps on other machines: those look at the run."""
    for run in instance.get_runs(dg.RunsFilter(statuses=_UNFINISHED, tags={WORKER_TAG: name})):
        instance.report_run_canceling(run)


def _gone(home: Home, name: str) -> bool:
    if not home.worker(name).exists():
        return False  # it belongs to another home that shares the database; ours leave their lock when they are killed
    try:
        with _lock(home, name).acquire(timeout=0):
            return True
    except Timeout:
        return False


def halt_with_run() -> None:
    """Interrupt this step when the process of its run is gone. Does nothing for a step inside that process.

    Where that process heads a group, as those of `radeng run` do, the step joins it, so that its crew can find it.
    """
    run = multiprocessing.parent_process()
    if run is not None and run.pid is not None:
        with suppress(OSError):
            os.setpgid(0, run.pid)
        threading.Thread(target=_halt_after, args=(run.sentinel,), daemon=True).start()


def _halt_after(sentinel: int) -> None:
    wait([sentinel])
    os.kill(os.getpid(), signal.SIGINT)
