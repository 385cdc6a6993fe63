from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radeng_assets.planning.documents.risk_register import MatrixCell, Risk, RiskRegister
from radeng_assets.planning.findings import Finding
from radeng_assets.planning.located import Fact, values
from radeng_assets.planning.readers.risk_register import days_between, read_risk_register
from radeng_assets.planning.source import Source, read_source
from radeng_assets.record import Record
from radeng_assets_tests.planning.readers.damaged_markdown import (
    Edit,
    Original,
    assert_located,
    documents,
    edits,
)

NAME = "RISK-ASSESSMENT.md"


def items(model: Record) -> list[Fact[object]]:
    register = cast(RiskRegister, model)
    return [
        *(risk.id for risk in register.risks),
        *(cell.text for cell in register.matrix),
        *(name for cell in register.matrix for name in cell.risks),
        *(response.kind for response in register.responses),
        *(review.level for review in register.cadence),
        *(claim.count for claim in register.profile),
    ]


@pytest.fixture(scope="module")
def original(real_folder: Path) -> Original:
    source, _ = read_source(real_folder, NAME)
    assert source is not None
    return Original(read_risk_register, items, NAME, source.text.split("\n"))


@pytest.fixture(scope="module")
def real(original: Original) -> RiskRegister:
    return cast(RiskRegister, original.damaged()[1])


def read(text: str) -> tuple[RiskRegister, tuple[Finding, ...]]:
    return read_risk_register(Source(NAME, text, ""))


def only(text: str) -> Risk:
    (risk,) = read(text)[0].risks
    return risk


def rules(findings: tuple[Finding, ...]) -> list[tuple[str, str, int | None]]:
    """Rule, subject and line of the findings that are not about what a small document lacks."""
    return [
        (finding.rule, finding.subject, finding.at[0].line)
        for finding in findings
        if finding.rule != "missing-section" or finding.at[0].line is not None
    ]


def by_id(register: RiskRegister, name: str) -> Risk:
    return next(risk for risk in register.risks if risk.id.value == name)


# --- the real document -------------------------------------------------------------------------


def test_real_sections(real: RiskRegister) -> None:
    assert [(section.level.value, len(section.risks)) for section in real.sections] == [
        ("Critical", 5),
        ("High", 8),
        ("Medium", 10),
        ("Low", 4),
    ]
    assert [risk.id.value for risk in real.risks] == [f"R-{number:03d}" for number in range(1, 28)]
    assert [claim.count.value for claim in real.profile] == [5, 8, 10, 4]


def test_real_risks(real: RiskRegister) -> None:
    second, last = by_id(real, "R-002"), by_id(real, "R-018")
    assert second.status == Fact("BLOCKING - Phase 1 prerequisite", NAME, 79)
    assert (len(second.mitigations), len(second.detection)) == (4, 3)
    assert (last.probability, last.impact, last.score) == tuple(
        Fact(grade, NAME, line) for grade, line in (("HIGH", 409), ("LOW", 410), ("MEDIUM", 411))
    )
    assert [len(by_id(real, name).mitigations) for name in ("R-003", "R-014", "R-015", "R-016", "R-027")] == [
        5,
        1,
        4,
        1,
        1,
    ]
    assert by_id(real, "R-011").score == Fact("MEDIUM-HIGH", NAME, 282)
    assert all(risk.title and risk.description and risk.mitigations for risk in real.risks)
    assert [risk.id.value for risk in real.risks if risk.root_cause] == [f"R-00{n}" for n in range(1, 6)]
    assert sum(1 for risk in real.risks if risk.owner and risk.status) == 13


def test_real_matrix(real: RiskRegister) -> None:
    assert {(cell.probability, cell.impact): standing(cell) for cell in real.matrix} == {
        ("HIGH", "MEDIUM"): {570: ["R-016", "R-018"]},
        ("HIGH", "HIGH"): {570: ["R-006", "R-007"], 571: ["R-001"]},
        ("MEDIUM", "MEDIUM"): {573: [f"R-0{number}" for number in range(14, 24)]},
        ("MEDIUM", "HIGH"): {
            573: ["R-003", "R-004"],
            574: ["R-005", "R-008"],
            575: ["R-009", "R-010", "R-011", "R-012", "R-013"],
        },
        ("LOW", "LOW"): {577: ["R-024", "R-025", "R-026", "R-027"]},
        ("LOW", "MEDIUM"): {577: ["R-021"]},
        ("LOW", "HIGH"): {577: ["R-011"]},
    }


