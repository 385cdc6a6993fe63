"""The guard before a story: waits, then degrades, and says so."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from radeng_assets.execution.agent_policy import MachineLimits
from radeng_assets.execution.gates import Stopped, never
from radeng_assets.execution.machine import Machine

EVERYTHING = 2**60


def machine(home: Path, **limits: float) -> Machine:
    return Machine(MachineLimits.model_validate({"wait_s": 0.05, **limits}), home, poll_s=0.01)


def test_there_is_room_where_nothing_is_short(tmp_path: Path) -> None:
    lines: list[str] = []
    with machine(tmp_path, free_memory=1, free_disk=1, load_per_core=10**6).room(never, lines.append):
        assert lines == []


@pytest.mark.parametrize(
    ("limit", "word"),
    [({"free_memory": EVERYTHING}, "memory"), ({"free_disk": EVERYTHING}, "disk"), ({"load_per_core": -1}, "load")],
)
def test_what_is_short_is_said(tmp_path: Path, limit: dict[str, float], word: str) -> None:
    plenty = {"free_memory": 1, "free_disk": 1, "load_per_core": 10**6}
    (short,) = machine(tmp_path, **{**plenty, **limit}).shortages()
    assert short.startswith(word)


def test_stories_run_one_at_a_time_where_it_stays_short(tmp_path: Path) -> None:
    short = machine(tmp_path, free_memory=EVERYTHING)
    lines: list[str] = []
    inside, most = 0, 0
    count = threading.Lock()

    def story() -> None:
        nonlocal inside, most
        with short.room(never, lines.append):
            with count:
                inside += 1
                most = max(most, inside)
            threading.Event().wait(0.02)
            with count:
                inside -= 1

    threads = [threading.Thread(target=story) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
    assert sum("one at a time" in line for line in lines) == 4


def test_a_waiting_story_is_stopped(tmp_path: Path) -> None:
    waiting = machine(tmp_path, free_memory=EVERYTHING, wait_s=60)
    lines: list[str] = []
    with pytest.raises(Stopped), waiting.room(lambda: True, lines.append):
        pytest.fail("it must not begin")
