from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings

from radeng_assets.planning.documents.gap_analysis import GapAnalysis
from radeng_assets.planning.findings import Finding
from radeng_assets.planning.located import Fact, values
from radeng_assets.planning.readers.gap_analysis import read_gap_analysis
from radeng_assets.planning.source import Source, read_source
from radeng_assets_tests.planning.mutations import Edit, damage, edits, slips

FILE = "COMPREHENSIVE-GAP-ANALYSIS.yaml"


def real_source(folder: Path) -> Source:
    source, findings = read_source(folder, FILE)
    assert source is not None
    assert findings == ()
    return source


@pytest.fixture
def real(real_folder: Path) -> Source:
    return real_source(real_folder)


def read(text: str) -> tuple[GapAnalysis, list[Finding]]:
    """The analysis of a short text, and the findings but those about sections it does not have."""
    analysis, findings = read_gap_analysis(Source(FILE, text, ""))
    return analysis, [finding for finding in findings if finding.rule != "missing-section"]


def said(findings: list[Finding]) -> list[tuple[str, list[int | None]]]:
    return [(finding.rule, [place.line for place in finding.at]) for finding in findings]


# --- the published document ---------------------------------------------------------------------


def test_the_only_finding_of_the_real_file_is_its_damaged_tail(real: Source):
    _, (finding,) = read_gap_analysis(real)
    assert finding.rule == "yaml-broken"
    assert finding.severity == "error"
    assert [place.line for place in finding.at] == [766, 763]


def test_gaps_of_the_real_file(real: Source):
    analysis, _ = read_gap_analysis(real)
    assert len(analysis.gaps) == 34
    assert Counter(gap.severity.value for gap in analysis.gaps if gap.severity) == {
        "CRITICAL": 3,
        "HIGH": 18,
        "MEDIUM": 12,
        "LOW": 1,
    }
    assert [len(category.gaps) for category in analysis.categories] == [6, 7, 3, 7, 4, 4, 3]
    assert all(category.name and category.severity for category in analysis.categories)
    assert all(gap.effort and gap.title and gap.recommendation for gap in analysis.gaps)
    assert {kind.kind.value for gap in analysis.gaps for kind in gap.evidence} == {
        *("file", "files", "line", "lines", "pattern", "reference", "result", "source"),
        "test_files",
    }


def test_claims_of_the_real_file(real: Source):
    analysis, _ = read_gap_analysis(real)
    claimed = analysis.claimed
    counts = (claimed.total, claimed.critical, claimed.high, claimed.medium, claimed.low)
    assert [fact.value for fact in counts if fact] == [47, 12, 18, 12, 5]
    assert len(analysis.blocking_issues) == 4
    assert [len(tier.gaps) for tier in analysis.tiers] == [5, 13, 13, 3]
    assert analysis.claimed_effort == Fact(156, FILE, 735)
    assert {link.gap.value: values(link.needs) for link in analysis.dependencies} == {
        "UI-002": ("UI-001",),
        "UI-004": ("UI-002",),
        "UI-005": ("UI-001",),
        "ESS-002": ("ESS-001",),
        "ESS-003": ("ESS-002",),
        "PROD-005": ("PROD-002",),
        "PROD-007": ("PROD-006",),
        "SEC-003": ("SEC-001", "SEC-002"),
        "SDK-005": ("SDK-003",),
    }
    assert [note.label.value for note in analysis.header.notes] == ["analyst", "certainty_score"]


def test_the_damaged_tail_gives_all_its_waves_ids_and_modes(real: Source):
    analysis, _ = read_gap_analysis(real)
    waves = {wave.name.value: values(wave.gaps) for wave in analysis.waves}
    assert waves == {
        "wave_1_foundation": ("SDK-001", "PROD-001", "UI-001"),
        "wave_2_core": ("SDK-002", "SDK-006", "UI-002", "UI-003"),
        "wave_3_observability": ("PROD-002", "PROD-003", "PROD-004"),
        "wave_4_security": ("SEC-001", "SEC-004", "SEC-003"),
        "wave_5_testing": ("TEST-001", "TEST-002", "TEST-004"),
        "wave_6_polish": ("UI-004", "UI-005", "PROD-005", "DOC-001"),
    }
    assert sum(map(len, waves.values())) == 20
    modes = [wave.parallel for wave in analysis.waves]
    assert [(mode.value, mode.line) for mode in modes if mode] == [
        *((True, 766), (True, 773), (True, 779)),
        *((False, 785), (True, 791), (True, 798)),
    ]


