"""Phases as status documents state them: tables, headings, matrices; what is not plainly complete is open."""

from __future__ import annotations

import pytest
from hypothesis import given

from radeng_assets.planning.documents.integration import Integration
from radeng_assets.planning.findings import Finding
from radeng_assets.planning.readers.integration import read_integration
from radeng_assets.planning.source import Source
from radeng_assets_tests.planning.readers.damaged_markdown import documents

FILE = "INTEGRATION-STATUS.md"

STATUS = """\
# Status

| Phase | Status | Verified | Blocks |
|-------|--------|----------|--------|
| Phase 0: Local setup | **COMPLETE** | 2026-01-13 | - |
| Phase 1: Parser | IN PROGRESS | - | W4-S1, wave-5 |
| P2 | NOT_STARTED | - | SYS-002 |

## Phase 0: Local setup

**Status**: COMPLETE

- [x] services run

## Phase 1: Parser

- Status: IN PROGRESS

```
Expected:
- [ ] tests pass
- [x] nodes are there
```

## Phase 3: Queue - COMPLETED (existing)

Prose about [ ] anything.
"""

MATRIX = """\
| Task | Depends On | Phase | Blocking? |
|------|------------|-------|-----------|
| Client (W4-S1) | Gateway | Phase 2 | **YES** |
| Scores | Existing | Existing | No |
| Many agents | Queue | Phase 3-5 | Recommended |
| W6-S2 | Queue | Phases 3-4 | yes |
"""


def read(text: str) -> tuple[Integration, list[Finding]]:
    document, findings = read_integration(Source(FILE, text, ""))
    return document, list(findings)


def test_phases_of_tables_and_headings() -> None:
    document, findings = read(STATUS)
    assert findings == []
    said = [
        (one.number.value, one.name and one.name.value, one.status and one.status.value, one.done, one.number.line)
        for one in document.phases
    ]
    assert said == [
        (0, "Local setup", "COMPLETE", True, 5),
        (1, "Parser", "IN PROGRESS", False, 6),
        (2, None, "NOT_STARTED", False, 7),
        (0, "Local setup", "COMPLETE", True, 9),
        (1, "Parser", "IN PROGRESS", False, 15),
        (3, "Queue", "COMPLETED (existing)", True, 25),
    ]
    assert [(one.number.value, one.what.value, one.what.line) for one in document.blocked] == [
        (1, "W4-S1, wave-5", 6),
        (2, "SYS-002", 7),
    ]


def test_checkpoints_of_lists_and_code_blocks() -> None:
    boxes = [
        (one.number.value, box.text.value, box.ticked, box.text.line)
        for one in read(STATUS)[0].phases
        for box in one.checkpoints
    ]
    assert boxes == [(0, "services run", True, 13), (1, "tests pass", False, 21), (1, "nodes are there", True, 22)]


def test_a_matrix_of_what_waits() -> None:
    document, findings = read(MATRIX)
    assert findings == []
    assert [(one.number.value, one.what.value) for one in document.blocked] == [
        (2, "Client (W4-S1)"),
        (3, "W6-S2"),
        (4, "W6-S2"),
    ]


@pytest.mark.parametrize(
    "status", ["COMPLETE", "completed", "✅ Done", "**COMPLETE**", "Complete (2026-01-13)", "DONE."]
)
def test_what_is_complete(status: str) -> None:
    document, findings = read(f"| Phase | Status |\n|---|---|\n| 1 | {status} |\n")
    assert (document.phases[0].done, findings) == (True, [])


@pytest.mark.parametrize(
    "status", ["NOT STARTED", "not-started", "In Progress (80%)", "PENDING", "blocked", "❌ FAILED"]
)
def test_what_is_open(status: str) -> None:
    document, findings = read(f"| Phase | Status |\n|---|---|\n| 1 | {status} |\n")
    assert (document.phases[0].done, findings) == (False, [])


@pytest.mark.parametrize("status", ["almost", "complete by March", "incomplete", "completed, but for tests", "done?!x"])
def test_what_is_no_status_is_a_finding_and_open(status: str) -> None:
    document, (finding,) = read(f"| Phase | Status |\n|---|---|\n| 1 | {status} |\n")
    assert not document.phases[0].done
    assert (finding.rule, finding.at[0].line) == ("wrong-value", 3)
    assert "counts as open" in finding.message


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("| Phase | Status |\n|---|---|\n| Gateway | DONE |\n", "wrong-value"),
        ("| Phase | Status |\n|---|---|\n|  | DONE |\n", "missing-key"),
        ("| Phase | Status | Weather |\n|---|---|---|\n| 1 | DONE | fine |\n", "unread-block"),
        ("| Phase | Status |\n|---|---|\n| 1 | DONE | more |\n", "unread-block"),
        ("| Task | Phase | Blocking? |\n|---|---|---|\n| W1-S1 | later | yes |\n", "wrong-value"),
        ("| Task | Phase | Blocking? |\n|---|---|---|\n| W1-S1 | 2 | maybe |\n", "wrong-value"),
        ("## Phase 1: x\n\n**Status**: nearly\n", "wrong-value"),
    ],
)
def test_what_cannot_be_read_is_a_finding_with_its_line(text: str, rule: str) -> None:
    _, findings = read(text)
    assert [finding.rule for finding in findings] == [rule]
    assert findings[0].at[0].file == FILE
    assert findings[0].at[0].line in (1, 3)


def test_a_row_that_may_hold_something_up_does() -> None:
    document, _ = read("| Task | Phase | Blocking? |\n|---|---|---|\n| W1-S1 | 2 | maybe |\n")
    assert [one.number.value for one in document.blocked] == [2]


def test_two_places_that_differ_are_both_cited() -> None:
    text = "| Phase | Status |\n|---|---|\n| Phase 1: x | DONE |\n\n## Phase 1: X\n\n**Status**: NOT STARTED\n"
    _, (finding,) = read(text)
    assert finding.rule == "phase-status-differs"
    assert [place.line for place in finding.at] == [3, 7]


@given(documents())
def test_any_text_is_read(text: str) -> None:
    read(text)


@given(documents())
def test_damage_around_a_table_does_not_complete_anything(text: str) -> None:
    document, _ = read(f"{text}\n\n# Phases\n\n| Phase | Status |\n|---|---|\n| 7 | NOT STARTED |\n")
    assert not [one for one in document.phases if one.number.value == 7 and one.done]
