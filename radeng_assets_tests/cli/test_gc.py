"""``radeng gc`` on the home of a real run, grown old: what is listed goes, exactly that, and the verdict stays."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import dagster as dg
import pytest

from radeng_assets.database import ADDRESS
from radeng_assets.evidence.envelope import Artifact, Envelope, Subject, timestamp
from radeng_assets.evidence.outcomes import StoryOutcome
from radeng_assets.execution.attempts import Attempt, AttemptEnd
from radeng_assets.execution.bench import bench_name
from radeng_assets.execution.gates import Showing, lock_name
from radeng_assets.holding import held
from radeng_assets.home import Home
from radeng_assets.keeping.items import DAY_S
from radeng_assets.keeping.removal import nobody_else
from radeng_assets_tests.cli.conftest import Judged
from radeng_assets_tests.conftest import once
from radeng_assets_tests.processes import python, radeng_here, radeng_json_here

LATER_S = 30 * DAY_S
OLD_PLAN = "sha256:" + "1" * 64


@dg.job
def nothing() -> None:
    """A run that does nothing."""


@dg.op
def judge() -> Iterator[dg.AssetMaterialization | dg.Output[None]]:
    yield dg.AssetMaterialization("production_readiness")
    yield dg.Output(None)


@dg.job
def judging() -> None:
    """A run that says what the verdict's own would."""
    judge()


@pytest.fixture(autouse=True)
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """The collection believes that it is a month later; verdicts are judged now."""
    clock = mock.Mock(time=lambda: time.time() + LATER_S)
    monkeypatch.setattr("radeng_assets.cli.gc.time", clock)