def test_facts_of_the_real_file_carry_the_lines_that_state_them(real: Source):
    analysis, _ = read_gap_analysis(real)
    rows = real.text.split("\n")
    gaps = {gap.id.value: gap for gap in analysis.gaps}
    facts = [
        analysis.header.version,
        analysis.claimed.total,
        analysis.blocking_issues[3],
        analysis.categories[6].name,
        analysis.categories[6].severity,
        gaps["SDK-005"].id,
        gaps["SDK-005"].dependencies[0],
        gaps["SDK-004"].evidence[1].values[0],
        gaps["UI-005"].evidence[0].values[3],
        gaps["ESS-001"].effort,
        gaps["DOC-003"].severity,
        analysis.tiers[2].gaps[0],
        analysis.dependencies[7].needs[1],
        analysis.waves[3].gaps[2],
    ]
    for fact in facts:
        assert fact is not None
        assert str(fact.value) in rows[fact.line - 1]
    assert [fact.line for fact in facts if fact] == [
        *(3, 21, 31, 649, 650, 114, 131, 109, 254, 327, 680, 715, 756, 784),
    ]


# --- shapes -------------------------------------------------------------------------------------


def test_everything_may_stand_in_one_document():
    analysis, findings = read(
        "meta: {version: 2, updated: today}\ntotal_gaps_identified: 1\ngaps:\n"
        "  - {id: A-1, severity: odd, effort_estimate: 8}\npriority_order: {first: [A-1]}\n"
    )
    assert findings == []
    assert [gap.id for gap in analysis.gaps] == [Fact("A-1", FILE, 4)]
    assert analysis.categories[0].name is None
    assert analysis.gaps[0].severity == Fact("odd", FILE, 4)
    assert analysis.gaps[0].effort == Fact(8, FILE, 4)
    assert analysis.header.last_updated == Fact("today", FILE, 1)


def test_each_category_holds_the_gaps_of_its_own_document():
    analysis, findings = read(
        "category: one\ngaps: [{id: A}]\n---\ncategory: two\ngaps: [{id: B}, {id: C}]\n"
        "blocking_issues: [x]\n---\nblocking_issues: [y]\n"
    )
    assert findings == []
    assert [
        (category.name and category.name.value, [gap.id.value for gap in category.gaps])
        for category in analysis.categories
    ] == [("one", ["A"]), ("two", ["B", "C"])]
    assert values(analysis.blocking_issues) == ("x", "y")


def test_a_key_expected_once_that_stands_in_two_documents_cites_both():
    analysis, findings = read("high_gaps: 1\n---\nhigh_gaps: 2\n")
    assert analysis.claimed.high == Fact(1, FILE, 1)
    assert said(findings) == [("yaml-duplicate-key", [1, 3])]


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ("{file: a, lines: [1, 2]}", [("file", ("a",)), ("lines", ("1", "2"))]),
        ("seen it", [("text", ("seen it",))]),
        ("[a, b]", [("text", ("a", "b"))]),
        ("[a, {file: b}]", [("text", ("a",)), ("file", ("b",))]),
        ("{file: ~}", []),
    ],
)
def test_evidence_in_each_of_its_shapes(evidence: str, expected: list[tuple[str, object]]):
    analysis, findings = read(f"gaps:\n  - id: A\n    evidence: {evidence}\n")
    assert findings == []
    found = analysis.gaps[0].evidence
    assert [(one.kind.value, values(one.values)) for one in found] == expected


