"""``plan_audit``, ``traceability`` and the outlook as the web UI gets them, from the assets themselves."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import dagster as dg
import pandas as pd
import pytest

from radeng_assets.home import Home
from radeng_assets.orchestration.build import build_defs
from radeng_assets.orchestration.site import Site
from radeng_assets.planning.audit import Audit
from radeng_assets.planning.rules.book import FAMILIES, READING
from radeng_assets_tests.instances import bare_home
from radeng_assets_tests.processes import materialize_wave, radeng_json


def materialized(folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> dg.ExecuteInProcessResult:
    monkeypatch.setenv("RADENG_PLAN_DIR", str(folder))
    monkeypatch.setenv("RADENG_HOME", str(home))
    Home(home).prepare()
    monkeypatch.setenv("DAGSTER_HOME", str(home))
    job = build_defs(Site.current()).resolve_job_def("planning_job")
    with dg.DagsterInstance.get() as instance:
        return job.execute_in_process(instance=instance)


@pytest.fixture
def real(real_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dg.ExecuteInProcessResult:
    result = materialized(real_folder, tmp_path / "home", monkeypatch)
    assert result.success
    return result


def test_the_audit_has_one_check_a_family_and_errors_fail_it(real: dg.ExecuteInProcessResult) -> None:
    checks = {
        event.check_name: event.passed
        for event in real.get_asset_check_evaluations()
        if event.asset_key == dg.AssetKey("plan_audit")
    }
    assert set(checks) == {READING, *FAMILIES}
    audit = real.asset_value("plan_audit")
    assert isinstance(audit, Audit)
    failing = {family for family, found in audit.by_family().items() if any(one.severity == "error" for one in found)}
    assert {name for name, passed in checks.items() if not passed} == failing
    assert {"counts", "identity", "judgement"} <= failing


def test_the_page_lists_the_same_findings_as_the_command_line(
    real: dg.ExecuteInProcessResult, real_folder: Path, tmp_path: Path
) -> None:
    (event,) = real.asset_materializations_for_node("plan_audit")
    table = event.metadata["findings"]
    assert isinstance(table, dg.TableMetadataValue)
    shown = [(record.data["rule"], record.data["subject"], record.data["message"]) for record in table.records]
    _, document = radeng_json("audit", "--plan", real_folder, cwd=tmp_path)
    assert shown == [(one["rule"], one["subject"], one["message"]) for one in document["findings"]]
    assert event.metadata["errors"].value == sum(1 for one in document["findings"] if one["severity"] == "error")


def test_traceability_keeps_links_and_suggestions_apart(real: dg.ExecuteInProcessResult) -> None:
    table = real.asset_value("traceability")
    assert isinstance(table, pd.DataFrame)
    rows = cast("list[dict[str, str]]", table.to_dict("records"))
    row = next(row for row in rows if row["id"] == "SEC-001")
    assert row["linked"] == "wave:wave_4_security"
    assert row["suggested"].startswith("W5-S1?0.")
    (event,) = real.asset_materializations_for_node("traceability")
    assert event.metadata["without_a_story"].value == event.metadata["gaps_and_risks"].value == 34 + 27


def test_the_outlook_stands_on_the_plan_and_the_register(real: dg.ExecuteInProcessResult) -> None:
    (plan,) = real.asset_materializations_for_node("execution_plan")
    p50, p85 = (plan.metadata[f"forecast_{name}_weeks"].value for name in ("p50", "p85"))
    assert isinstance(p50, float)
    assert isinstance(p85, float)
    assert 0 < p50 < p85
    assert plan.metadata["forecast_claimed_weeks"].value == "8-12"
    (register,) = real.asset_materializations_for_node("risk_register")
    ranked = register.metadata["by_expected_loss"]
    assert isinstance(ranked, dg.TableMetadataValue)
    assert ranked.records[0].data["id"] == "R-002"
    assert len(ranked.records) == 27


def test_waves_open_over_errors_unless_the_policy_forbids_it(plan_folder: Path, tmp_path: Path) -> None:
    plan = plan_folder / "EXECUTION-PLAN.yaml"
    plan.write_text(plan.read_text("utf-8").replace("total_points: 6", "total_points: 7"), encoding="utf-8")
    home = tmp_path / "home"
    code, document = radeng_json("run", "--plan", plan_folder, "--home", home, cwd=tmp_path)
    assert (code, document["waves"][0]["gate"]) == (0, "not_run")
    assert document["waves"][0]["stories"][0]["status"] == "rehearsed"
    (plan_folder / "readiness.yaml").write_text("audit_blocks: true\n", encoding="utf-8")
    code, document = radeng_json("run", "--plan", plan_folder, "--home", tmp_path / "other", cwd=tmp_path)
    statuses = [story["status"] for wave in document["waves"] for story in wave["stories"]]
    assert set(statuses) == {"not_run"}


def test_a_blocked_wave_says_what_stands_in_its_way(plan_folder: Path, tmp_path: Path) -> None:
    plan = plan_folder / "EXECUTION-PLAN.yaml"
    plan.write_text(plan.read_text("utf-8").replace("total_points: 6", "total_points: 7"), encoding="utf-8")
    (plan_folder / "readiness.yaml").write_text("audit_blocks: true\n", encoding="utf-8")
    home = bare_home(tmp_path / "home")
    done = materialize_wave(home, plan_folder, "wave-1")
    assert done.returncode != 0
    assert "wave-1 cannot open: the plan audit has 1 open errors (point-count-differs)" in done.stdout + done.stderr
