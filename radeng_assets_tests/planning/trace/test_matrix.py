from __future__ import annotations

from collections import Counter
from pathlib import Path

from radeng_assets.planning.folder import Planning, read_planning, read_sources
from radeng_assets.planning.trace.matrix import trace
from radeng_assets.planning.trace.table import COLUMNS, traceability_table
from radeng_assets_tests.planning.trace.documents import GAPS, README, read_folder

VERIFICATION = """\
stories:
  W1-S1:
    addresses: [LOG-1, LOG-9]
    criteria:
      2: {command: make test}
"""


def test_every_gap_risk_and_criterion_has_its_row(tmp_path: Path) -> None:
    matrix = trace(read_folder(tmp_path, readme=README, verification=VERIFICATION))
    assert [(row.kind, row.id, row.severity, str(row.place)) for row in matrix.rows] == [
        ("gap", "LOG-1", "HIGH", "COMPREHENSIVE-GAP-ANALYSIS.yaml:3"),
        ("gap", "TAX-1", "LOW", "COMPREHENSIVE-GAP-ANALYSIS.yaml:10"),
        ("risk", "R-001", "HIGH", "RISK-ASSESSMENT.md:5"),
        ("criterion", "W1-S1#1", "", "EXECUTION-PLAN.yaml:8"),
        ("criterion", "W1-S1#2", "", "EXECUTION-PLAN.yaml:8"),
        ("criterion", "W1-S2#1", "", "EXECUTION-PLAN.yaml:13"),
        ("criterion", "UI-S1#1", "", "EXECUTION-PLAN.yaml:18"),
        ("success", "stories_completed", "", "README.md:5"),
        ("success", "load_test", "", "README.md:6"),
        ("success", "3", "", "README.md:7"),
    ]
    assert [link.target for link in matrix.dangling] == ["LOG-9"]
    assert [row.id for row in matrix.of("criterion") if row.counted] == ["W1-S1#2"]


def test_the_table_keeps_guesses_in_their_own_column(tmp_path: Path) -> None:
    gaps = GAPS + "---\nwave_assignment:\n  wave 1:\n    gaps: [LOG-1, TAX-1]\n"
    planning = read_folder(tmp_path, gaps=gaps, readme=README, verification=VERIFICATION)
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in traceability_table(trace(planning))]
    told = {row["id"]: (row["linked"], row["how"], row["suggested"]) for row in rows}
    (guess,) = trace(planning).of("risk")[0].suggested
    assert told == {
        "LOG-1": ("W1-S1 wave:wave_1", "addresses; wave_assignment", ""),
        "TAX-1": ("wave:wave_1", "wave_assignment", ""),
        "R-001": ("", "", f"W1-S2?{guess.score:.2f}"),
        "W1-S1#1": ("", "", ""),
        "W1-S1#2": ("verification.yaml:5", "proof", ""),
        "W1-S2#1": ("", "", ""),
        "UI-S1#1": ("", "", ""),
        "stories_completed": ("W1-S1 W1-S2 UI-S1", "every story", ""),
        "load_test": ("load_test_report", "report", ""),
        "3": ("", "", ""),
        "LOG-9": ("", "addresses", ""),
    }
    assert (rows[-1]["kind"], rows[-1]["at"]) == ("dangling", "verification.yaml:3")


def test_a_folder_without_documents_has_an_empty_matrix() -> None:
    matrix = trace(Planning(digest=""))
    assert matrix.rows == ()
    assert matrix.dangling == ()
    assert traceability_table(matrix) == []


def test_the_published_folder_has_every_row_and_only_wave_links(real_folder: Path) -> None:
    planning = read_planning(read_sources(real_folder))
    matrix = trace(planning)
    assert Counter(row.kind for row in matrix.rows) == {"gap": 34, "risk": 27, "criterion": 82, "success": 8}
    assert {link.how for row in matrix.of("gap") for link in row.links} == {"wave_assignment"}
    assert sum(len(row.links) for row in matrix.of("gap")) == 20
    assert not [row for kind in ("gap", "risk", "criterion") for row in matrix.of(kind) if row.counted]
    assert matrix.dangling == ()
    assert [row.id for row in matrix.of("success")] == [
        "stories_completed",
        "test_coverage",
        "load_test",
        "security_audit",
        "ui_integration",
        "ess_integration",
        "documentation",
        "stakeholder_signoff",
    ]
