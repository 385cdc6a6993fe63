"""``radeng audit``: findings with file and line, and the contract's exit codes."""

from __future__ import annotations

from pathlib import Path

from radeng_assets_tests.folders import PLAN, write_folder
from radeng_assets_tests.processes import radeng, radeng_json


def test_the_real_folder(real_folder: Path, tmp_path: Path) -> None:
    code, document = radeng_json("audit", "--plan", real_folder, cwd=tmp_path)
    assert code == 1
    assert document["schema"] == "radeng/audit/v1"
    assert document["plan"] == {
        "stories": 23,
        "points": 107,
        "waves": 7,
        "tasks": 137,
        "criteria": 82,
        "gaps": 34,
        "risks": 27,
    }
    errors = [item for item in document["findings"] if item["severity"] == "error"]
    assert [item["rule"] for item in errors] == ["yaml-broken"]
    assert errors[0]["at"] == [
        {"file": "COMPREHENSIVE-GAP-ANALYSIS.yaml", "line": 766},
        {"file": "COMPREHENSIVE-GAP-ANALYSIS.yaml", "line": 763},
    ]


def test_a_clean_plan_has_no_error(plan_folder: Path, tmp_path: Path) -> None:
    code, document = radeng_json("audit", "--plan", plan_folder, cwd=tmp_path)
    assert code == 0
    assert not [item for item in document["findings"] if item["severity"] == "error"]
    # Five documents are missing; that is a warning each.
    missing = [item for item in document["findings"] if item["rule"] == "file-missing"]
    assert len(missing) == 5


def test_a_broken_plan(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "plan", PLAN.replace("points: 2", "points: two"))
    code, document = radeng_json("audit", "--plan", folder, cwd=tmp_path)
    assert code == 1
    line = PLAN.split("\n").index("        points: 2") + 1
    assert {"file": "EXECUTION-PLAN.yaml", "line": line} in document["findings"][0]["at"]


def test_nothing_usable(tmp_path: Path) -> None:
    code, document = radeng_json("audit", "--plan", tmp_path, cwd=tmp_path)
    assert code == 2
    assert document["findings"][0]["rule"] == "file-missing"


def test_the_table_names_file_and_line(real_folder: Path, tmp_path: Path) -> None:
    done = radeng("audit", "--plan", real_folder, cwd=tmp_path)
    assert done.returncode == 1
    assert "766" in done.stdout
    assert "yaml-broken" in done.stdout
