from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radeng_assets.planning.documents.master_plan import MasterPlan
from radeng_assets.planning.findings import Finding
from radeng_assets.planning.located import Fact
from radeng_assets.planning.readers.master_plan import read_master_plan
from radeng_assets.planning.source import Source, read_source
from radeng_assets.record import Record
from radeng_assets_tests.planning.readers.damaged_markdown import Edit, Original, assert_located, documents, edits

NAME = "MASTER-IMPLEMENTATION-PLAN.md"

SMALL = """\
# The plan

**Total Scope**: 5 points across 2 stories
**Estimated Duration**: 2 weeks

## Wave 1: Base (5 points) - PARALLEL

### Story 1.1: Read

**ID**: W1-S1
**Points**: 3
**Agent**: developer
**Dependencies**: None

**Tasks**:
- [x] 1.1.1: write it
- [ ] 1.1.2: prove it

**Verification**:
```bash
# not a command
make test
```

**Files**:
- `src/read.py` (NEW)

### Story 1.2: Write

- **ID**: W1-S2
- **Points**: 2
- **Dependencies**: W1-S1

| Wave | Stories | Points | Status |
|------|---------|--------|--------|
| Wave 1 | 2 | 5 | pending |
| **Total** | 2 | 5 | pending |
"""


def items(model: Record) -> list[Fact[object]]:
    found = cast(MasterPlan, model)
    return [
        *(story.id for story in found.stories),
        *(wave.name for wave in found.waves),
        *(task.id for story in found.stories for task in story.tasks),
        *(test.text for story in found.stories for test in story.tests),
        *(row.wave for table in found.progress for row in table.rows),
        *(entry.id for entry in found.tracker),
        *(claim.name for claim in found.scope),
    ]


@pytest.fixture(scope="module")
def original(real_folder: Path) -> Original:
    source, _ = read_source(real_folder, NAME)
    assert source is not None
    return Original(read_master_plan, items, NAME, source.text.split("\n"))


@pytest.fixture(scope="module")
def real(original: Original) -> MasterPlan:
    return cast(MasterPlan, original.damaged()[1])


def read(text: str) -> tuple[MasterPlan, tuple[Finding, ...]]:
    return read_master_plan(Source(NAME, text, ""))


def value(fact: Fact[int] | Fact[str] | None) -> int | str | None:
    return None if fact is None else fact.value


def at(fact: Fact[int] | Fact[str] | None) -> tuple[int | str | None, int | None]:
    return value(fact), None if fact is None else fact.line


# --- the real document -------------------------------------------------------------------------


def test_real_stories(real: MasterPlan) -> None:
    assert len(real.stories) == 30
    assert sum(story.points.value for story in real.stories if story.points) == 147
    assert len({story.id.value for story in real.stories}) == 30
    assert {value(story.agent) for story in real.stories} <= {"developer", "test-writer", "planner", "code-reviewer"}


def test_a_real_story_in_full(real: MasterPlan) -> None:
    story = next(story for story in real.stories if story.id.value == "W2-S1")
    assert at(story.id) == ("W2-S1", 216)
    assert at(story.title) == ("Implement Real Agent Spawning", 214)
    assert at(story.number) == ("4", 214)
    assert at(story.points) == (8, 217)
    assert [at(name) for name in story.dependencies] == [("W1-S1", 219), ("W1-S3", 219)]
    assert [at(task.id) for task in story.tasks] == [(f"2.1.{n}", 221 + n) for n in range(1, 9)]
    assert [test.text.line for test in story.tests] == [232, 233, 234, 235, 236]
    assert [command.line for command in story.verification] == [241, 244]
    assert [file.line for file in story.files] == [248, 249, 250]
    assert [at(file) for file in story.new_files] == [
        ("rad-engineer/test/advanced/WaveOrchestrator.integration.test.ts", 250)
    ]
    assert at(story.assignment) == ("Wave 2, Agent 1", 253)


def test_real_waves(real: MasterPlan) -> None:
    assert [(value(w.number), value(w.points), len(w.story_ids), w.name.line) for w in real.waves] == [
        (1, 11, 3, 96),
        (2, 16, 3, 210),
        (3, 13, 3, 318),
        (4, 14, 4, 426),
        (5, 16, 3, 552),
        (6, 21, 4, 649),
        (None, None, 3, 775),
        (7, 24, 4, 993),
        (8, 16, 3, 1179),
    ]
    assert [str(value(wave.mode)).upper() for wave in real.waves] == [
        *("PARALLEL", "SEQUENTIAL", "PARALLEL", "SEQUENTIAL", "SEQUENTIAL", "SEQUENTIAL"),
        *("PARALLEL", "SEQUENTIAL", "SEQUENTIAL"),
    ]


