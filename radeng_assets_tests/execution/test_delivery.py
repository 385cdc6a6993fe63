"""Stories from the plan to merged, proven commits, by scripts that really edit files."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from radeng_assets.evidence.store import EvidenceStore
from radeng_assets.execution.delivery import Delivery
from radeng_assets_tests.execution.works import HONEST, OPERATIONS, TESTS, Works, stories, walk


@pytest.fixture
def works(tmp_path: Path) -> Works:
    return Works(tmp_path)


def test_a_plan_is_carried_out(works: Works) -> None:
    before = works.git("status", "--porcelain=v2", "--branch")
    campaign = works.campaign(HONEST)
    outcomes = walk(campaign)
    assert {wave.gate for wave in outcomes.values()} == {"passed"}
    done = stories(outcomes)
    assert {story.status for story in done.values()} == {"verified"}
    assert campaign.final_gate("s").state == "passed"
    # One commit a story, in a line, each green.
    assert len(works.integrated) == sum(len(names) for names in OPERATIONS.values())
    assert works.git("log", "--merges", "--format=%h", "radeng/calc/integration") == ""
    for story in done.values():
        assert works.git("rev-parse", f"radeng/calc/{story.story}").strip() == story.commit
        assert story.attempts == 1
        assert story.sandboxed
        assert "file" in story.changed
        assert [item.already_true for item in story.criteria] == [False, True]
        for digest in story.evidence:
            envelope = EvidenceStore(works.home).get_envelope(digest)
            assert (envelope.state, envelope.subject.commit) == ("passed", story.commit)
    # The user's checkout is as it was.
    assert works.git("status", "--porcelain=v2", "--branch") == before
    assert campaign.ledger.verify() == ()
    assert not list((works.home / "benches").glob("*/tree"))
    assert TESTS in {e.command for e in map(EvidenceStore(works.home).get_envelope, done["A-1"].evidence)}


def test_a_story_that_waits_for_something_outside_is_blocked_and_nobody_is_asked(works: Works) -> None:
    campaign = works.campaign(HONEST)
    assert isinstance(campaign.runtime, Delivery)
    waits = {"A-1": "waits for phase 1 (Parser): it is PENDING", "A-2": "waits for phase 2"}
    held = dataclasses.replace(campaign, runtime=dataclasses.replace(campaign.runtime, waits=waits))
    campaign.open_wave("wave-1", "before")
    assert campaign.carry_out("wave-1", "A-2", "before").status == "verified"
    held.open_wave("wave-1", "s")
    blocked = held.carry_out("wave-1", "A-1", "s")
    assert (blocked.status, blocked.reason, blocked.attempts) == ("blocked", waits["A-1"], 0)
    assert "A-3" not in waits
    behind = held.carry_out("wave-1", "A-3", "s")
    assert (behind.status, behind.reason) == ("blocked", "waits for A-1")
    assert len(list(works.muster.ledger.entries("attempt"))) == 1
    # What is shown to be done waits for nothing.
    assert held.carry_out("wave-1", "A-2", "s").status == "verified"


def test_a_halt_shows_nothing_and_leaves_everything_to_go_on_with(tmp_path: Path) -> None:
    halted: list[str] = []
    works = Works(tmp_path, stopping=lambda: bool(halted))
    campaign = works.campaign(HONEST)
    campaign.open_wave("wave-1", "s")
    done = {name: campaign.carry_out("wave-1", name, "s") for name in ("A-1", "A-2")}
    halted.append("a person said so")
    stopped = campaign.carry_out("wave-1", "A-3", "s")
    assert stopped.status == "blocked"
    assert "it goes on where it was" in stopped.reason
    closed = campaign.close_wave("wave-1", "s")
    assert closed.gate == "failed"
    assert "not done: A-3" in closed.reason
    assert campaign.final_gate("s").state == "skipped"
    halted.clear()
    again = works.campaign(HONEST)
    again.open_wave("wave-1", "later")
    for name in OPERATIONS["wave-1"]:
        assert again.carry_out("wave-1", name, "later").status == "verified"
    assert again.close_wave("wave-1", "later").gate == "passed"
    assert {outcome.attempts for outcome in done.values()} == {1}
