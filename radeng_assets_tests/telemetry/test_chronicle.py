"""Reading what others are writing: files that grow, books of another process, journals, benches that are held."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from pydantic import JsonValue

from radeng_assets.evidence.outcomes import Over
from radeng_assets.evidence.rotation import RotatedLedger
from radeng_assets.execution.agent_policy import SpendingLimits
from radeng_assets.execution.agents.claude.journal import Journal
from radeng_assets.execution.attempts import Attempt
from radeng_assets.execution.bench import at_work, bench_folder
from radeng_assets.execution.broker.audit import audit_of
from radeng_assets.execution.broker.books import Books
from radeng_assets.execution.broker.calls import CallReader
from radeng_assets.execution.broker.line import Scope, Spent
from radeng_assets.home import Home
from radeng_assets.telemetry.chronicle import Chronicler
from radeng_assets.telemetry.watch import Watch
from radeng_assets_tests.execution.conftest import RICH
from radeng_assets_tests.processes import environment

SCOPE = Scope(plan="p", wave="wave-1", story="A-1", attempt=1)
ATTEMPT = Attempt(
    plan="p", execution="d", story="A-1", wave="wave-1", session="s", number=1, base="c",
    began="2026-11-27T10:00:00.000Z",
)  # fmt: skip
LIMITS: SpendingLimits = RICH


def test_a_ledger_that_grows_is_read_as_far_as_it_is_whole(tmp_path: Path) -> None:
    ledger = Home(tmp_path).ledger
    chronicler = Chronicler(tmp_path)
    assert chronicler.read().entries == ()
    ledger.append("over", Over(wave="w", session="s"))
    first = chronicler.read().entries
    ledger.append("over", Over(wave="w", session="s"))
    with ledger.path.open("ab") as stream:
        stream.write(b'{"seq":3')
    then = chronicler.read().entries
    assert then == tuple(ledger.entries())
    assert then[0] is first[0]  # not parsed again
    with ledger.path.open("ab") as stream:
        stream.write(b"\nnot a record\n")
    ledger.path.write_bytes(ledger.path.read_bytes())
    assert len(chronicler.read().entries) == 2
    ledger.path.unlink()
    ledger.head_file.unlink()
    ledger.append("over", Over(wave="another", session="s"))
    assert [entry.body["wave"] for entry in chronicler.read().entries] == ["another"]


def test_a_log_that_is_turned_is_read_on_and_nothing_of_it_twice(tmp_path: Path) -> None:
    log = RotatedLedger(audit_of(tmp_path).path, most_bytes=1)  # every record turns the file
    chronicler = Chronicler(tmp_path)
    read = chronicler.read().requests
    for number in range(1, 5):
        log.append("over", Over(wave=str(number), session="s"))
        before, read = read, chronicler.read().requests
        assert [entry.body["wave"] for entry in read] == [str(n) for n in range(1, number + 1)]
        assert all(old is new for old, new in zip(before, read, strict=False))  # not parsed again
    assert len(log.segments()) == 3


def test_calls_are_those_that_are_over(tmp_path: Path) -> None:
    reader = CallReader.of(tmp_path)
    assert reader.read() == ()
    with Books(tmp_path / "broker" / "books.sqlite") as books:
        first = books.reserve(SCOPE, 10**12, LIMITS, "m", 1000.0, "1")
        second = books.reserve(SCOPE, 10**12, LIMITS, "m", 1001.0, "2")
        third = books.reserve(SCOPE, 10**12, LIMITS, "m", 1002.0, "3")
        assert reader.read() == ()
        books.settle(second, 5 * 10**11, Spent(input=7, output=3), 1003.5)
        assert [(call.turn, call.settled, call.used.cost_usd) for call in reader.read()] == [("2", True, "0.50")]
        books.charge(first, 1004.0)
        books.release(third)
        # The number of what was given back is given anew.
        books.charge(books.reserve(SCOPE, 10**12, LIMITS, "m", 1005.0, "4"), 1006.0)
        calls = reader.read()
        assert [(call.turn, call.began, call.ended, call.settled) for call in calls] == [
            ("1", 1000.0, 1004.0, False),
            ("2", 1001.0, 1003.5, True),
            ("4", 1005.0, 1006.0, False),
        ]
        assert calls == CallReader.of(tmp_path).read()
        books.reserve(SCOPE, 10**12, LIMITS, "m", 1007.0, "5")
    with Books(tmp_path / "broker" / "books.sqlite"):  # the broker died in it, and came back
        assert [(call.turn, call.ended) for call in reader.read()][-1] == ("5", None)


def test_books_of_an_older_version_are_read_and_then_mended(tmp_path: Path) -> None:
    path = tmp_path / "broker" / "books.sqlite"
    with Books(path) as books:
        books.charge(books.reserve(SCOPE, 10**12, LIMITS, "m", 1000.0), 1001.0)
        for column in ("turn", "ended"):
            books._db.execute(f"ALTER TABLE spending DROP COLUMN {column}")  # pyright: ignore[reportPrivateUsage]
    before = CallReader.of(tmp_path).read()
    assert [(call.began, call.ended, call.turn) for call in before] == [(1000.0, None, "")]
    with Books(path) as books:
        books.charge(books.reserve(SCOPE, 10**12, LIMITS, "m", 1002.0, "2"), 1003.0)
    assert [call.ended for call in CallReader.of(tmp_path).read()] == [None, 1003.0]


def test_tools_are_read_from_the_journal_by_name_and_time_alone(tmp_path: Path) -> None:
    Home(tmp_path).ledger.append("attempt", ATTEMPT)
    scratch = bench_folder(tmp_path, ATTEMPT.key) / "scratch"
    scratch.mkdir(parents=True)
    journal = Journal.open(scratch / "journal.jsonl")
    for number, name in enumerate(("read_file", "canary made up"), start=1):
        call: dict[str, JsonValue] = {"id": f"t{number}", "name": name, "input": {"path": "canary"}}
        journal.write("doing", call=call, at=f"2026-11-27T10:00:0{number}.000Z")
        journal.write("done", id=f"t{number}", text="canary", is_error=number == 2, at="2026-11-27T10:00:03.000Z")
    journal.write("doing", call={"id": "t3", "name": "read_file"}, at="2026-11-27T10:00:04.000Z")
    watch = Watch(Home(tmp_path))
    told = [(one.name, one.state, one.seconds) for one in watch.course() if one.kind == "tool"]
    assert told == [("read_file", "done", 2.0), ("unknown", "failed", 1.0)]
    assert "canary" not in str(watch.course())
    # What a journal said is still so when it was collected.
    (scratch / "journal.jsonl").unlink()
    assert len([one for one in watch.course() if one.kind == "tool"]) == 2


HOLDER = """
import sys
from pathlib import Path
from radeng_assets.execution.bench import Bench, bench_folder
home, key = Path(sys.argv[1]), sys.argv[2]
with Bench(bench_folder(home, key), None, "").attended():
    print("there", flush=True)
    sys.stdin.read()
"""


def test_an_agent_is_at_work_as_long_as_its_process_lives(tmp_path: Path) -> None:
    Home(tmp_path).ledger.append("attempt", ATTEMPT)
    (bench_folder(tmp_path, ATTEMPT.key) / "scratch").mkdir(parents=True)

    def running() -> tuple[float, float]:
        values = {sample.metric: sample.value for sample in Watch(Home(tmp_path)).samples()}
        return values["radeng_agents_running"], values["radeng_attempts_open"]

    assert running() == (0, 1)
    command = [sys.executable, "-c", HOLDER, str(tmp_path), ATTEMPT.key]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, env=environment(), **pipes) as holder:  # pyright: ignore[reportCallIssue, reportArgumentType]
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"there\n"
        assert at_work(tmp_path, ATTEMPT.key)
        assert running() == (1, 1)
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    assert running() == (0, 1)