@pytest.fixture
def aged(
    judged: Judged,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> Judged:
    """The home of a run with what months of use leave behind. Where runs are in Postgres, others in a new one."""
    grown = once(tmp_path_factory, "aged", lambda place: _age(Path(shutil.copytree(judged.home, place, symlinks=True))))
    shutil.rmtree(judged.home)
    shutil.copytree(grown, judged.home, symlinks=True)
    if ADDRESS in os.environ:
        monkeypatch.setenv(ADDRESS, request.getfixturevalue("postgres").database())
        home = Home(judged.home).prepare()
        _run(home, judging)
        _run(home, nothing, 5)
    return judged


def _age(place: Path) -> None:
    """Sessions on an older plan, attempts, caches, runs."""
    home = Home(place)
    for number in range(5):
        session = f"session-{number}"
        output = home.store.put_bytes(f"output {number}".encode())
        envelope = Envelope(
            subject=Subject(commit="0" * 40, tree="0" * 40),
            kind="criterion",
            about="A-1#1",
            state="passed",
            started=timestamp(),
            ended=timestamp(),
            artifacts=(Artifact(name="output", digest=output, kept_bytes=8, total_bytes=8),),
            session=session,
            plan=OLD_PLAN,
        )
        cited = (home.store.put_envelope(envelope),)
        home.ledger.append("showing", Showing(key="k", session=session, state="passed", evidence=cited))
        (home.path / "locks").mkdir(exist_ok=True)
        (home.path / "locks" / lock_name(session, "k")).touch()
        story = StoryOutcome(
            story="A-1", wave="wave-1", status="verified", mode="none", plan=OLD_PLAN, session=session, evidence=cited
        )
        home.ledger.append("story", story)
        attempt = Attempt(
            plan="plan",
            execution=OLD_PLAN,
            story="A-1",
            wave="wave-1",
            session=session,
            number=number + 1,
            base="0" * 40,
            began=timestamp(),
        )
        home.ledger.append("attempt", attempt)
        (home.path / "benches" / bench_name(attempt.key) / "scratch").mkdir(parents=True)
        transcript = home.store.put_bytes(f"transcript {number}".encode())
        home.ledger.append("attempt_end", AttemptEnd(key=attempt.key, ending="failed", transcript=transcript))
        place = home.path / "setup" / (f"{number}" * 8)
        place.mkdir(parents=True)
        (place / "evidence.json").write_text("[]")
        (home.path / "scanners").mkdir(exist_ok=True)
        (home.path / "scanners" / f"rules-{number}").write_text("x")
        (home.path / "plans" / f"{number:064x}").mkdir()
        shutil.copyfile(
            next(iter((home.path / "index").glob("*/*.sqlite"))),
            next(iter((home.path / "index").glob("*/"))) / f"{number}-old.sqlite",
        )
    # An attempt that was begun last and is gone on with.
    open_one = Attempt(
        plan="plan",
        execution=OLD_PLAN,
        story="A-2",
        wave="wave-1",
        session="session-0",
        number=1,
        base="0" * 40,
        began=timestamp(),
    )
    home.ledger.append("attempt", open_one)
    (home.path / "benches" / bench_name(open_one.key) / "scratch").mkdir(parents=True)
    _run(home, nothing, 5)


def _run(home: Home, job: dg.JobDefinition, times: int = 1) -> None:
    with dg.DagsterInstance.from_config(str(home.path)) as instance:
        for _ in range(times):
            assert job.execute_in_process(instance=instance).success


def files(home: Path) -> set[str]:
    """What lies in a home, without what databases and locks do by themselves."""
    passing = (".lock", "-wal", "-shm", "gc.lock")
    found = (path.relative_to(home).as_posix() for path in home.rglob("*"))
    return {name for name in found if not (name.endswith(passing) and not name.startswith("locks/"))}


def gc(judged: Judged, *args: str) -> tuple[int, dict[str, Any]]:
    return radeng_json_here("gc", "--home", judged.home, *args, cwd=judged.home.parent)


def digest(judged: Judged, name: str) -> tuple[str, str]:
    """(the verdict's digest as its criteria, waves and stories have it, the bundle's as it is verified)."""
    bundle = judged.home.parent / name
    code, verdict = radeng_json_here("verdict", "--home", judged.home, "--bundle", bundle, cwd=judged.home.parent)
    assert code == 0
    code, verified = radeng_json_here("verify", bundle, cwd=judged.home.parent)
    assert (code, verified["same"]) == (0, True)
    assert verified["digest"] == verdict["digest"]
    return verdict["digest"], verified["digest"]


@pytest.mark.storages
def test_a_dry_run_lists_gc_takes_exactly_that_and_the_verdict_is_the_same(aged: Judged) -> None:
    before_verdict = digest(aged, "before.zip")
    report = radeng_here("report", "--home", aged.home, "--out", aged.home.parent / "before.html", cwd=aged.home.parent)
    assert report.returncode == 0
    before = files(aged.home)
    code, dry = gc(aged, "--dry-run")
    assert code == 0
    assert files(aged.home) == before, "a dry run takes nothing away"
    kinds = {item["kind"] for item in dry["items"]}
    assert kinds == {"runs", "evidence", "benches", "setup", "scanners", "plans", "index", "locks"}
    assert all(item["age_days"] >= 7 for item in dry["items"])

    code, wet = gc(aged)
    assert (code, wet["stayed"]) == (0, [])
    assert [(i["kind"], i["name"]) for i in wet["items"]] == [(i["kind"], i["name"]) for i in dry["items"]]
    listed = tuple(item["name"] for item in wet["items"] if item["kind"] != "runs")
    runs = {item["name"] for item in wet["items"] if item["kind"] == "runs"}
    lost = {name for name in before - files(aged.home) if not any(run in name for run in runs)}
    assert {name for name in lost if not name.startswith(tuple(f"{one}/" for one in listed))} == set(listed)
    with dg.DagsterInstance.from_config(str(aged.home)) as instance:
        assert not runs & {run.run_id for run in instance.get_runs()}
        assert len(instance.get_runs(dg.RunsFilter(job_name="nothing"))) == 3
        assert instance.get_latest_materialization_event(dg.AssetKey("production_readiness")) is not None

    assert digest(aged, "after.zip") == before_verdict
    assert Home(aged.home).ledger.verify() == ()
    again = radeng_here("report", "--home", aged.home, "--out", aged.home.parent / "after.html", cwd=aged.home.parent)
    assert again.returncode == 0
    # What is gone on with is all there.
    key = "plan/A-2/1"
    assert (aged.home / "benches" / bench_name(key) / "scratch").is_dir()
    done = radeng_here("gc", "--home", aged.home, cwd=aged.home.parent)
    assert (done.returncode, "Nothing may go" in done.stdout) == (0, True), done.stdout


def test_nothing_goes_where_nobody_can_know_what_is_needed(aged: Judged) -> None:
    before = files(aged.home)
    ledger = Home(aged.home).ledger.path
    whole = ledger.read_bytes()
    ledger.write_bytes(whole.replace(b'"passed"', b'"failed"', 1))
    done = radeng_here("gc", "--home", aged.home, cwd=aged.home.parent)
    assert (done.returncode, done.stdout) == (2, "")
    assert "ledger.jsonl:" in done.stderr
    ledger.write_bytes(whole)
    with nobody_else(aged.home):
        done = radeng_here("gc", "--home", aged.home, cwd=aged.home.parent)
    assert done.returncode == 2
    assert "another gc" in done.stderr
    assert before <= files(aged.home)


RUN = """
import sys
from pathlib import Path
from radeng_assets.evidence.ledger import Ledger
from radeng_assets.evidence.store import EvidenceStore
from radeng_assets.execution.gates import Showing

home, number = Path(sys.argv[1]), 0
while True:
    number += 1
    # New evidence, and some that lay there uncited: both are cited a moment later.
    cited = tuple(EvidenceStore(home).put_bytes(data.encode()) for data in (f"run {number}", f"stray {number}"))
    showing = Showing(key=str(number), session="under way", state="passed", evidence=cited)
    Ledger(home / "ledger.jsonl").append("showing", showing)
    print(number, flush=True)
"""


@pytest.mark.storages
def test_a_run_that_is_under_way_loses_nothing(aged: Judged) -> None:
    home = Home(aged.home)
    # Long since nobody's: the run takes some of it up again while gc is at work, and never the rest.
    for number in range(300):
        os.utime(home.store.path(home.store.put_bytes(f"stray {number}".encode())), (1.0, 1.0))
    never = [home.store.path(home.store.put_bytes(f"never {number}".encode())) for number in range(10)]
    for path in never:
        os.utime(path, (1.0, 1.0))
    with dg.DagsterInstance.from_config(str(aged.home)) as instance:
        run = instance.create_run_for_job(nothing, tags={"radeng/session": "under way"})
    with subprocess.Popen([sys.executable, "-c", RUN, str(aged.home)], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        code, gone = gc(aged)
        assert code in (0, 1)
        assert writer.stdout.readline(), "it goes on"
        writer.kill()
    stayed = {item["name"] for item in gone["stayed"]}
    assert not [path for path in never if path.exists() and path.relative_to(aged.home).as_posix() not in stayed]
    assert any(not path.exists() for path in never)
    assert {item["reason"] for item in gone["stayed"]} <= {
        "it was used meanwhile",
        "somebody uses it",
        "it is needed by now",
    }
    for entry in home.ledger.entries("showing"):
        if entry.body["session"] == "under way":
            for digest in Showing.model_validate(entry.body).evidence:
                home.store.get_bytes(digest)
    assert home.ledger.verify() == ()
    with dg.DagsterInstance.from_config(str(aged.home)) as instance:
        assert instance.get_run_by_id(run.run_id) is not None


KILLED = """
import os, signal, sys, time
from importlib import import_module
from types import SimpleNamespace
from radeng_assets.cli.app import app

module, name, left, home = sys.argv[1:5]
place = import_module(module)
*owners, name = name.split(".")
for owner in owners:
    place = getattr(place, owner)
work, calls = getattr(place, name), 0

def until_killed(*args):
    global calls
    calls += 1
    if calls > int(left):
        os.kill(os.getpid(), signal.SIGKILL)
    return work(*args)

setattr(place, name, until_killed)
later = time.time() + float(sys.argv[5])
import_module("radeng_assets.cli.gc").time = SimpleNamespace(time=lambda: later)
app(["gc", "--home", home])
"""
"""A gc that is killed when a function is called for the (left + 1)th time."""


def test_killed_anywhere_the_next_one_takes_the_rest_and_nothing_else(aged: Judged) -> None:
    before_verdict = digest(aged, "before.zip")
    before = files(aged.home)
    _, dry = gc(aged, "--dry-run")
    # Between two runs, between two things, and between a folder's being renamed and its being emptied.
    for module, name, left in (
        ("radeng_assets.orchestration.old_runs", "OldRuns.delete", "1"),
        ("radeng_assets.keeping.removal", "Removal.remove", "3"),
        ("radeng_assets.keeping.removal", "_clear", "0"),
    ):
        killed = python("-c", KILLED, module, name, left, str(aged.home), str(LATER_S), cwd=aged.home.parent)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        assert Home(aged.home).ledger.verify() == ()
    code, wet = gc(aged)
    assert (code, wet["stayed"]) == (0, [])
    assert 0 < len(wet["items"]) < len(dry["items"]), "each of the killed ones had taken something"
    listed = tuple(item["name"] for item in dry["items"])
    lost = before - files(aged.home)
    assert not {name for name in lost if not any(one in name for one in listed)}
    assert not {item["name"] for item in dry["items"] if (aged.home / item["name"]).exists()}
    assert files(aged.home) <= before | {".gone"}
    assert digest(aged, "after.zip") == before_verdict


def test_what_somebody_uses_stays_and_is_said(aged: Judged) -> None:
    used = aged.home / "plans" / f"{0:064x}"
    with held(used):
        done = radeng_here("gc", "--home", aged.home, cwd=aged.home.parent)
    assert done.returncode == 1
    assert f"plans plans/{used.name} stayed: somebody uses it" in done.stdout
    assert used.is_dir()
    assert not (aged.home / "plans" / f"{1:064x}").exists()


@pytest.fixture
def policy(judged: Judged) -> Path:
    """A copy of the plan, with a policy to write."""
    plan = Path(shutil.copytree(judged.plan, judged.home.parent / "edited"))
    return plan / "readiness.yaml"


def test_a_policy_that_cannot_be_read_takes_nothing_away(judged: Judged, policy: Path) -> None:
    policy.write_text("retention: {days: 0.1, least: many, week: 3}\n", encoding="utf-8")
    done = radeng_here("gc", "--home", judged.home, "--plan", policy.parent, cwd=judged.home.parent)
    assert done.returncode == 2
    assert "nothing is taken away" in done.stderr
    done = radeng_here("gc", "--home", judged.home.parent / "nowhere", cwd=judged.home.parent)
    assert (done.returncode, "there is no home" in done.stderr) == (2, True)


def test_the_policy_says_how_long_each_kind_is_kept(aged: Judged) -> None:
    plan = Path(shutil.copytree(aged.plan, aged.home.parent / "edited"))
    (plan / "readiness.yaml").write_text("retention: {days: 60, scanners: {days: 1, least: 1}}\n", encoding="utf-8")
    code, listed = gc(aged, "--dry-run", "--plan", str(plan))
    assert code == 0
    assert {item["kind"] for item in listed["items"]} == {"scanners"}
    assert len(listed["items"]) == 5
