"""Storage under Dagster: pools and killed runs on both, and on Postgres an outage that is waited for."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

import dagster as dg
import psycopg2
import pytest
import typer
from dagster._core.storage.event_log import EventLogStorage
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.pool import NullPool

from radeng_assets.cli.homes import prepare_home
from radeng_assets.database import ADDRESS, DatabaseAway, address
from radeng_assets.home import Home
from radeng_assets.orchestration import postgres
from radeng_assets.orchestration.attendance import present, settle_killed_runs
from radeng_assets.orchestration.jobs import WAVE_JOB
from radeng_assets.orchestration.names import AGENT_POOL, WORKER_TAG
from radeng_assets.orchestration.postgres import Patience, PostgresStorage
from radeng_assets_tests.instances import new_instance
from radeng_assets_tests.postgres_server import Server

FEW = 6
"""Connections of the server that outages happen to."""


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


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """One with few connections, all of them for whoever asks first."""
    server = Server(max_connections=FEW, superuser_reserved_connections=0, max_wal_senders=0).start()
    yield server
    server.stop()


def test_without_a_free_connection_it_waits_for_one_and_says_what_to_raise(
    server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = server.database(tables=False)
    runs = PostgresStorage(url, patience_s=60).run_storage
    with ExitStack() as taken:
        for _ in range(FEW):
            taken.enter_context(closing(psycopg2.connect(url)))
        monkeypatch.setenv(ADDRESS, url)
        with pytest.raises(typer.Exit) as left:
            prepare_home(tmp_path / "home")
        assert left.value.exit_code == 2
        assert "raise max_connections" in capsys.readouterr().err
        waiting = ThreadPoolExecutor(1)
        asked = waiting.submit(runs.get_runs_count)
        with pytest.raises(DatabaseAway, match="raise max_connections"):
            Patience(0.3)(psql, url)
        assert not asked.done()
    assert asked.result(60) == 0
    waiting.shutdown()


def psql(url: str) -> None:
    create_engine(address({ADDRESS: url}), poolclass=NullPool).connect().close()


def test_an_operation_waits_for_the_database_and_gives_up_in_the_end(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "PAGE_PATIENCE_S", 0.2)
    url = server.start().database(tables=False)
    patient, hasty, page = (PostgresStorage(url, patience_s=seconds) for seconds in (60, 0.2, 60))
    page.event_log_storage.optimize_for_webserver(1000, 60, 1)
    with ThreadPoolExecutor(2) as waiting:
        server.kill()
        asked = waiting.submit(patient.run_storage.get_runs_count)
        with pytest.raises(DatabaseAway, match=r"nothing answers there.* Run again"):
            hasty.run_storage.get_runs_count()
        with pytest.raises(DatabaseAway):  # and does not make anybody wait for a minute
            waiting.submit(page.event_log_storage.get_dynamic_partitions, "any").result(30)
        assert not asked.done()
        server.start()
        assert asked.result(60) == 0
    # Who gave up is as good as before when the database is; a page's pool throws its dead connection away.
    assert hasty.run_storage.get_runs_count() == 0
    assert page.event_log_storage.get_dynamic_partitions("any") == []


def test_every_operation_is_guarded(server: Server) -> None:
    storage = PostgresStorage(server.start().database(tables=False)).event_log_storage
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
