"""Storage under Dagster: pools and killed runs on both, and on Postgres an outage that is waited for."""

from __future__ import annotations

import inspect
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.event_log import EventLogStorage
from sqlalchemy.exc import OperationalError, ProgrammingError

from radeng_assets.database import DatabaseAway
from radeng_assets.home import Home
from radeng_assets.orchestration.attendance import present, settle_killed_runs
from radeng_assets.orchestration.jobs import WAVE_JOB
from radeng_assets.orchestration.names import AGENT_POOL, WORKER_TAG
from radeng_assets.orchestration.postgres import PAGE_PATIENCE_S, Patience, PostgresStorage
from radeng_assets_tests.instances import new_instance
from radeng_assets_tests.postgres_server import Server


def begun(instance: dg.DagsterInstance, worker: str) -> dg.DagsterRun:
    """A wave's run of a process, which holds a slot of the pool."""

    @dg.job(name=WAVE_JOB)
    def wave() -> None: ...

    run = instance.create_run_for_job(wave, tags={WORKER_TAG: worker}, status=dg.DagsterRunStatus.STARTED)
    assert instance.event_log_storage.claim_concurrency_slot(AGENT_POOL, run.run_id, "step").is_claimed
    return run


@pytest.mark.storages
def test_a_killed_process_gives_its_slots_back_and_those_of_others_stay(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").made()
    instance = new_instance(Home(tmp_path / "instance").made().path)
    storage = instance.event_log_storage
    storage.set_concurrency_slots(AGENT_POOL, 3)
    with present(home) as alive:
        killed = begun(instance, "killed")
        home.worker("killed").touch()
        elsewhere, here = begun(instance, "of-another-home"), begun(instance, alive)
        assert not storage.claim_concurrency_slot(AGENT_POOL, here.run_id, "another").is_claimed
        settle_killed_runs(instance, home)
        states = {run.run_id: run.status for run in instance.get_runs()}
    assert states[killed.run_id] == dg.DagsterRunStatus.FAILURE
    assert states[elsewhere.run_id] == states[here.run_id] == dg.DagsterRunStatus.STARTED
    assert storage.get_concurrency_info(AGENT_POOL).active_slot_count == 2
    assert storage.claim_concurrency_slot(AGENT_POOL, here.run_id, "another").is_claimed


# --- an outage ---------------------------------------------------------------------------------


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server().start()
    yield server
    server.stop()


def test_an_operation_waits_for_the_database_and_gives_up_in_the_end(server: Server) -> None:
    storage = PostgresStorage(server.database(tables=False), patience_s=60)
    runs, events = storage.run_storage, storage.event_log_storage
    assert runs.get_runs_count() == 0
    server.kill()
    back = threading.Thread(target=server.start)
    back.start()
    assert runs.get_runs_count() == 0
    back.join()

    server.kill()
    with pytest.raises(DatabaseAway, match=r"nothing answers there.* Run again"):
        Patience(0.3)(PostgresStorage, server.url("postgres"), 0.3)
    events.optimize_for_webserver(1000, 60, 1)  # a page, which waits less
    began = time.monotonic()
    with pytest.raises(DatabaseAway):
        events.get_dynamic_partitions("any")
    assert time.monotonic() - began < 60 - PAGE_PATIENCE_S
    server.start()
    assert events.get_dynamic_partitions("any") == []


def test_every_operation_is_guarded(postgres: Server) -> None:
    storage = PostgresStorage(postgres.database()).event_log_storage
    wanted = {name for name, _ in inspect.getmembers(EventLogStorage, inspect.isfunction) if not name.startswith("_")}
    assert wanted <= vars(storage).keys()
    assert {"store_event", "claim_concurrency_slot", "get_logs_for_run"} <= wanted


class Psycopg(Exception):  # noqa: N818  # named for what it stands for
    """Stands for a driver's error, which a real server cannot be made to give at will."""

    def __init__(self, code: str | None) -> None:
        self.pgcode = code
        super().__init__("server closed the connection unexpectedly")


def lost(code: str | None = "57P01") -> OperationalError:
    return OperationalError("SELECT 1", {}, Psycopg(code))


def test_what_is_no_outage_is_raised_at_once() -> None:
    tries = list[int]()

    def wrong() -> None:
        tries.append(1)
        raise ProgrammingError("SELEC", {}, Psycopg("42601"))

    with pytest.raises(ProgrammingError):
        Patience(60)(wrong)
    assert tries == [1]


def test_who_gave_up_tries_once_until_it_is_back() -> None:
    patience, tries = Patience(0), list[int]()

    def away() -> None:
        tries.append(1)
        raise lost()

    for _ in range(2):
        with pytest.raises(DatabaseAway):
            patience(away)
    assert (tries, patience.over) == ([1, 1], True)
    assert patience(lambda: 7) == 7
    assert not patience.over
