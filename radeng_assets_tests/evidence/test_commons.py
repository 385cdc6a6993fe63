"""What machines share: one order of the ledger, one holder of a lock, evidence and plans of each for all."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from upath import UPath

from radeng_assets.database import ADDRESS, NoDatabase
from radeng_assets.evidence.commons import Commons
from radeng_assets.evidence.ledger import Ledger, LedgerMoved, LedgerParted
from radeng_assets.evidence.shared_database import Claim, LockLost
from radeng_assets.evidence.store import EvidenceChanged, EvidenceMissing, EvidenceStore
from radeng_assets.home import Home
from radeng_assets.planning.folder import read_sources
from radeng_assets.planning.shelf import PlanMissing, fetch, offer
from radeng_assets.planning.snapshot import freeze, is_whole, thaw
from radeng_assets.record import Record
from radeng_assets_tests.folders import write_folder
from radeng_assets_tests.postgres_server import Server


class Note(Record):
    text: str


MACHINE = """
import os, sys
from pathlib import Path
from radeng_assets.evidence.commons import Commons
from radeng_assets.evidence.ledger import Ledger
from radeng_assets.record import Record

class Note(Record):
    text: str

place, home, name, count = sys.argv[1:]
commons = Commons.of(place, os.environ)
if count == "hold":
    with commons.lock("it"):
        print("held", flush=True)
        sys.stdin.read()
ledger = Ledger(Path(home) / "ledger.jsonl", commons.journal)
for number in range(int(count)):
    ledger.append("note", Note(text=f"{name}-{number}"))
    print(number, flush=True)
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    server = Server().start()
    yield server
    server.stop()


@pytest.fixture
def url(server: Server) -> str:
    return server.database(tables=False)


@pytest.fixture
def commons(url: str, tmp_path: Path) -> Commons:
    commons = Commons.of(str(tmp_path / "shared"), {ADDRESS: url})
    assert commons is not None
    return commons


