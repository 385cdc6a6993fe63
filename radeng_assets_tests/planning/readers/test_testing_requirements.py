from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radeng_assets.planning.documents.testing_requirements import TestingRequirements
from radeng_assets.planning.findings import Finding
from radeng_assets.planning.located import Fact
from radeng_assets.planning.readers.load_criteria import seconds
from radeng_assets.planning.readers.testing_requirements import read_testing_requirements
from radeng_assets.planning.source import Source, read_source
from radeng_assets.record import Record
from radeng_assets_tests.planning.readers.damaged_markdown import (
    Edit,
    Original,
    assert_located,
    documents,
    edits,
)

NAME = "TESTING-REQUIREMENTS.md"


def items(model: Record) -> list[Fact[object]]:
    found = cast(TestingRequirements, model)
    return [
        *(target.name for target in found.targets),
        *(module.module for module in found.modules),
        *(item.id for item in found.owasp),
        *(criterion.agents for criterion in found.load),
        *(case.name for case in found.cases),
        *(file.path for file in found.files),
        *(share.name for share in found.effort),
    ]


@pytest.fixture(scope="module")
def original(real_folder: Path) -> Original:
    source, _ = read_source(real_folder, NAME)
    assert source is not None
    return Original(read_testing_requirements, items, NAME, source.text.split("\n"))


@pytest.fixture(scope="module")
def real(original: Original) -> TestingRequirements:
    return cast(TestingRequirements, original.damaged()[1])


def read(text: str) -> tuple[TestingRequirements, tuple[Finding, ...]]:
    return read_testing_requirements(Source(NAME, text, ""))


def rules(findings: tuple[Finding, ...]) -> list[tuple[str, int | None]]:
    """Rule and line of the findings that are not about what a small document lacks."""
    return [(finding.rule, finding.at[0].line) for finding in findings if finding.rule != "missing-section"]


def value(fact: Fact[float] | Fact[str] | None) -> float | str | None:
    return None if fact is None else fact.value


# --- the real document -------------------------------------------------------------------------


def test_real_targets(real: TestingRequirements) -> None:
    assert [(target.name.line, value(target.minimum)) for target in real.targets] == [
        (14, 0.8),
        (15, 0.6),
        (16, 1.0),
        (17, 1.0),
    ]
    assert real.targets[0].text.value == ">= 80%"


def test_real_modules(real: TestingRequirements) -> None:
    rows = [
        (module.module.value, value(module.current), value(module.target), value(module.priority))
        for module in real.modules
        if module.section.startswith("7.1")
    ]
    assert rows == [
        ("sdk/", 0.65, 0.8, "HIGH"),
        ("core/", 0.7, 0.8, "HIGH"),
        ("advanced/", 0.6, 0.8, "HIGH"),
        ("integration/", 0.55, 0.8, "HIGH"),
        ("security/", 0.4, 0.9, "CRITICAL"),
        ("ui-adapter/", 0.25, 0.8, "HIGH"),
        ("config/", 0.5, 0.8, "MEDIUM"),
        ("logging/", 0.0, 0.8, "HIGH"),
        ("metrics/", 0.0, 0.8, "HIGH"),
        ("health/", 0.0, 0.8, "HIGH"),
    ]


def test_real_handlers(real: TestingRequirements) -> None:
    rows = [
        (value(module.current), value(module.target), module.priority)
        for module in real.modules
        if module.section.startswith("1.4")
    ]
    assert rows == [
        (0.0, 0.8, None),
        (0.3, 0.8, None),
        (0.4, 0.8, None),
        (0.0, 0.8, None),
        *[(0.2, 0.6, None)] * 4,
    ]


def test_real_owasp(real: TestingRequirements) -> None:
    assert [item.id.value for item in real.owasp] == [f"LLM{number:02d}" for number in range(1, 11)]
    assert [item.id.value for item in real.owasp if value(item.status) == "N/A"] == ["LLM03", "LLM09", "LLM10"]
    assert all(item.test and item.name.value for item in real.owasp)


def test_real_load(real: TestingRequirements) -> None:
    assert [(row.agents.value, value(row.error_rate), value(row.p99_seconds)) for row in real.load] == [
        (10, 0.01, 5.0),
        (50, 0.02, 10.0),
        (100, 0.05, 30.0),
    ]


def test_real_cases(real: TestingRequirements) -> None:
    assert Counter((case.section.value[:3], case.note_kind) for case in real.cases) == {
        ("1.1", "Priority"): 7,
        ("1.2", "Status"): 4,
        ("1.3", "Priority"): 6,
        ("1.5", "Priority"): 4,
        ("1.6", "Priority"): 6,
        ("2.1", "Timeout"): 6,
    }
    assert Counter(value(case.note) for case in real.cases)["CRITICAL"] == 6
    assert all(case.description and case.note for case in real.cases)