def test_what_the_real_plan_claims(real: MasterPlan) -> None:
    assert (at(real.claimed_points), at(real.claimed_stories)) == ((204, 19), (39, 19))
    assert real.claimed_duration is not None
    assert real.claimed_duration.value.startswith("8-12 weeks")
    assert [(value(c.points), value(c.stories), value(c.waves), value(c.phases), c.name.line) for c in real.scope] == [
        (91, 20, 6, None, 14),
        (41, 7, None, None, 15),
        (54, None, None, 6, 16),
        (18, 6, None, None, 17),
    ]


def test_real_progress(real: MasterPlan) -> None:
    totals = [(len(table.rows), table.total) for table in real.progress]
    assert [(rows, at(total and total.stories), at(total and total.points)) for rows, total in totals] == [
        (7, (23, 878), (107, 878)),
        (9, (30, 1344), (147, 1344)),
    ]
    assert Counter(entry.tracker for entry in real.tracker) == {
        "Story Status Tracker": 23,
        "Story Status Tracker (Updated)": 30,
    }
    assert not any(entry.ticked for entry in real.tracker)


def test_what_no_field_holds_is_said(original: Original) -> None:
    _, _, findings = original.damaged()
    assert [(finding.rule, finding.severity, finding.at[0].line) for finding in findings] == [
        ("unread-section", "info", 24)
    ]


# --- small documents ---------------------------------------------------------------------------


def test_the_forms_of_a_small_plan() -> None:
    plan, findings = read(SMALL)
    assert [finding.rule for finding in findings] == []
    assert (value(plan.claimed_points), value(plan.claimed_stories)) == (5, 2)
    first, second = plan.stories
    assert (first.id.value, value(first.number), value(first.points)) == ("W1-S1", "1.1", 3)
    assert [task.id.value for task in first.tasks] == ["1.1.1", "1.1.2"]
    assert [name.value for name in first.ticked_tasks] == ["1.1.1"]
    assert [command.value for command in first.verification] == ["make test"]
    assert [file.value for file in first.new_files] == ["src/read.py"]
    assert [name.value for name in second.dependencies] == ["W1-S1"]
    assert [name.value for name in plan.waves[0].story_ids] == ["W1-S1", "W1-S2"]


@pytest.mark.parametrize("heading", ["## Story 1: Read", "### Story 1.1: Read", "#### W1-S1: Read", "### W1-S1 - Read"])
def test_a_story_is_known_by_structure(heading: str) -> None:
    plan, _ = read(f"# P\n\n{heading}\n\n**ID**: W1-S1\n**Points**: 3\n\n**Tasks**:\n- [ ] a\n")
    (story,) = plan.stories
    assert (story.id.value, value(story.points), len(story.tasks)) == ("W1-S1", 3, 1)


def test_a_task_without_id_has_its_place_for_one() -> None:
    plan, _ = read(SMALL.replace("1.1.1: ", "").replace("1.1.2: ", ""))
    assert [task.id.value for task in plan.stories[0].tasks] == ["1", "2"]


def test_points_that_are_no_number_are_a_finding_with_their_line() -> None:
    plan, findings = read(SMALL.replace("**Points**: 3", "**Points**: three"))
    assert plan.stories[0].points is None
    assert ("wrong-value", 11) in {(finding.rule, finding.at[0].line) for finding in findings}


def test_an_empty_document_lacks_everything_and_says_so() -> None:
    plan, findings = read("")
    assert plan.stories == ()
    assert {finding.rule for finding in findings} >= {"missing-section"}


# --- properties --------------------------------------------------------------------------------


@settings(max_examples=150)
@given(documents())
def test_any_markdown_is_read(text: str) -> None:
    plan, findings = read(text)
    assert_located(plan, findings, text.split("\n"))


@settings(max_examples=150)
@given(st.lists(edits("move"), min_size=1, max_size=3))
def test_a_damaged_plan_is_read(original: Original, damages: list[Edit]) -> None:
    original.assert_survives(*damages)


@settings(max_examples=150)
@given(edits())
def test_nothing_of_a_damaged_plan_is_lost_in_silence(original: Original, edit: Edit) -> None:
    original.assert_no_silent_loss(edit)