def machine(commons: Commons, url: str, home: Path, name: str, count: str) -> subprocess.Popen[str]:
    """Another machine, as a process with a home of its own."""
    home.mkdir(exist_ok=True)
    return subprocess.Popen(
        [sys.executable, "-c", MACHINE, commons.place, str(home), name, count],
        env={ADDRESS: url},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def kill_while_held(server: Server, claim: Claim | None) -> None:
    assert claim is not None
    assert claim.holds()
    server.kill()
    assert not claim.holds()


def texts(ledger: Ledger) -> list[str]:
    return [str(entry.body["text"]) for entry in ledger.entries("note")]


def test_machines_append_to_one_chain_and_each_has_all_of_it(commons: Commons, url: str, tmp_path: Path) -> None:
    homes = [tmp_path / name for name in "abc"]
    writers = [machine(commons, url, home, home.name, "20") for home in homes]
    for writer in writers:
        writer.communicate(timeout=60)
        assert writer.returncode == 0
    ledgers = [Ledger(home / "ledger.jsonl", commons.journal) for home in homes]
    for ledger in ledgers:
        assert Counter(text[0] for text in texts(ledger)) == {"a": 20, "b": 20, "c": 20}
        assert not ledger.verify()
    assert len({ledger.path.read_bytes() for ledger in ledgers}) == 1
    # Each machine's own records are in the order in which it made them.
    assert [text for text in texts(ledgers[0]) if text[0] == "b"] == [f"b-{n}" for n in range(20)]


def test_a_machine_that_is_killed_while_it_writes_loses_nothing(commons: Commons, url: str, tmp_path: Path) -> None:
    killed = machine(commons, url, tmp_path / "a", "a", "1000000")
    assert killed.stdout is not None
    said = [killed.stdout.readline() for _ in range(5)]
    killed.send_signal(signal.SIGKILL)
    said += killed.communicate()[0].splitlines()
    mine = Ledger(tmp_path / "b" / "ledger.jsonl", commons.journal)
    assert len(texts(mine)) >= len([line for line in said if line.strip()])
    mine.append("note", Note(text="after"))
    again = Ledger(tmp_path / "a" / "ledger.jsonl", commons.journal)
    assert texts(again) == texts(mine)
    assert not again.verify()


def test_what_was_to_be_the_last_record_is_asked_of_all_machines(commons: Commons, tmp_path: Path) -> None:
    one, two = (Ledger(tmp_path / name / "ledger.jsonl", commons.journal) for name in "ab")
    one.append("note", Note(text="1"))
    head = two.head()
    one.append("note", Note(text="2"))
    with pytest.raises(LedgerMoved):
        two.append("note", Note(text="3"), after=head)
    assert texts(two) == ["1", "2"]


def test_a_home_that_was_alone_brings_its_records_and_another_is_refused(commons: Commons, tmp_path: Path) -> None:
    first, second = Home(tmp_path / "a"), Home(tmp_path / "b")
    for home in (first, second):
        digest = home.store.put_bytes(home.path.name.encode())
        home.ledger.append("note", Note(text=digest))
    joined = Home(first.path, commons).join().join()
    newcomer = Home(tmp_path / "c", commons)
    assert texts(newcomer.ledger) == texts(first.ledger)
    assert newcomer.store.get_bytes(texts(first.ledger)[0]) == b"a"
    joined.ledger.append("note", Note(text="both"))
    assert texts(newcomer.ledger)[-1] == "both"
    with pytest.raises(LedgerParted, match="new home"):
        Home(second.path, commons).join()
    with pytest.raises(LedgerParted, match="new home"):
        Home(second.path, commons).ledger.append("note", Note(text="never"))


def test_a_home_that_was_killed_while_it_brought_its_records_brings_the_rest(commons: Commons, tmp_path: Path) -> None:
    home = Home(tmp_path / "a")
    entries = [home.ledger.append("note", Note(text=str(n))) for n in range(3)]
    line = home.ledger.path.read_bytes().splitlines(keepends=True)[0]
    assert commons.journal.add(1, entries[0].prev, entries[0].hash, line)
    Home(home.path, commons).join()
    assert texts(Ledger(tmp_path / "b" / "ledger.jsonl", commons.journal)) == ["0", "1", "2"]


def test_the_journal_takes_no_record_that_does_not_follow(commons: Commons, tmp_path: Path) -> None:
    entry = Ledger(tmp_path / "ledger.jsonl", commons.journal).append("note", Note(text="1"))
    assert not commons.journal.add(1, "sha256:0", "sha256:1", b"x\n")
    assert not commons.journal.add(3, entry.hash, "sha256:1", b"x\n")
    assert not commons.journal.add(2, "sha256:0", "sha256:1", b"x\n")
    assert len(commons.journal.since(1)) == 1


def test_a_lock_is_free_when_its_holder_is_killed(commons: Commons, url: str, tmp_path: Path) -> None:
    holder = machine(commons, url, tmp_path / "a", "a", "hold")
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with commons.database.claim("it") as claim:
        assert claim is None
    with commons.lock("something else"):
        pass
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    with commons.lock("it"), commons.database.claim("it") as claim:
        assert claim is None


def test_a_lock_that_was_lost_meanwhile_says_so() -> None:
    server = Server().start()
    try:
        commons = Commons.of("/nowhere", {ADDRESS: server.database(tables=False)})
        assert commons is not None
        with pytest.raises(LockLost), commons.database.claim("it") as claim:
            kill_while_held(server, claim)
        with pytest.raises(NoDatabase, match=ADDRESS), commons.lock("it"):
            pass
    finally:
        server.stop()


def test_a_shared_place_needs_a_database(tmp_path: Path) -> None:
    assert Commons.of(None, {}) is None
    with pytest.raises(NoDatabase) as missing:
        Commons.of(str(tmp_path), {})
    assert ADDRESS in missing.value.hint


class TestShelf:
    """On fsspec's memory: no path of any machine."""

    @pytest.fixture
    def shelf(self) -> UPath:
        return UPath("memory://radeng-tests/evidence")

    def test_evidence_of_one_home_is_evidence_of_all(self, shelf: UPath, tmp_path: Path) -> None:
        one, two = (EvidenceStore(tmp_path / name, shelf) for name in "ab")
        digest = one.put_bytes(b"shown")
        assert two.get_bytes(digest) == b"shown"
        assert two.path(digest).read_bytes() == b"shown"

    def test_what_was_changed_there_is_no_evidence(self, shelf: UPath, tmp_path: Path) -> None:
        one, two = (EvidenceStore(tmp_path / name, shelf) for name in "ab")
        digest = one.put_bytes(b"shown as well")
        name = digest.removeprefix("sha256:")
        (shelf / name[:2] / name).write_bytes(b"otherwise")
        with pytest.raises(EvidenceChanged):
            two.get_bytes(digest)
        assert not two.path(digest).exists()
        with pytest.raises(EvidenceMissing):
            two.get_bytes("sha256:" + "0" * 64)

    def test_a_plan_travels_by_its_digest(self, tmp_path: Path) -> None:
        shared = UPath("memory://radeng-tests/plans")
        snapshot = freeze(read_sources(write_folder(tmp_path / "plan")), tmp_path / "a")
        with pytest.raises(PlanMissing, match="RADENG_SHARED"):
            fetch(snapshot.name, tmp_path / "b", shared)
        offer(snapshot, shared)
        offer(snapshot, shared)
        fetch(f"{snapshot.name},{snapshot.name}", tmp_path / "b", shared)
        there = tmp_path / "b" / "plans" / snapshot.name
        assert is_whole(there)
        assert thaw(there) == thaw(snapshot)

    def test_a_damaged_plan_is_refused(self, tmp_path: Path) -> None:
        shared = UPath("memory://radeng-tests/damaged")
        snapshot = freeze(read_sources(write_folder(tmp_path / "plan")), tmp_path / "a")
        offer(snapshot, shared)
        (shared / "plans" / snapshot.name / "EXECUTION-PLAN.yaml").write_bytes(b"waves: []\n")
        with pytest.raises(PlanMissing, match="does not hold"):
            fetch(snapshot.name, tmp_path / "b", shared)
