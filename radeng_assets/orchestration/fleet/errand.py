"""One step on a worker of Celery: in the worker's own home, under the run's plan, and by one worker at a time.

``dagster-celery`` sends a step and runs it; what stands around that is here. A message that its worker did not live
to finish is delivered again, by the message broker. So may others be, while the step is at work and after it.
"""

from __future__ import annotations

import os
import signal
import traceback
import warnings
from collections.abc import Mapping
from typing import Any, cast

import dagster as dg
from celery import Task
from celery.exceptions import Ignore, Retry
from celery.signals import before_task_publish

# What dagster-celery sends and takes back; none of it has a public name.
from dagster._core.execution.plan.objects import StepFailureData, UserFailureData
from dagster._grpc.types import ExecuteStepArgs
from dagster_shared.error import SerializableErrorInfo
from dagster_shared.record import copy  # pyright: ignore[reportUnknownVariableType]  # it states no types
from dagster_shared.serdes import pack_value, serialize_value, unpack_value

from radeng_assets.evidence.shared_database import Claim, Database
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


class WorkersLost(Exception):  # noqa: N818  # named for what happened
    """A step that was begun several times and each time took its worker with it."""


def where_results_go() -> str | dict[str, str]:
    """Celery's result backend, as configuration of the executor: Redis itself; of RabbitMQ, the caller's own queue."""
    return {"env": CELERY_URL} if os.environ.get(CELERY_URL, "").startswith("redis") else "rpc://"


def tell_the_run() -> None:
    """Let each message that this process sends carry the plan that its run is pinned to."""
    before_task_publish.connect(_tell, weak=False, dispatch_uid=HEADER)
    # dagster-celery names its task anew for each message that it sends.
    warnings.filterwarnings("ignore", message="Task name 'execute_plan' is already registered")


def _tell(headers: dict[str, Any], **_: object) -> None:
    known = {**Settings().environment(), PIN: os.environ.get(PIN, "")}
    headers[HEADER] = {name: known[name] for name in (PIN, "RADENG_PLAN_DIR", "RADENG_AGENT")}


class Errand(Task):
    """``dagster-celery``'s task, with what a worker of its own home needs around it."""

    abstract = True

    def __call__(self, execute_step_args_packed: dict[str, Any], executable_dict: dict[str, Any]) -> list[str]:
        """The step's events. Raises ``Ignore`` where nobody waits for them, ``Retry`` where it is at work elsewhere.

        Nothing else, or the run would wait for ever: ``dagster-celery`` has no way on from a step without an end.
        """
        sent = unpack_value(execute_step_args_packed, as_type=ExecuteStepArgs)
        (step,) = list(sent.step_keys_to_execute or ())
        signal.signal(signal.SIGINT, signal.default_int_handler)  # Celery has it ignored; here it means to halt
        with dg.DagsterInstance.get() as instance:
            run = instance.get_run_by_id(sent.run_id)
            if run is None or _nobody_waits(run):
                raise Ignore
            try:
                return self._carried_out(instance, run, step, sent, executable_dict)
            except KeyboardInterrupt as halted:
                return past(instance, run, step) or failure(instance, run, step, halted)
            except Retry:
                raise
            except Exception as error:  # noqa: BLE001  # see above
                return failure(instance, run, step, error)

    def _carried_out(
        self,
        instance: dg.DagsterInstance,
        run: dg.DagsterRun,
        step: str,
        sent: ExecuteStepArgs,
        executable_dict: dict[str, Any],
    ) -> list[str]:
        os.environ.update(_run_of(self.request))
        settings = Settings()
        if settings.mode == "command" and not settings.agent_command:
            raise RuntimeError(f"the worker {self.request.hostname} has no RADENG_AGENT_COMMAND")
        home = Home.of(settings)
        home.stop.mirror()
        with _required(home).claim(f"step/{run.run_id}/{step}") as claim:
            if claim is None:
                # A worker that was silent and lives. This message stays behind, to find out when it does not.
                raise self.retry(countdown=settings.worker_silence_s / 2, max_retries=None)
            if self.request.retries or self.request.delivery_info.get("redelivered"):
                done = past(instance, run, step)
                if done is not None:
                    return done
            here = pack_value(copy(sent, instance_ref=instance.get_ref()))
            with watched(lambda: _is_futile(instance, run, claim), home.stop):
                return cast("list[str]", super().__call__(here, executable_dict))


def _run_of(request: Any) -> Mapping[str, str]:
    told = cast("dict[str, str] | None", request.get(HEADER))
    if not told:
        raise RuntimeError("a message that says nothing of its run's plan: was it sent by another program?")
    return told


def _required(home: Home) -> Database:
    if home.commons is None:
        raise RuntimeError("a worker without RADENG_SHARED")
    return home.commons.database


def _nobody_waits(run: dg.DagsterRun) -> bool:
    return run.is_finished or run.status is dg.DagsterRunStatus.CANCELING


def _is_futile(instance: dg.DagsterInstance, run: dg.DagsterRun, claim: Claim) -> bool:
    now = instance.get_run_by_id(run.run_id)
    return now is None or _nobody_waits(now) or not claim.holds()


def past(instance: dg.DagsterInstance, run: dg.DagsterRun, step: str) -> list[str] | None:
    """The events of a step that has ended already; ``None`` where it has not. Raises ``WorkersLost``."""
    logged = [entry.dagster_event for entry in instance.all_logs(run.run_id) if entry.step_key == step]
    events = [event for event in logged if event is not None]
    if any(event.event_type in _ENDED for event in events):
        return [serialize_value(event) for event in events]
    starts = sum(event.event_type is dg.DagsterEventType.STEP_START for event in events)
    if starts >= TRIES:
        raise WorkersLost(f"{step} was begun {starts} times, and each time its worker was lost")
    return None


def failure(instance: dg.DagsterInstance, run: dg.DagsterRun, step: str, error: BaseException) -> list[str]:
    """A step that could not be carried out, as its event."""
    said = str(error) or "it was halted; run again, it goes on where it was"
    event = dg.DagsterEvent(
        event_type_value=dg.DagsterEventType.STEP_FAILURE.value,
        job_name=run.job_name,
        step_key=step,
        event_specific_data=StepFailureData(
            error=SerializableErrorInfo(said, traceback.format_exception(error), type(error).__name__),
            user_failure_data=UserFailureData(label="worker", description=said),
        ),
        message=said,
    )
    instance.report_dagster_event(event, run_id=run.run_id)
    return [serialize_value(event)]