def test_real_files_commands_and_shares(real: TestingRequirements) -> None:
    assert [(file.path.value, file.path.line) for file in real.files][:2] == [
        ("test/sdk/SDKIntegration.test.ts", 52),
        ("test/sdk/providers/*.test.ts", 96),
    ]
    assert len(real.files) == 14
    assert [command.command.line for command in real.commands] == [689, 692, 695, 698, 701, 704, 765]
    assert [(value(gate.metric), value(gate.minimum)) for gate in real.gates] == [
        ("lines", 0.8),
        ("functions", 0.8),
        ("branches", 0.7),
    ]
    assert [(share.name.line, value(share.fraction)) for share in real.effort] == [(48, 0.7), (281, 0.25), (491, 0.05)]
    assert [need.text.line for need in real.prerequisites] == [288, 289, 397, 398]


def test_real_facts_stand_on_their_lines(original: Original, real: TestingRequirements) -> None:
    told = (
        *(real.header.version, real.header.owner, real.targets[3].name, real.targets[2].text),
        *(real.modules[0].module, real.modules[17].priority, real.owasp[5].name, real.owasp[5].test),
        *(real.cases[7].name, real.cases[7].description, real.cases[32].note, real.cases[32].section),
        *(real.files[13].path, real.commands[6].command, real.commands[0].purpose, real.prerequisites[3].text),
    )
    for fact in told:
        assert fact is not None
        assert fact.value in original.lines[fact.line - 1]


def test_real_document_loses_nothing(original: Original) -> None:
    findings = original.damaged()[2]
    assert {(finding.rule, finding.severity) for finding in findings} == {("unread-section", "info")}
    assert [finding.subject.split()[0] for finding in findings] == [
        *("Executive", "Testing", "1.1", "1.2", "1.3", "1.4", "1.6", "2.1", "2.2", "2.3", "2.4"),
        *("3.1", "3.2", "3.3", "4.1", "5.2", "6.2"),
    ]


# --- forms -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "expected"),
    [("< 5s p99", 5.0), ("250 ms", 0.25), ("p99 under 1.5s", 1.5), ("2m", 120.0), ("5 days", None), ("p99", None)],
)
def test_seconds(words: str, expected: float | None) -> None:
    assert seconds(words) == expected


def test_load_as_a_table() -> None:
    found, findings = read(
        "| Concurrent Agents | Error Rate | p99 Latency |\n|---|---|---|\n| 10 | < 1% | 500ms |\n| many | 2% | 1s |\n"
    )
    assert [(row.agents.value, value(row.error_rate), value(row.p99_seconds)) for row in found.load] == [
        (10, 0.01, 0.5)
    ]
    assert rules(findings) == [("wrong-value", 4)]


@pytest.mark.parametrize(
    ("item", "limits", "rule"),
    [
        ("10 concurrent agents: p99 latency < 5s; error rate < 1%", (0.01, 5.0), None),
        ("**10 agents** - < 1% errors, < 5s latency", (0.01, 5.0), None),
        ("10 agents: < 1% error rate", (0.01, None), "missing-key"),
        ("10 agents: < x% error rate, < 5s p99", (None, 5.0), "wrong-value"),
        ("10 agents: < 1% error rate, < 5 p99", (0.01, None), "wrong-value"),
        ("10 agents: < 1% error rate, < 5s p99, > 3/s", (0.01, 5.0), "unread-block"),
    ],
)
def test_load_items(item: str, limits: tuple[float | None, float | None], rule: str | None) -> None:
    found, findings = read(f"**Success Criteria**:\n- {item}\n")
    (row,) = found.load
    assert (row.agents.value, value(row.error_rate), value(row.p99_seconds)) == (10, *limits)
    assert rules(findings) == ([(rule, 2)] if rule else [])


def test_an_item_that_states_no_load_is_found() -> None:
    found, findings = read(
        "**Success Criteria**:\n- 10 agents: 1% error rate, 5s p99\n- 1O agents: 2% error rate, 5s p99\n"
    )
    assert len(found.load) == 1
    assert rules(findings) == [("unread-block", 3)]


def test_case_tables() -> None:
    found, findings = read(
        "### 9.9 More\n\n| Scenario | Expected | Owner |\n|---|---|---|\n| `a` | b | me |\n| | c | |\n\n"
        "| Test |\n|---|\n| d |\n\n| Service | Test Cases |\n|---|---|\n| e | f |\n"
    )
    assert [
        (case.name.value, value(case.description), case.note_kind, value(case.note), case.section.value)
        for case in found.cases
    ] == [
        ("`a`", "b", "Owner", "me", "9.9 More"),
        ("d", None, "", None, "9.9 More"),
        ("e", "f", "", None, "9.9 More"),
    ]
    assert rules(findings) == [("missing-key", 6)]


