from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radeng_assets.planning.documents.readme import Readme
from radeng_assets.planning.findings import Finding
from radeng_assets.planning.located import Fact, values
from radeng_assets.planning.readers.readme import read_readme
from radeng_assets.planning.source import Source, read_source
from radeng_assets.record import Record
from radeng_assets_tests.planning.readers.damaged_markdown import (
    Edit,
    Original,
    assert_located,
    documents,
    edits,
)

NAME = "README.md"


def items(model: Record) -> list[Fact[object]]:
    readme = cast(Readme, model)
    return [
        *(document.document for document in readme.documents),
        *(claim.count for document in readme.documents for claim in document.claims),
        *(claim.count for claim in readme.categories),
        *(wave.name for wave in readme.waves),
        *(block.name for block in readme.points_blocks),
        *(issue.issue for issue in readme.blocking_issues),
        *(criterion.text for criterion in readme.success_criteria),
        *(document.name for document in readme.related),
    ]


@pytest.fixture(scope="module")
def original(real_folder: Path) -> Original:
    source, _ = read_source(real_folder, NAME)
    assert source is not None
    return Original(read_readme, items, NAME, source.text.split("\n"))


@pytest.fixture(scope="module")
def real(original: Original) -> Readme:
    return cast(Readme, original.damaged()[1])


def read(text: str) -> tuple[Readme, tuple[Finding, ...]]:
    return read_readme(Source(NAME, text, ""))


def rules(findings: tuple[Finding, ...]) -> list[tuple[str, int | None]]:
    """Rule and line of the findings that are not about what a small document lacks."""
    return [(finding.rule, finding.at[0].line) for finding in findings if finding.rule != "missing-section"]


def value(fact: Fact[int] | Fact[float] | Fact[str] | None) -> float | str | None:
    return None if fact is None else fact.value


# --- the real document -------------------------------------------------------------------------


def test_real_claims(real: Readme) -> None:
    assert [
        (document.document.value, [(claim.label.value, claim.count.value) for claim in document.claims])
        for document in real.documents
    ] == [
        (
            "COMPREHENSIVE-GAP-ANALYSIS.yaml",
            [
                ("total gaps", 47),
                ("categories", 7),
                ("critical gaps", 12),
                ("high-priority gaps", 18),
                ("medium/low gaps", 17),
            ],
        ),
        ("RISK-ASSESSMENT.md", [("critical risks", 5), ("high risks", 8), ("medium risks", 10), ("low risks", 4)]),
        ("TESTING-REQUIREMENTS.md", []),
        ("MASTER-IMPLEMENTATION-PLAN.md", [("stories", 23), ("waves", 6), ("story points", 107)]),
        ("EXECUTION-PLAN.yaml", []),
    ]
    assert all(document.purpose for document in real.documents)
    assert [len(named.ids) for named in real.documents[1].ids] == [5, 8, 10, 4]


def test_real_scope(real: Readme) -> None:
    assert (real.claimed_stories, real.claimed_waves) == (Fact(23, NAME, 82), Fact(6, NAME, 82))
    assert real.claimed_points == Fact(107, NAME, 83)
    assert real.claimed_duration == Fact("8-12 weeks", NAME, 84)


def test_real_categories(real: Readme) -> None:
    assert [claim.count.value for claim in real.categories] == [6, 7, 3, 7, 4, 4, 3]
    assert sum(claim.count.value for claim in real.categories) == 34


def test_real_waves(real: Readme) -> None:
    assert [(value(wave.number), value(wave.points), value(wave.stories), value(wave.mode)) for wave in real.waves] == [
        (1, 11, 3, "PARALLEL"),
        (2, 16, 3, "SEQUENTIAL"),
        (3, 13, 3, "PARALLEL"),
        (4, 14, 4, "SEQUENTIAL"),
        (5, 16, 3, "SEQUENTIAL"),
        (6, 21, 4, "SEQUENTIAL"),
        (None, 16, 3, "PARALLEL track"),
    ]
    assert real.waves[0].name.value == "Wave 1: Critical Foundation"