def standing(cell: MatrixCell) -> dict[int, list[str]]:
    lines: dict[int, list[str]] = {}
    for name in cell.risks:
        lines.setdefault(name.line, []).append(name.value)
    return lines


def test_real_responses_and_cadence(real: RiskRegister) -> None:
    assert [
        (row.kind.value, row.count and row.count.value, [name.value for name in row.risks][::19])
        for row in real.responses
    ] == [
        ("AVOID", 0, []),
        ("MITIGATE", 20, ["R-001", "R-020"]),
        ("TRANSFER", 0, []),
        ("ACCEPT", 7, ["R-021"]),
    ]
    assert [len(row.risks) for row in real.responses] == [0, 20, 0, 7]
    assert [(review.level.value, review.days) for review in real.cadence] == [
        ("Critical", 1),
        ("High", 7),
        ("Medium", 14),
        ("Low", 30),
    ]


def test_real_header(real: RiskRegister) -> None:
    assert real.header.version == Fact("1.0.0", NAME, 613)
    assert real.header.status == Fact("COMPLETE", NAME, 5)
    assert real.header.owner is not None
    assert real.header.owner.line == 615


def test_real_facts_stand_on_their_lines(original: Original, real: RiskRegister) -> None:
    first = real.risks[0]
    told = (
        *(first.id, first.title, first.probability, first.score, first.description, first.root_cause),
        *(*first.mitigations, *first.detection, first.owner, first.status),
        *(real.profile[0].label, real.cadence[2].every, real.sections[3].level, real.matrix[2].text),
        *(real.responses[1].examples, real.header.generated),
    )
    for fact in told:
        assert fact is not None
        assert fact.value in original.lines[fact.line - 1]


def test_real_document_loses_nothing(original: Original) -> None:
    findings = original.damaged()[2]
    assert [(finding.rule, finding.severity, finding.subject) for finding in findings] == [
        ("unread-section", "info", "Executive Summary"),
        ("unread-section", "info", "Escalation Path"),
    ]


# --- forms -------------------------------------------------------------------------------------

GRADES = "| Attribute | Value |\n|---|---|\n| Probability | HIGH |\n| Impact | LOW |\n| Risk Score | MEDIUM |\n"


@pytest.mark.parametrize(
    "heading",
    [
        "## R-001: it breaks",
        "#### 3.2 R-001 - it breaks",
        "### Risk R-001: it breaks",
        "### [R-001] it breaks",
        "### **R-001**: it breaks",
        "# R-001 — it breaks",
    ],
)
def test_heading_forms(heading: str) -> None:
    risk = only(f"{heading}\n\n{GRADES}")
    assert (risk.id, risk.title) == (Fact("R-001", NAME, 1), Fact("it breaks", NAME, 1))


@pytest.mark.parametrize(
    "attributes",
    [
        GRADES,
        GRADES.replace("Probability", "**Likelihood**").replace("Impact", "Consequence:"),
        "| Probability | HIGH |\n|---|---|\n| Impact | LOW |\n| Score | MEDIUM |\n",
        "| Likelihood | Impact | Rating |\n|---|---|---|\n| HIGH | LOW | MEDIUM |\n",
        "**Probability**: HIGH\n**Impact**: **LOW**\n**Risk Score**: MEDIUM\n",
        "**Probability**: HIGH | **Impact**: LOW | **Score**: MEDIUM\n",
        "- **Probability**: HIGH\n- **Impact**: LOW\n- **Severity:** MEDIUM\n",
        "#### Probability\nHIGH\n\n#### Impact\n\n**LOW**\n\n**Score**: MEDIUM\n",
    ],
)
def test_attribute_forms(attributes: str) -> None:
    risk = only(f"## High Risks\n\n### R-001: it breaks\n\n{attributes}")
    assert risk.probability is not None
    assert risk.impact is not None
    assert risk.score is not None
    assert (risk.probability.value, risk.impact.value, risk.score.value) == ("HIGH", "LOW", "MEDIUM")


