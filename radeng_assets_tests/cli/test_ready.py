"""The example as a user walks it: from nothing to READY, and one byte back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from radeng_assets_tests.processes import radeng_json
from radeng_assets_tests.truth.state import PLAN, State

CRITERIA = (
    *("stories_completed", "test_coverage", "load_test", "security_audit"),
    *("ui_integration", "ess_integration", "documentation", "stakeholder_signoff"),
)


def test_the_audit_finds_nothing_in_its_plan(tmp_path: Path) -> None:
    code, audit = radeng_json("audit", "--plan", PLAN, cwd=tmp_path)
    assert (code, audit["findings"]) == (0, [])
    assert audit["plan"]["stories"] == 6


def judged(state: State) -> tuple[int, dict[str, Any]]:
    """``radeng verdict --gate`` over a copy of the example."""
    settings = {"RADENG_PLAN_DIR": str(state.plan), "RADENG_TARGET_REPO": str(state.target)}
    return radeng_json("verdict", "--gate", "--home", state.home, cwd=state.folder, **settings)


@pytest.fixture
def state(ready_example: Path, tmp_path: Path) -> State:
    return State.copied(ready_example, tmp_path / "copy")


def test_it_becomes_ready(state: State) -> None:
    code, verdict = judged(state)
    assert {item["id"]: item["status"] for item in verdict["criteria"]} == dict.fromkeys(CRITERIA, "verified")
    assert (code, verdict["verdict"]) == (0, "READY")
    assert verdict["target"]["commit"] == state.git("rev-parse", "HEAD").strip()
    stories = [story for wave in verdict["waves"] for story in wave["stories"]]
    assert {story["status"] for story in stories} == {"verified"}
    assert len(stories) == 6
    assert {(story["sandboxed"], story["attempts"]) for story in stories} == {(True, 1)}
    assert {wave["gate"] for wave in verdict["waves"]} == {"passed"}
    # Every criterion was false before the agent came.
    assert {story["already_true"] for story in stories} == {0}
    report = (state.folder / "work" / "report.html").read_text("utf-8")
    assert verdict["target"]["commit"] in report


def test_one_byte_of_the_product_takes_it_back(state: State) -> None:
    state.change("postbox/core/letter.py", lambda data: data + b"\n")
    code, verdict = judged(state)
    assert (code, verdict["verdict"]) == (3, "NOT_READY")
    (stories,) = [item for item in verdict["criteria"] if item["id"] == "stories_completed"]
    assert stories["status"] == "stale"
    assert "postbox/core/letter.py" in stories["reason"]
