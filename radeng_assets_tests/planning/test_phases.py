"""Who waits for which phase: the story itself, its wave, or a gap that it addresses."""

from __future__ import annotations

from pathlib import Path

import pytest

from radeng_assets.planning.folder import Planning, read_planning, read_sources
from radeng_assets.planning.phases import phases_of, waits_of

PLAN = """\
waves:
  - id: wave-1
    stories:
      - {id: W1-S1, title: One}
      - {id: W1-S2, title: Two, addresses: [SYS-002]}
  - id: wave-2
    dependencies: [wave-1]
    stories:
      - {id: W2-S1, title: Three}
"""
GAPS = """\
gaps:
  - {id: SYS-002, title: No client, severity: HIGH}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "EXECUTION-PLAN.yaml").write_text(PLAN, "utf-8")
    (tmp_path / "COMPREHENSIVE-GAP-ANALYSIS.yaml").write_text(GAPS, "utf-8")
    return tmp_path


def planning(folder: Path, status: str | None = None, dependencies: str | None = None) -> Planning:
    for name, text in (("INTEGRATION-STATUS.md", status), ("INTEGRATION-DEPENDENCIES.md", dependencies)):
        if text is not None:
            (folder / name).write_text(text, "utf-8")
    return read_planning(read_sources(folder))


def status(*rows: str) -> str:
    return "\n".join(("| Phase | Status | Blocks |", "|---|---|---|", *rows)) + "\n"


def waits(read: Planning) -> list[tuple[str, int, str, str]]:
    return [(wait.story, wait.phase, wait.how, wait.held) for wait in waits_of(read)]


def test_without_a_document_nobody_waits(folder: Path) -> None:
    assert (phases_of(planning(folder)), waits_of(planning(folder))) == ((), ())


def test_an_open_phase_holds_up_stories_waves_and_gaps(folder: Path) -> None:
    read = planning(
        folder,
        status(
            "| Phase 1: Parser | PENDING | W1-S1 |", "| 2 | NOT STARTED | SYS-002, wave-2 |", "| 3 | DONE | W1-S1 |"
        ),
    )
    assert waits(read) == [
        ("W1-S1", 1, "story", "W1-S1"),
        ("W1-S2", 2, "gap", "SYS-002"),
        ("W2-S1", 2, "wave", "wave-2"),
    ]
    first, second, _ = waits_of(read)
    assert first.reason == "waits for phase 1 (Parser): it is PENDING"
    assert second.reason == "waits for phase 2, which holds up its gap SYS-002: it is NOT STARTED"
    assert {str(place) for place in first.at} == {"INTEGRATION-STATUS.md:3"}


def test_complete_phases_hold_up_nothing(folder: Path) -> None:
    read = planning(folder, status("| 1 | COMPLETE | W1-S1, W1-S2, wave-2 |"))
    (phase,) = phases_of(read)
    assert (phase.complete, phase.blocks) == (True, ("W1-S1, W1-S2, wave-2",))
    assert waits(read) == []


def test_a_phase_that_is_complete_in_one_place_only_is_open(folder: Path) -> None:
    read = planning(folder, status("| 1 | COMPLETE | W1-S1 |") + "\n## Phase 1\n\n**Status**: PENDING\n")
    assert waits(read) == [("W1-S1", 1, "story", "W1-S1")]
    (phase,) = phases_of(read)
    assert phase.status == "COMPLETE, PENDING"


def test_a_phase_that_nothing_states_is_not_complete(folder: Path) -> None:
    matrix = "| Task | Phase | Blocking? |\n|---|---|---|\n| W2-S1 | Phase 4 | YES |\n| W1-S1 | Phase 4 | No |\n"
    (wait,) = waits_of(planning(folder, dependencies=matrix))
    assert (wait.story, wait.phase) == ("W2-S1", 4)
    assert "nothing says" in wait.reason
    read = planning(folder, status("| Phase 4: Queue | DONE | |"), matrix)
    assert waits(read) == []


def test_a_range_of_stories_is_spelled_out(folder: Path) -> None:
    assert [story for story, *_ in waits(planning(folder, status("| 1 | PENDING | W1-S1 to W1-S2 |")))] == [
        "W1-S1",
        "W1-S2",
    ]


def test_checkpoints_are_shown_and_complete_nothing(folder: Path) -> None:
    text = status("| 1 | PENDING | W1-S1 |") + "\n## Phase 1\n\n- [x] all of it\n"
    (phase,) = phases_of(planning(folder, text))
    assert [(box.text.value, box.ticked) for box in phase.checkpoints] == [("all of it", True)]
    assert not phase.complete