def test_prose_forms() -> None:
    risk = only(
        f"## Low Risks\n### R-001: it breaks\n{GRADES}\n"
        "**Description**: one\ntwo\n\nthree\n\n#### Root Cause\n\nwhy\n\n"
        "**Mitigation Plan**: at once:\n1. a\n   - a1\n2. b\n\n**Detection**:\n\nby looking\nhard\n\n**Owner**: *me*\n"
    )
    assert risk.description == Fact("one two three", NAME, 9)
    assert risk.root_cause == Fact("why", NAME, 16)
    assert values(risk.mitigations) == ("at once:", "a a1", "b")
    assert values(risk.detection) == ("by looking hard",)
    assert risk.owner == Fact("me", NAME, 28)


def test_register_in_table_form() -> None:
    register, findings = read(
        "## High Risks\n\n"
        "| ID | Risk | Likelihood | Impact | Score | Mitigation | Owner |\n|---|---|---|---|---|---|---|\n"
        "| R-001 | it breaks | HIGH | LOW | MEDIUM | mend it | me |\n| 2 | it burns | HIGH | LOW | LOW | | |\n"
        "| R-003 | it leaks | HIGH | LOW | | mop | |\n"
    )
    first, third = register.risks
    assert (first.id, first.title) == (Fact("R-001", NAME, 5), Fact("it breaks", NAME, 5))
    assert (values(first.mitigations), first.owner) == (("mend it",), Fact("me", NAME, 5))
    assert (third.id.value, third.score) == ("R-003", None)
    assert rules(findings) == [("malformed-id", "2", 6), ("missing-key", "R-003", 7)]


@pytest.mark.parametrize(
    ("heading", "level"),
    [
        ("## Critical Risks (Must Address)", "Critical"),
        ("# 2. Very High Risks", "Very High"),
        ("## Medium-Priority Risks", "Medium"),
        ("### LOW", "LOW"),
        ("## Negligible severity", "Negligible"),
    ],
)
def test_level_headings(heading: str, level: str) -> None:
    register, _ = read(f"{heading}\n\n### R-001: a\n{GRADES}")
    assert [section.level for section in register.sections] == [Fact(level, NAME, 1)]


@pytest.mark.parametrize("heading", ["## High-level view", "## Risks", "## Criticality", ""])
def test_risks_under_no_level(heading: str) -> None:
    register, findings = read(f"{heading}\n\n### R-001: a\n{GRADES}\n### R-002: b\n{GRADES}")
    assert [(section.level.value, len(section.risks)) for section in register.sections] == [("", 2)]
    assert rules(findings) == [("missing-section", "R-001", 3)]


def test_a_heading_of_another_kind_ends_a_level() -> None:
    register, findings = read(f"## High Risks\n### R-001: a\n{GRADES}\n## Appendix\n### R-002: b\n{GRADES}")
    assert [(section.level.value, len(section.risks)) for section in register.sections] == [("High", 1), ("", 1)]
    assert rules(findings) == [("missing-section", "R-002", 10)]


MATRICES = (
    "| | Low Impact | High Impact |\n|---|---|---|\n| **High** Probability | R-001 | R-002, R-003 |\n"
    "| Low | - | R-004 |\n",
    "```\n      | LOW IMPACT | HIGH IMPACT |\n------+------------+-------------+\nHIGH  | R-001 | R-002 |\n"
    "      |       | R-003 |\n------+------------+\nLOW   |       | R-004 |\n```\n",
    "```text\n            Impact\n┌──────┬───────┬─────────────┐\n│      │ low   │ high        │\n"
    "├──────┼───────┼─────────────┤\n"
    "│ high │ R-001 │ R-002-R-003 │\n│ low  │       │ R-004       │\n└──────┴───────┴─────────────┘\n```\n",
)


