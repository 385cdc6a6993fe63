"""Stories from the plan to merged, proven commits, by scripts that really edit files."""

from __future__ import annotations

from pathlib import Path

import pytest

from radeng_assets.evidence.store import EvidenceStore
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
