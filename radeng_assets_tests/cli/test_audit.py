"""``radeng audit``: findings with file and line, its faces, and the contract's exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.plans import write_plan
from radeng_assets.distribution import bundled
from radeng_assets_tests.folders import PLAN, write_folder
from radeng_assets_tests.processes import radeng, radeng_here, radeng_json, radeng_json_here


@pytest.fixture
def consistent(tmp_path: Path) -> Path:
    return write_plan(tmp_path / "plan", 12)


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
    (broken,) = [item for item in document["findings"] if item["rule"] == "yaml-broken"]
    assert broken["severity"] == "error"
    assert broken["at"] == [
        {"file": "COMPREHENSIVE-GAP-ANALYSIS.yaml", "line": 766},
        {"file": "COMPREHENSIVE-GAP-ANALYSIS.yaml", "line": 763},
    ]
    (total,) = [item for item in document["findings"] if item["subject"] == "total_gaps_identified"]
    assert total["rule"] == "gap-count-differs"
    assert total["family"] == "counts"
    assert total["digest"].startswith("sha256:")
    assert {"file": "README.md", "line": 26} in total["at"]
    assert {"file": "COMPREHENSIVE-GAP-ANALYSIS.yaml", "line": 21} in total["at"]


def test_a_clean_plan_has_no_error(plan_folder: Path, tmp_path: Path) -> None:
    code, document = radeng_json_here("audit", "--plan", plan_folder, cwd=tmp_path)
    assert code == 0
    assert not [item for item in document["findings"] if item["severity"] == "error"]
    # Five documents are missing; that is a warning each.
    missing = [item for item in document["findings"] if item["rule"] == "file-missing"]
    assert len(missing) == 5


def test_a_broken_plan(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "plan", PLAN.replace("points: 2", "points: two"))
    code, document = radeng_json_here("audit", "--plan", folder, cwd=tmp_path)
    assert code == 1
    line = PLAN.split("\n").index("        points: 2") + 1
    errors = [item for item in document["findings"] if item["severity"] == "error"]
    assert {"file": "EXECUTION-PLAN.yaml", "line": line} in [at for e in errors for at in e["at"]]


def test_nothing_usable(tmp_path: Path) -> None:
    code, document = radeng_json_here("audit", "--plan", tmp_path, cwd=tmp_path)
    assert code == 2
    assert document["findings"][0]["rule"] == "file-missing"


def test_the_report_on_the_bundled_plan_quotes_the_lines(tmp_path: Path) -> None:
    done = radeng("audit", "--plan", bundled("plans") / "rad-engineer-v2", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr == ""
    lines = [line.strip() for line in done.stdout.splitlines()]
    assert "error total_effort_estimate  gap-effort-differs" in lines
    assert any(line.startswith("COMPREHENSIVE-GAP-ANALYSIS.yaml:") and "story_points: 156" in line for line in lines)
    assert any(line.startswith("-> ") for line in lines)
    assert "Findings by family" in done.stdout
    assert max(len(line) for line in done.stdout.splitlines()) <= 120


def test_one_rule_or_family_alone(real_folder: Path, tmp_path: Path) -> None:
    _, document = radeng_json_here("audit", "--plan", real_folder, "--rule", "matrix-differs", cwd=tmp_path)
    assert {item["rule"] for item in document["findings"]} == {"matrix-differs"}
    _, document = radeng_json_here("audit", "--plan", real_folder, "--rule", "reading", "--rule", "graph", cwd=tmp_path)
    assert {item["family"] for item in document["findings"]} == {"reading", "graph"}
    code, document = radeng_json_here("audit", "--plan", real_folder, "--rule", "criterion-without-proof", cwd=tmp_path)
    assert (code, len(document["findings"])) == (0, 23)


def test_an_unknown_rule_is_refused_with_the_nearest(real_folder: Path, tmp_path: Path) -> None:
    done = radeng_here("audit", "--plan", real_folder, "--rule", "matrix-difers", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "matrix-differs" in done.stderr


def test_a_rule_is_explained(tmp_path: Path) -> None:
    done = radeng_here("audit", "--explain", "risk-score-differs", cwd=tmp_path)
    assert done.returncode == 0
    assert "product of the ranks" in " ".join(done.stdout.split())
    assert radeng_here("audit", "--explain", "no-such-rule", cwd=tmp_path).returncode == 2


def test_sarif_is_told_from_the_working_directory(consistent: Path, tmp_path: Path) -> None:
    readme = consistent / "README.md"
    readme.write_text(readme.read_text("utf-8").replace("**12 stories**", "**13 stories**"), encoding="utf-8")
    done = radeng_here("audit", "--plan", consistent, "--sarif", "out.sarif", cwd=tmp_path)
    assert done.returncode == 1
    (run,) = json.loads((tmp_path / "out.sarif").read_text("utf-8"))["runs"]
    result = next(one for one in run["results"] if one["ruleId"] == "story-count-differs")
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "plan/README.md"
    refused = radeng_here("audit", "--plan", consistent, "--sarif", "no/such/folder.sarif", cwd=tmp_path)
    assert refused.returncode == 2
    assert "Traceback" not in refused.stderr


def test_baseline_entries_are_printed_and_hold_once_filled(consistent: Path, tmp_path: Path) -> None:
    readme = consistent / "README.md"
    readme.write_text(readme.read_text("utf-8").replace("**12 stories**", "**13 stories**"), encoding="utf-8")
    entries = radeng_here("audit", "--plan", consistent, "--baseline", cwd=tmp_path).stdout
    filled = entries.replace("reason: ", "reason: Known").replace("by: ", "by: Me")
    filled = filled.replace("expires: ", "expires: 9999-12-31")
    (consistent / "audit-baseline.yaml").write_text(filled, encoding="utf-8")
    code, document = radeng_json_here("audit", "--plan", consistent, cwd=tmp_path)
    assert code == 0
    assert [one["finding"]["rule"] for one in document["accepted"]] == ["story-count-differs"]
    assert "accepted in audit-baseline.yaml (by Me)" in radeng_here("audit", "--plan", consistent, cwd=tmp_path).stdout


def test_a_broken_policy_is_a_finding(consistent: Path, tmp_path: Path) -> None:
    (consistent / "readiness.yaml").write_text("coverage_minimum: 80\n", encoding="utf-8")
    code, document = radeng_json_here("audit", "--plan", consistent, cwd=tmp_path)
    assert code == 1
    assert {"file": "readiness.yaml", "line": 1} in [place for item in document["findings"] for place in item["at"]]


def test_the_links_print_the_line_that_accepts_a_suggestion(real_folder: Path, tmp_path: Path) -> None:
    # In a process of its own, whose terminal is as wide as we say: narrower, and the heading wraps.
    done = radeng("audit", "--plan", real_folder, "--links", cwd=tmp_path)
    assert "suggested (never counted)" in " ".join(done.stdout.split())
    assert "addresses: [SEC-001]" in done.stdout
    assert "stories: W5-S1:" in done.stdout
    _, document = radeng_json_here("audit", "--plan", real_folder, "--links", cwd=tmp_path)
    assert document["schema"] == "radeng/links/v1"


def test_an_accepted_suggestion_is_a_link(real_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "plan"
    folder.mkdir()
    for file in real_folder.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    (folder / "verification.yaml").write_text("stories:\n  W5-S1:\n    addresses: [SEC-001]\n", encoding="utf-8")
    _, document = radeng_json_here("audit", "--plan", folder, "--rule", "gap-without-story", cwd=tmp_path)
    assert "SEC-001" not in {item["subject"] for item in document["findings"]}
    assert "SEC-003" in {item["subject"] for item in document["findings"]}


def test_the_forecast_is_the_same_every_time_and_says_what_it_assumes(real_folder: Path, tmp_path: Path) -> None:
    first = radeng_here("audit", "--plan", real_folder, "--forecast", "--json", cwd=tmp_path)
    again = radeng_here("audit", "--plan", real_folder, "--forecast", "--json", cwd=tmp_path)
    assert first.stdout == again.stdout
    document = json.loads(first.stdout)
    assert document["forecast"]["claim"] == [8.0, 12.0]
    assert document["forecast"]["runs"] == 10_000
    assert len(document["risks"]["risks"]) == 27
    shown = " ".join(radeng_here("audit", "--plan", real_folder, "--forecast", cwd=tmp_path).stdout.split())
    assert "the plan claims 8-12" in shown
    assert "These are assumptions, not measurements" in shown