@pytest.mark.parametrize("matrix", MATRICES)
def test_matrix_forms(matrix: str) -> None:
    register, findings = read(f"## Matrix\n\n{matrix}")
    assert [(cell.probability.upper(), cell.impact.upper(), values(cell.risks)) for cell in register.matrix] == [
        ("HIGH", "LOW", ("R-001",)),
        ("HIGH", "HIGH", ("R-002", "R-003")),
        ("LOW", "HIGH", ("R-004",)),
    ]
    assert rules(findings) == []


@pytest.mark.parametrize(
    ("row", "finding"),
    [
        ("HIGH | R-0O1 | |", ("malformed-id", "matrix HIGH/LOW", 4)),
        ("HIGH | R-009-R-001 | |", ("wrong-value", "matrix HIGH/LOW", 4)),
        ("HIGH | R-001 | R-002 | R-003 |", ("unread-block", "Matrix", 4)),
        ("| R-001 |", ("unread-block", "Matrix", 4)),
        ("and R-001 as well", ("unread-block", "Matrix", 4)),
    ],
)
def test_matrix_damage(row: str, finding: tuple[str, str, int]) -> None:
    _, findings = read(f"## Matrix\n```\n     | LOW | HIGH |\n{row}\nLOW | R-009 | R-008 |\n```\n")
    assert finding in rules(findings)


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("Daily review", 1),
        ("weekly", 7),
        ("Bi-weekly review", 14),
        ("fortnightly", 14),
        ("monthly", 30),
        ("Quarterly", 90),
        ("annual", 365),
        ("every 3 weeks", 21),
        ("every day", 1),
        ("bi-monthly", None),
        ("as needed", None),
    ],
)
def test_days_between(words: str, days: int | None) -> None:
    assert days_between(words) == days


def test_profile_and_cadence_as_tables() -> None:
    register, findings = read(
        "| Level | Count |\n|---|---|\n| Critical | 5 |\n| High | many |\n\n"
        "| Risk Level | Review |\n|---|---|\n| Critical risks | daily |\n"
    )
    assert [(claim.label.value, claim.count.value) for claim in register.profile] == [("Critical", 5)]
    assert [(review.level.value, review.days) for review in register.cadence] == [("Critical", 1)]
    assert ("wrong-value", "High", 4) in rules(findings)


# --- damage ------------------------------------------------------------------------------------

SOUND = f"## High Risks\n\n### R-001: a\n\n{GRADES}\n**Description**: b\n\n**Mitigation**: c\n"


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("### R-001: a", "### R-OO1: a", ("malformed-id", "R-OO1: a", 3)),
        ("### R-001: a", "### it breaks", ("malformed-id", "it breaks", 3)),
        ("### R-001: a\n", "", ("malformed-id", "High Risks", 1)),
        ("### R-001: a", "###R-001: a", ("malformed-id", "High Risks", 1)),
        ("### R-001: a", "### R-001", ("missing-key", "R-001", 3)),
        ("| Impact | LOW |\n", "", ("missing-key", "R-001", 3)),
        ("| Impact | LOW |", "| Impact | |", ("missing-key", "R-001", 8)),
        ("| Impact | LOW |", "| Impat | LOW |", ("unread-block", "R-001: a", 8)),
        ("|---|---|\n", "", ("unread-block", "R-001: a", 5)),
        ("**Mitigation**: c", "**Mitigation**:", ("missing-key", "R-001", 13)),
        ("**Mitigation**: c", "**Migration**: c", ("unread-block", "R-001: a", 13)),
        ("**Mitigation**: c", "**Description**: c", ("unread-block", "R-001: a", 13)),
        ("**Description**: b", "loose text", ("unread-block", "R-001: a", 11)),
        ("**Mitigation**: c", "```\nR-002\n```", ("unread-block", "R-001: a", 14)),
        ("| Risk Score | MEDIUM |\n\n", "| Risk Score | MEDIUM |\n", ("unread-block", "R-001: a", 10)),
    ],
)
def test_damage_is_found(old: str, new: str, finding: tuple[str, str, int]) -> None:
    assert rules(read(SOUND)[1]) == []
    assert finding in rules(read(SOUND.replace(old, new, 1))[1])


