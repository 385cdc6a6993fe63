"""Kill -9 at every boundary of the journal: the end is the same, and no turn is paid twice."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.execution.agents.claude.journal import Journal
from radeng_assets.execution.standin.reply import Reply, ToolCall
from radeng_assets.execution.standin.server import Request
from radeng_assets_tests.conftest import ROOT
from radeng_assets_tests.execution.conftest import Start
from radeng_assets_tests.execution.models import answered

RUN = "run_command"
TURNS: list[list[tuple[str, dict[str, str]]]] = [
    # Appending twice would show: the rollback before a repeated call is what is proved here.
    [("write_file", {"path": "out.txt", "content": "one\n"}), (RUN, {"command": "echo two >> out.txt"})],
    [
        ("edit_file", {"path": "out.txt", "old": "two", "new": "two and a half"}),
        (RUN, {"command": "mv out.txt log.txt"}),
    ],
    [
        ("read_file", {"path": "log.txt"}),
        (RUN, {"command": "cp log.txt out.txt && rm log.txt"}),
        ("write_file", {"path": "../out", "content": ""}),
    ],
    [(RUN, {"command": "echo three >> out.txt; exit 3"}), ("no_such_tool", {})],
    [("report", {"summary": "done"})],
]


def script(request: Request) -> Reply:
    """The same model for every run: what it says hangs on the turn alone."""
    turn = answered(request.body)
    if turn >= len(TURNS):
        return Reply("done")
    return Reply(f"turn {turn}", tuple(ToolCall(n, i, f"toolu_{turn}_{k}") for k, (n, i) in enumerate(TURNS[turn])))


CALLS = sum(len(turn) for turn in TURNS)
WRITES = 1 + 2 * (len(TURNS) + 1) + 2 * CALLS + 1
"""Records of an undisturbed run: the frame, every turn and call before and after, the report."""


def test_a_kill_at_every_boundary_changes_nothing(start: Start, tmp_path: Path) -> None:
    assert 2 * WRITES >= 60
    api, broker = start(script)
    assert broker.identity()
    middle = WRITES
    ranges = [(-1, middle), (middle, 2 * WRITES)]
    command = [sys.executable, "-m", "radeng_assets_tests.execution.agents.killer", str(tmp_path / "home")]
    killers = [
        subprocess.Popen(
            [*command, str(tmp_path / f"runs-{first}"), str(first), str(last)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for first, last in ranges
    ]
    points: list[dict[str, Any]] = []
    for killer in killers:
        out, err = killer.communicate(timeout=300)
        assert killer.returncode == 0, err
        points += [json.loads(line) for line in out.splitlines()]
    (undisturbed, *killed) = sorted(points, key=lambda point: point["point"])
    assert undisturbed["files"] == {"out.txt": "one\ntwo and a half\nthree\n"}
    assert len(undisturbed["notes"]) == WRITES
    assert len(killed) == 2 * WRITES
    for point in killed:
        assert point["died"], point
        for same in ("again", "files", "ending", "cost", "turns", "notes", "cut"):
            assert point[same] == undisturbed[same], point
    # Every run asked for its turns once: six turns, one undisturbed run, and one for each point.
    asked = Counter(request.number for request in api.requests)
    assert len(asked) == (len(TURNS) + 1) * (2 * WRITES + 1)
    spent = broker.spent(plan="kill")
    assert spent.turns == len(api.requests)


def written(path: Path, count: int) -> list[str]:
    journal = Journal.open(path)
    for number in range(count):
        journal.write("done", id=f"{number}", text="ü" * number, is_error=False)
    return [str(note.body["id"]) for note in journal.notes]


@given(st.integers(0, 6), st.integers(0, 400), st.binary(max_size=30))
def test_a_bad_tail_is_cut_off_and_said(
    tmp_path_factory: pytest.TempPathFactory, count: int, cut: int, junk: bytes
) -> None:
    path = tmp_path_factory.mktemp("journal") / "journal.jsonl"
    names = written(path, count)
    data = path.read_bytes() if path.exists() else b""
    kept = data[: max(0, len(data) - cut)]
    path.write_bytes(kept + junk)
    journal = Journal.open(path)
    found = [str(note.body["id"]) for note in journal.notes]
    assert found == names[: len(found)]
    assert len(found) >= kept.count(b"\n")
    whole = sum(len(line) for line in data.splitlines(keepends=True)[: len(found)])
    assert journal.cut == len(kept + junk) - whole
    # What follows is whole again, and reads the same.
    journal.write("ended", report={})
    again = Journal.open(path)
    assert (again.cut, again.notes) == (0, journal.notes)


def test_an_altered_record_ends_what_is_believed(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    written(path, 5)
    lines = path.read_bytes().splitlines(keepends=True)
    lines[2] = lines[2].replace(b'"2"', b'"9"')
    path.write_bytes(b"".join(lines))
    journal = Journal.open(path)
    assert [note.body["id"] for note in journal.notes] == ["0", "1"]
    assert journal.cut == sum(map(len, lines[2:]))
    assert path.with_name("journal.jsonl.torn").read_bytes() == b"".join(lines[2:])