def test_real_points(real: Readme) -> None:
    assert [(block.name.value, block.points.value, block.points.line) for block in real.points_blocks] == [
        ("Original Plan", 91, 118),
        ("UI Integration", 16, 118),
        ("ESS", 54, 118),
        ("PRODUCTION READINESS", 107, 124),
    ]


def test_real_blocking_issues(real: Readme) -> None:
    assert [(value(issue.severity), values(issue.gaps)) for issue in real.blocking_issues] == [
        ("CRITICAL", ("UI-001",)),
        ("CRITICAL", ("ESS-001",)),
        ("HIGH", ("SDK-002",)),
        ("HIGH", ("PROD-001",)),
        ("HIGH", ("SEC-001",)),
    ]


def test_real_lists(real: Readme) -> None:
    assert [(criterion.text.line, criterion.ticked) for criterion in real.success_criteria] == [
        (line, False) for line in range(201, 209)
    ]
    assert [document.name.line for document in real.related] == list(range(177, 184))
    assert [risk.line for risk in real.top_risks] == [52, 53, 54, 55, 56]
    assert [target.line for target in real.coverage_targets] == [64, 65, 66, 67]
    assert [value(share.fraction) for share in real.effort] == [0.7, 0.25, 0.05, None, None]


def test_real_facts_stand_on_their_lines(original: Original, real: Readme) -> None:
    told = (
        *(real.header.status, real.header.owner, real.documents[4].purpose, real.documents[0].claims[3].label),
        *(real.categories[5].label, real.claimed_duration, real.waves[6].mode, real.waves[5].name),
        *(real.points_blocks[3].name, real.blocking_issues[4].issue, real.blocking_issues[0].reference),
        *(real.success_criteria[2].text, real.related[1].location, real.related[6].purpose, real.effort[4].name),
    )
    for fact in told:
        assert fact is not None
        assert fact.value in original.lines[fact.line - 1]


def test_real_document_loses_nothing(original: Original) -> None:
    assert [(finding.rule, finding.severity, finding.subject) for finding in original.damaged()[2]] == [
        ("unread-section", "info", "Overview"),
        ("unread-section", "info", "5. EXECUTION-PLAN.yaml"),
        ("unread-section", "info", "For Planning Review"),
        ("unread-section", "info", "For Execution"),
        ("unread-section", "info", "For Stakeholder Communication"),
        ("unread-section", "info", "Next Steps"),
    ]


# --- forms -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "document"),
    [
        ("## 1. PLAN.yaml", "PLAN.yaml"),
        ("#### `RISK-ASSESSMENT.md`: risks", "RISK-ASSESSMENT.md"),
        ("# plan_2.yml", "plan_2.yml"),
        ("## The plan", None),
    ],
)
def test_document_headings(heading: str, document: str | None) -> None:
    readme, _ = read(f"{heading}\n\n**Purpose**: x\n")
    assert [section.document.value for section in readme.documents] == ([document] if document else [])


def test_claims_are_told_by_their_form() -> None:
    readme, findings = read(
        "## PLAN.yaml\n**Numbers**:\n- Stories: 5\n- 12 points in 2 waves\n- **3 weeks** or so\n\n"
        "**Features**:\n- good\n\ntext\n\n- **4 risks** (R-001 to R-004)\n"
    )
    assert [(claim.label.value, claim.count.value) for claim in readme.documents[0].claims] == [
        ("Stories", 5),
        ("points in 2 waves", 12),
        ("waves", 2),
        ("risks", 4),
    ]
    assert (value(readme.claimed_stories), value(readme.claimed_duration)) == (5, "3 weeks")
    assert [values(named.ids) for named in readme.documents[0].ids] == [("R-001", "R-002", "R-003", "R-004")]
    assert rules(findings) == [("unread-section", 1)]