def test_a_lost_heading_leaves_things_said_twice() -> None:
    two = SOUND + f"\n### R-002: d\n\n{GRADES}\n**Description**: e\n"
    assert rules(read(two)[1]) == []
    register, findings = read(two.replace("### R-002: d\n", ""))
    assert len(register.risks) == 1
    assert rules(findings) == [("unread-block", "R-001: a", 16), ("unread-block", "R-001: a", 22)]


def test_an_explanation_of_grades_is_no_risk() -> None:
    register, findings = read(f"## Grades\n\n**Probability**: how likely\n\n**Impact**: how bad\n\n{SOUND}")
    assert len(register.risks) == 1
    assert rules(findings) == [("unread-block", "Grades", 3), ("unread-block", "Grades", 5)]


def test_ids_said_twice_are_kept() -> None:
    register, _ = read(f"{SOUND}\n### R-001: again\n{GRADES}")
    assert [risk.id for risk in register.risks] == [Fact("R-001", NAME, 3), Fact("R-001", NAME, 15)]


def test_a_footer_below_the_last_risk_is_not_the_risks_own() -> None:
    register, findings = read(f"{SOUND}\n---\n\n**Document Version**: 2\n**Owner**: us\n")
    assert register.risks[0].owner is None
    assert register.header.owner == Fact("us", NAME, 18)
    assert rules(findings) == []


def test_labels_below_a_list_need_no_blank_line() -> None:
    register, findings = read(
        SOUND.replace("**Mitigation**: c", "**Mitigation**:\n1. c\n**Owner**: me\n**Status**: open\n---")
    )
    assert (values(register.risks[0].mitigations), register.risks[0].owner) == (("c",), Fact("me", NAME, 15))
    assert rules(findings) == []


def test_what_a_document_lacks() -> None:
    _, findings = read("# Risks\n\nnone yet\n")
    assert [finding.subject for finding in findings if finding.rule == "missing-section"] == [
        "risk",
        "risk profile",
        "risk matrix",
        "risk response summary",
        "review cadence",
    ]
    assert {finding.severity for finding in findings} == {"warning", "info"}


def test_counts_and_ranges_that_are_none() -> None:
    register, findings = read(
        "**Risk Profile**:\n- High Risks: five\n- Low Risks: 4\n\n"
        "| Response | Count | Examples |\n|---|---|---|\n"
        "| ACCEPT | some | R-009 to R-001 |\n| AVOID | - | - |\n| | 3 | |\n"
    )
    assert [claim.count.value for claim in register.profile] == [4]
    assert [(row.kind.value, row.count, values(row.risks)) for row in register.responses] == [
        ("ACCEPT", None, ("R-009", "R-001")),
        ("AVOID", None, ()),
    ]
    assert rules(findings) == [
        ("wrong-value", "risk profile", 2),
        ("wrong-value", "ACCEPT", 7),
        ("wrong-value", "ACCEPT", 7),
        ("missing-key", "risk response", 9),
    ]


def test_a_documents_ids_are_limited() -> None:
    row = "| ACCEPT | 1 | {0}-1 to {0}-1000 |\n"
    names = [chr(65 + number % 26) + chr(65 + number // 26) for number in range(105)]
    register, findings = read(
        "| Response | Count | Examples |\n|---|---|---|\n" + "".join(row.format(name) for name in names)
    )
    assert sum(len(response.risks) for response in register.responses) < 100_100
    assert ("wrong-value", "ACCEPT", 107) in rules(findings)


# --- properties --------------------------------------------------------------------------------


@given(text=documents())
@settings(max_examples=100, deadline=None)
def test_any_text_is_read(text: str) -> None:
    model, findings = read(text)
    assert_located(model, findings, text.split("\n"))


@given(made=st.lists(edits("move"), min_size=1, max_size=4))
@settings(max_examples=100, deadline=None)
def test_any_damage_is_survived(original: Original, made: list[Edit]) -> None:
    original.assert_survives(*made)


@given(edit=edits())
@settings(max_examples=120, deadline=None)
def test_no_loss_is_silent(original: Original, edit: Edit) -> None:
    original.assert_no_silent_loss(edit)
