"""One step on a worker of Celery: in the worker's own home, under the run's plan, and by one worker at a time.

``dagster-celery`` sends a step and runs it; what stands around that is here. A message that its worker did not live
to finish is delivered again, by the message broker. So may others be, while the step is at work and after it.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from typing import Any, cast

import dagster as dg
from celery import Task
from celery.exceptions import Ignore
from celery.signals import before_task_publish
from dagster_shared.serdes import pack_value, serialize_value

from radeng_assets.home import Home
from radeng_assets.orchestration.fleet.terms import CELERY_URL
from radeng_assets.orchestration.fleet.watch import watched
from radeng_assets.planning.snapshot import PIN
from radeng_assets.settings import Settings

HEADER = "radeng"
"""The header of a message that says of which plan its run is."""

TRIES = 3
"""How many workers may be lost over one step of a run. What ends a worker every time must not end them all."""

_ENDED = {dg.DagsterEventType.STEP_SUCCESS, dg.DagsterEventType.STEP_FAILURE, dg.DagsterEventType.STEP_SKIPPED}


class StepHalted(Exception):  # noqa: N818  # named for what happened
    """A step that was interrupted: its run has ended, its worker is gone, or everything is to halt."""


class WorkersLost(Exception):  # noqa: N818
    """A step that was begun several times and each time took its worker with it."""


def where_results_go() -> str | dict[str, str]:
    """Celery's result backend, as configuration of the executor: Redis itself; of RabbitMQ, the caller's own queue."""
    return {"env": CELERY_URL} if os.environ.get(CELERY_URL, "").startswith("redis") else "rpc://"


def tell_the_run() -> None:
    """Let each message that this process sends carry the plan that its run is pinned to."""
    before_task_publish.connect(_tell, weak=False, dispatch_uid=HEADER)


def _tell(headers: dict[str, Any], **_: object) -> None:
    known = {**Settings().environment(), PIN: os.environ.get(PIN, "")}
    headers[HEADER] = {name: known[name] for name in (PIN, "RADENG_PLAN_DIR", "RADENG_AGENT")}


class Errand(Task):
    """``dagster-celery``'s task, with what a worker of its own home needs around it."""

    abstract = True

    def __call__(self, execute_step_args_packed: dict[str, Any], executable_dict: dict[str, Any]) -> list[str]:
        """The step's events. Raises ``StepHalted``, ``WorkersLost``; ``Ignore`` where nobody waits for it."""
        os.environ.update(_run_of(self.request))
        signal.signal(signal.SIGINT, signal.default_int_handler)  # Celery has it ignored; here it means to halt
        home = Home.of(Settings())
        if home.commons is None:
            raise RuntimeError("a worker without RADENG_SHARED")
        run_id, step = execute_step_args_packed["run_id"], execute_step_args_packed["step_keys_to_execute"][0]
        with dg.DagsterInstance.get() as instance, home.commons.database.claim(f"step/{run_id}/{step}") as claim:
            if _nobody_waits(instance, run_id):
                raise Ignore
            if claim is None:
                # It is at work elsewhere. This message stays behind as the one that finds out if that worker is lost.
                raise self.retry(countdown=Settings().worker_silence_s / 2, max_retries=None)
            if self.request.retries or self.request.delivery_info.get("redelivered"):
                done = _past(instance, run_id, step)
                if done is not None:
                    return done
            here = {**execute_step_args_packed, "instance_ref": pack_value(instance.get_ref())}
            with watched(lambda: _nobody_waits(instance, run_id) or not claim.holds(), home.stop):
                try:
                    return cast("list[str]", super().__call__(here, executable_dict))
                except KeyboardInterrupt:
                    raise StepHalted(f"{step} was halted; run again, it goes on where it was") from None


def _run_of(request: Any) -> Mapping[str, str]:
    told = cast("dict[str, str] | None", request.get(HEADER))
    if not told:
        raise RuntimeError("a message that says nothing of its run's plan: was it sent by another program?")
    return told


def _nobody_waits(instance: dg.DagsterInstance, run_id: str) -> bool:
    run = instance.get_run_by_id(run_id)
    return run is None or run.is_finished or run.status is dg.DagsterRunStatus.CANCELING


def _past(instance: dg.DagsterInstance, run_id: str, step: str) -> list[str] | None:
    """The events of a step that has ended already; ``None`` where it has not. Raises ``WorkersLost``."""
    logged = [entry.dagster_event for entry in instance.all_logs(run_id) if entry.step_key == step]
    events = [event for event in logged if event is not None]
    if any(event.event_type in _ENDED for event in events):
        return [serialize_value(event) for event in events]
    starts = sum(event.event_type is dg.DagsterEventType.STEP_START for event in events)
    if starts >= TRIES:
        raise WorkersLost(f"{step} was begun {starts} times, and each time its worker was lost")
    return None
