"""A parallel wave runs side by side up to the plan's limit; a sequential one runs in order."""

from __future__ import annotations

import sys
from pathlib import Path

from radeng_assets_tests.folders import PLAN, write_folder
from radeng_assets_tests.processes import radeng_json

STORIES = ("S-1", "S-2", "S-3", "S-4")

MEETING = '''
"""Stay until as many are here as were asked for, or until everybody has been here; note the crowd."""
import os, pathlib, sys
room, name, wanted, everybody = pathlib.Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
(room / f"{name}.here").touch()
(room / f"{name}.came").touch()
while True:
    here, came = len(list(room.glob("*.here"))), len(list(room.glob("*.came")))
    met = room / "met"
    if here >= wanted:
        met.touch()
    if met.exists() or came >= everybody:
        break
with open(room / "crowds", "a") as notes:
    notes.write(f"{name} {len(list(room.glob('*.here')))}\\n")
os.remove(room / f"{name}.here")
'''


def run(tmp_path: Path, target: Path, *, parallel: bool, wanted: int) -> list[tuple[str, int]]:
    room = tmp_path / "room"
    room.mkdir()
    script = tmp_path / "meeting.py"
    script.write_text(MEETING, encoding="utf-8")
    head = PLAN.partition("waves:")[0].replace("max_parallel_agents: 2", f"max_parallel_agents: {max(wanted, 2)}")
    waves = f"waves:\n  - id: wave-1\n    parallel: {str(parallel).lower()}\n    stories:\n"
    proofs = "stories:\n"
    for story in STORIES:
        waves += f"      - {{id: {story}, points: 1, agent: developer, acceptance_criteria: [It meets]}}\n"
        command = f"{sys.executable} {script} {room} {story} {wanted} {len(STORIES)}"
        proofs += f'  {story}: {{criteria: {{1: {{command: "{command}"}}}}}}\n'
    plan = write_folder(tmp_path / "plan", head + waves, proofs)
    args = ("run", "--plan", plan, "--target", target, "--agent", "none", "--home", tmp_path / "home")
    code, verdict = radeng_json(*args, cwd=tmp_path)
    assert code == 0
    statuses = {story["id"]: story["status"] for story in verdict["waves"][0]["stories"]}
    assert statuses == dict.fromkeys(STORIES, "already_satisfied")
    notes = (room / "crowds").read_text("utf-8").split("\n")[:-1]
    return [(note.split()[0], int(note.split()[1])) for note in notes]


def test_up_to_the_limit_and_no_further(tmp_path: Path, target: Path) -> None:
    crowds = run(tmp_path, target, parallel=True, wanted=2)
    # Two met, or the proofs would not have ended; the limit is two, so there was never a third.
    assert max(crowd for _, crowd in crowds) == 2


def test_in_order(tmp_path: Path, target: Path) -> None:
    crowds = run(tmp_path, target, parallel=False, wanted=1)
    assert crowds == [(story, 1) for story in STORIES]