def test_module_tables() -> None:
    found, findings = read(
        "| Component | Coverage | Required | Notes |\n|:--|--:|--:|---|\n| `a/` | 0% | 80% | x |\n| b | ? | - | |\n"
        "| c | 10% | 20 | |\n"
    )
    assert [(row.module.value, value(row.current), value(row.target)) for row in found.modules] == [
        ("a/", 0.0, 0.8),
        ("b", None, None),
        ("c", 0.1, None),
    ]
    assert rules(findings) == [("unread-block", 1), ("wrong-value", 4), ("wrong-value", 5)]


@pytest.mark.parametrize("head", ["Vulnerability", "Risk"])
def test_owasp_tables(head: str) -> None:
    found, findings = read(
        f"| {head} | Test |\n|---|---|\n| **LLM01** - Injection | inject |\n| LLMO2: Output | scan |\n"
    )
    assert [(item.id.value, item.name.value, item.status) for item in found.owasp] == [("LLM01", "Injection", None)]
    assert rules(findings) == [("malformed-id", 4)]
    assert not found.cases


def test_files_and_prerequisites() -> None:
    found, findings = read(
        "## a\n**Files**: `x/*_a.ts`, `y.ts`\n\n**Test File**: z.ts, w.ts\n\n**File**:\n- v.ts\n\n"
        "**Requires**: docker\n\n## b\n**File**:\n\n## c\n**File**: u.ts\n- stray\n"
    )
    assert [(file.path.value, file.path.line, file.section.value) for file in found.files] == [
        ("x/*_a.ts", 2, "a"),
        ("y.ts", 2, "a"),
        ("z.ts", 4, "a"),
        ("w.ts", 4, "a"),
        ("v.ts", 7, "a"),
        ("u.ts", 15, "c"),
    ]
    assert [need.text.value for need in found.prerequisites] == ["docker"]
    assert rules(findings) == [("missing-key", 12), ("unread-block", 16)]


def test_commands() -> None:
    found, _ = read("## a\n```bash\n# all of it\n$ bun test\nbun x\n\nbun y\n```\n```ts\nbun()\n```\n")
    assert [(row.command.value, value(row.purpose)) for row in found.commands] == [
        ("bun test", "all of it"),
        ("bun x", "all of it"),
        ("bun y", None),
    ]


# --- damage ------------------------------------------------------------------------------------

TABLE = "## 1\n\n| Test Case | Description | Priority |\n|---|---|---|\n| a | b | HIGH |\n| c | d | LOW |\n"


@pytest.mark.parametrize(
    ("old", "new", "cases", "line"),
    [
        ("|---|---|---|\n", "", 0, 3),
        ("Test Case", "Tesst Case", 0, 3),
        ("| a | b |", "| a | b | b2 |", 2, 5),
        ("| a | b |", "| a  b |", 2, 5),
        ("| c |", "\n| c |", 1, 7),
        ("| c | d | LOW |", "c", 1, 6),
        ("| c | d | LOW |", "**File**: `a.ts`", 1, 6),
        ("| a | b", "```\n| a | b", 0, 6),
    ],
)
def test_table_damage(old: str, new: str, cases: int, line: int) -> None:
    assert rules(read(TABLE)[1]) == []
    found, findings = read(TABLE.replace(old, new, 1))
    assert len(found.cases) == cases
    assert ("unread-block", line) in rules(findings)


def test_a_delimiter_said_twice_is_no_row() -> None:
    found, findings = read(TABLE.replace("| a |", "|---|---|---|\n| a |"))
    assert len(found.cases) == 2
    assert rules(findings) == []


def test_a_lost_closing_fence_is_found() -> None:
    text = f"## 0\n```ts\nx\n```\n{TABLE}\n```ts\ny\n```\n"
    assert [rule for rule, _ in rules(read(text)[1])] == ["unread-section", "unread-section"]
    found, findings = read(text.replace("```\n## 1", "## 1"))
    assert not found.cases
    assert ("unread-block", 3) in rules(findings)


def test_what_a_document_lacks() -> None:
    _, findings = read("# Tests\n\nsoon\n")
    assert [finding.subject for finding in findings if finding.rule == "missing-section"] == [
        "coverage target",
        "coverage table",
        "OWASP table",
        "load criterion",
        "test case",
    ]


# --- properties --------------------------------------------------------------------------------


@given(text=documents())
@settings(max_examples=100, deadline=None)
def test_any_text_is_read(text: str) -> None:
    model, findings = read(text)
    assert_located(model, findings, text.split("\n"))


@given(made=st.lists(edits("move"), min_size=1, max_size=4))
@settings(max_examples=80, deadline=None)
def test_any_damage_is_survived(original: Original, made: list[Edit]) -> None:
    original.assert_survives(*made)


@given(edit=edits())
@settings(max_examples=120, deadline=None)
def test_no_loss_is_silent(original: Original, edit: Edit) -> None:
    original.assert_no_silent_loss(edit)
