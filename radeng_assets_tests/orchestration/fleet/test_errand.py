"""What stands around a step on a worker: halting, what ended already, signs of life."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import dagster as dg
import pytest
from dagster_shared.serdes import deserialize_value
from kombu.connection import Connection
from kombu.entity import Queue
from upath import UPath

from radeng_assets.execution.stop import StopSwitch
from radeng_assets.orchestration.fleet import watch
from radeng_assets.orchestration.fleet.errand import TRIES, WorkersLost, failure, past
from radeng_assets.orchestration.fleet.sign_of_life import renew
from radeng_assets_tests.redis_server import redis

WITHIN_S = 30


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "POLL_S", 0.01)


def wait_for_ever() -> None:
    deadline = time.monotonic() + WITHIN_S
    while time.monotonic() < deadline:
        time.sleep(0.01)


@pytest.mark.usefixtures("quick")
class TestWatch:
    @pytest.fixture
    def stop(self, tmp_path: Path) -> StopSwitch:
        return StopSwitch(tmp_path / "home" / "STOP", UPath(tmp_path / "shared" / "STOP"))

    def test_a_step_that_nobody_waits_for_is_interrupted(self, stop: StopSwitch) -> None:
        answers = iter([False, False])
        with pytest.raises(KeyboardInterrupt), watch.watched(lambda: next(answers, True), stop):
            wait_for_ever()

    def test_so_is_one_that_cannot_ask(self, stop: StopSwitch) -> None:
        def away() -> bool:
            raise ConnectionError

        with pytest.raises(KeyboardInterrupt), watch.watched(away, stop):
            wait_for_ever()

    def test_and_one_whose_worker_is_gone(self, stop: StopSwitch, monkeypatch: pytest.MonkeyPatch) -> None:
        parents = iter([os.getppid()])
        monkeypatch.setattr(os, "getppid", lambda: next(parents, 1))
        with pytest.raises(KeyboardInterrupt), watch.watched(lambda: False, stop):
            wait_for_ever()

    def test_any_other_goes_on_and_is_left_alone_afterwards(self, stop: StopSwitch) -> None:
        asked: list[int] = []
        with watch.watched(lambda: bool(asked.append(1)), stop):
            while len(asked) < 3:
                time.sleep(0.01)
        before = len(asked)
        assert before >= 3

    def test_the_fleets_switch_is_each_homes(self, stop: StopSwitch, tmp_path: Path) -> None:
        other = StopSwitch(tmp_path / "other" / "STOP", stop.shared)
        other.pull("enough")
        assert stop.pulled is None
        with watch.watched(lambda: stop.pulled is not None, stop), pytest.raises(KeyboardInterrupt):
            wait_for_ever()
        assert stop.pulled == "enough"
        other.lift()
        stop.mirror()
        assert stop.pulled is None


class TestPast:
    """On a real event log."""

    @pytest.fixture
    def instance(self) -> Iterator[dg.DagsterInstance]:
        with dg.DagsterInstance.ephemeral() as instance:
            yield instance

    def run_of(self, instance: dg.DagsterInstance, *, fails: bool = False) -> dg.DagsterRun:
        @dg.op
        def step() -> None:
            if fails:
                raise ValueError

        @dg.job
        def whole() -> None:
            step()

        return whole.execute_in_process(instance=instance, raise_on_error=False).dagster_run

    @pytest.mark.parametrize(
        ("fails", "end"), [(False, dg.DagsterEventType.STEP_SUCCESS), (True, dg.DagsterEventType.STEP_FAILURE)]
    )
    def test_a_step_that_ended_is_answered_from_the_log(
        self, instance: dg.DagsterInstance, fails: bool, end: dg.DagsterEventType
    ) -> None:
        run = self.run_of(instance, fails=fails)
        told = [deserialize_value(event, dg.DagsterEvent).event_type for event in past(instance, run, "step") or ()]
        assert {dg.DagsterEventType.STEP_START, end} <= set(told)
        assert past(instance, run, "another") is None

    def test_one_that_takes_worker_after_worker_is_given_up(self, instance: dg.DagsterInstance) -> None:
        run = instance.create_run_for_job(self.job())
        start = dg.DagsterEvent(
            event_type_value=dg.DagsterEventType.STEP_START.value, job_name=run.job_name, step_key="step"
        )
        for _ in range(TRIES - 1):
            instance.report_dagster_event(start, run_id=run.run_id)
        assert past(instance, run, "step") is None
        instance.report_dagster_event(start, run_id=run.run_id)
        with pytest.raises(WorkersLost, match=str(TRIES)):
            past(instance, run, "step")
        (event,) = failure(instance, run, "step", WorkersLost("all are lost"))
        assert deserialize_value(event, dg.DagsterEvent).is_step_failure
        assert past(instance, run, "step") is not None

    def job(self) -> dg.JobDefinition:
        @dg.op
        def step() -> None: ...

        @dg.job
        def whole() -> None:
            step()

        return whole


def test_a_sign_of_life_keeps_a_message_and_does_not_bring_one_back(tmp_path: Path) -> None:
    with redis(tmp_path / "redis") as url, Connection(url) as connection:
        channel = cast("Any", connection).channel()
        queue = Queue("steps")(channel)
        queue.declare()
        for text in ("one", "two"):
            connection.Producer(channel, serializer="json").publish(text, routing_key="steps", declare=[queue])
        one, two = queue.get(), queue.get()
        assert one is not None
        assert two is not None
        with channel.conn_or_acquire() as client:
            client.zadd(channel.unacked_index_key, {one.delivery_tag: 1, two.delivery_tag: 1})
            two.ack()
            renew(channel)
            assert client.zscore(channel.unacked_index_key, one.delivery_tag) > 1
            assert client.zscore(channel.unacked_index_key, two.delivery_tag) is None
            one.ack()
            renew(channel)
            assert not client.zcard(channel.unacked_index_key)