@pytest.mark.parametrize(
    ("item", "wave", "found"),
    [
        ("**Wave 2**: b (sequential, 5 points, 1 story)", (2, 5, 1, "sequential"), []),
        ("Wave 2: b", (2, None, None, None), []),
        ("Track (PARALLEL)", (None, None, None, "PARALLEL"), []),
        ("Wave 2: b (x pts, 1 story)", (2, None, 1, None), ["wrong-value"]),
        ("Wave 2: b (5 pts, soon)", (2, 5, None, None), ["unread-block"]),
        ("Wave 2: b (5 pts", None, ["unread-block"]),
    ],
)
def test_wave_lines(item: str, wave: tuple[object, ...] | None, found: list[str]) -> None:
    readme, findings = read(f"**Waves**:\n1. Wave 1: a (3 pts)\n2. {item}\n")
    read_waves = [
        (value(wave.number), value(wave.points), value(wave.stories), value(wave.mode)) for wave in readme.waves[1:]
    ]
    assert read_waves == ([wave] if wave else [])
    assert rules(findings) == [(rule, 3) for rule in found]


def test_points_blocks_in_frames() -> None:
    readme, _ = read("```\n│ UI (5 pts) ├──► Core work (10 points)\n(3 pts) x\n```\n")
    assert [(block.name.value, block.points.value) for block in readme.points_blocks] == [("UI", 5), ("Core work", 10)]


def test_tick_boxes() -> None:
    readme, findings = read("## 3. Readiness Criteria\n\n- [x] a\n- [ ] b\n- [] c\n")
    assert [(item.text.value, item.ticked) for item in readme.success_criteria] == [("a", True), ("b", False)]
    assert rules(findings) == [("unread-block", 5)]


def test_criteria_that_ran_together_are_found() -> None:
    readme, findings = read("## Success Criteria\n\n- [ ] a\n- [ ] b\nx- [ ] c\n")
    assert [item.text.value for item in readme.success_criteria] == ["a"]
    assert rules(findings) == [("unread-block", 4)]


def test_tables() -> None:
    readme, findings = read(
        "| Blocker | Severity | Gap |\n|---|---|---|\n| a | HIGH | UI-001-UI-003 |\n| | LOW | UI-004 |\n\n"
        "| Document | Path |\n|---|---|\n| b | [x](y_z.md) |\n| | c |\n"
    )
    assert [values(issue.gaps) for issue in readme.blocking_issues] == [("UI-001", "UI-002", "UI-003")]
    assert [value(document.location) for document in readme.related] == ["[x](y_z.md)"]
    assert rules(findings) == [("missing-key", 4), ("missing-key", 9)]


# --- damage ------------------------------------------------------------------------------------

SOUND = (
    "# Plan\n\n## 1. PLAN.yaml\n\n**Purpose**: x\n\n**Scope**:\n- **5 stories**\n- **8 points**\n\n"
    "**Categories**:\n1. Security (4 gaps)\n2. Docs (3 gaps)\n\n## Success Criteria\n\n- [ ] a\n- [ ] b\n"
)


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("**Scope**:\n", "", ("unread-block", 7)),
        ("- **8 points**", "- **many points**", ("unread-block", 9)),
        ("1. Security (4 gaps)", "1. Security (four gaps)", ("wrong-value", 12)),
        ("**Categories**:\n", "", ("unread-block", 11)),
        ("**Purpose**: x", "**Purpose**: x\n**Purpose**: y", ("unread-block", 6)),
        ("- [ ] b", "-[ ] b", ("unread-block", 18)),
        ("## Success Criteria", "##Success Criteria", ("unread-block", 15)),
        ("## 1. PLAN.yaml", "<!--", ("unread-block", 3)),
        ("2. Docs (3 gaps)", "- x\n2. Docs (3 gaps)", ("unread-block", 13)),
    ],
)
def test_damage_is_found(old: str, new: str, finding: tuple[str, int]) -> None:
    assert rules(read(SOUND)[1]) == []
    assert finding in rules(read(SOUND.replace(old, new, 1))[1])


def test_a_comment_is_no_loss() -> None:
    assert rules(read(f"{SOUND}\n<!-- not\n\n| yet | -->\n")[1]) == []


def test_what_a_document_lacks() -> None:
    _, findings = read("# Plan\n\nsoon\n")
    assert [finding.subject for finding in findings if finding.rule == "missing-section"] == [
        "section on a document",
        "scope",
        "gap categories",
        "waves",
        "dependency picture",
        "blocking issues",
        "success criteria",
        "related documents",
    ]


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
@settings(max_examples=150, deadline=None)
def test_no_loss_is_silent(original: Original, edit: Edit) -> None:
    original.assert_no_silent_loss(edit)