@pytest.mark.parametrize(
    ("wave", "mode"),
    [
        ("[A, B]", None),
        ("{gaps: [A, B], parallel: true}", True),
        ("{gaps: [A, B], parallel: false}", False),
        ("{gaps: [A, B], sequential: true}", False),
        ("{gaps: [A, B], sequential: false}", True),
        ("{gaps: [A, B], sequential: true, parallel: false}", False),
        ("\n    - A\n    - B\n    sequential: true", False),
    ],
)
def test_a_wave_in_each_of_its_shapes(wave: str, mode: bool | None):
    analysis, findings = read(f"wave_assignment:\n  w: {wave}\n")
    assert {finding.rule for finding in findings} <= {"yaml-broken"}
    (one,) = analysis.waves
    assert values(one.gaps) == ("A", "B")
    assert (one.parallel.value if one.parallel else None) is mode


def test_a_wave_that_is_said_to_be_both_is_neither():
    analysis, findings = read("wave_assignment:\n  w: {gaps: [A], parallel: true, sequential: true}")
    assert analysis.waves[0].parallel is None
    assert said(findings) == [("wrong-value", [2])]


# --- what is wrong is said ----------------------------------------------------------------------


def test_what_cannot_be_read_is_said_and_the_rest_is_kept():
    analysis, findings = read(
        "meta: {version: 1, mood: good}\n"
        "high_gaps: many\n"
        "gaps:\n"
        "  - title: no id\n"
        "  - id: A\n"
        "    effort_estimate: lots\n"
        "    severty: HIGH\n"
        "  - just text\n"
        "wave_assignment:\n"
        "  w:\n"
        "    - A\n"
        "    paralel: true\n"
        "gap: x\n"
    )
    assert [gap.id.value for gap in analysis.gaps] == ["A"]
    assert values(analysis.waves[0].gaps) == ("A",)
    assert sorted(said(findings), key=str) == sorted(
        [
            ("yaml-broken", [12, 11]),
            ("unread-key", [1]),
            ("wrong-value", [2]),
            ("missing-key", [4]),
            ("wrong-value", [6]),
            ("unread-key", [7]),
            ("wrong-kind", [8]),
            ("unread-key", [12]),
            ("unread-key", [13]),
        ],
        key=str,
    )


def test_a_section_that_is_missing_entirely_is_a_warning():
    _, findings = read_gap_analysis(Source(FILE, "gaps: []\n", ""))
    assert {finding.rule for finding in findings} == {"missing-section"}
    assert {finding.severity for finding in findings} == {"warning"}
    assert {"total_gaps_identified", "priority_order", "meta", "wave_assignment"} <= {
        finding.subject for finding in findings
    }
    assert "gaps" not in {finding.subject for finding in findings}


def test_a_category_without_gaps_is_an_error():
    _, findings = read("category: one\ngapps: [{id: A}]\n")
    assert said(findings) == [("missing-key", [1]), ("unread-key", [2])]


@pytest.mark.parametrize("text", ["", "x", "- a\n- b\n", "# c", "gaps: 3", "meta: []\n", "\0"])
def test_a_file_that_is_something_else_is_findings(text: str):
    analysis, findings = read_gap_analysis(Source(FILE, text, ""))
    assert analysis.gaps == ()
    assert findings


@settings(max_examples=100, deadline=None)
@given(damages=edits())
def test_a_damaged_file_is_read_without_raising(real_folder: Path, damages: list[Edit]):
    text = damage(real_source(real_folder).text, damages)
    analysis, _ = read_gap_analysis(Source(FILE, text, ""))
    assert GapAnalysis.model_validate(analysis.model_dump(mode="json")) == analysis


@settings(max_examples=100, deadline=None)
@given(damages=slips())
def test_no_slip_loses_a_gap_in_silence(real_folder: Path, damages: list[Edit]):
    text = damage(real_source(real_folder).text, damages)
    analysis, findings = read_gap_analysis(Source(FILE, text, ""))
    rest = [finding for finding in findings if "every line of it could still be read" not in finding.message]
    assert len(analysis.gaps) >= 34 or rest
    assert len(analysis.waves) >= 6 or rest
