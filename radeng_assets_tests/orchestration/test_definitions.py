"""The graph: contract's names, one op a story, everything described."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest

from radeng_assets.orchestration.build import build_defs
from radeng_assets.orchestration.site import Site
from radeng_assets.planning.snapshot import served_plan
from radeng_assets.settings import Settings
from radeng_assets_tests.folders import PLAN, write_folder

CONTRACT = {
    "gap_analysis",
    "risk_register",
    "testing_requirements",
    "master_plan",
    "execution_plan",
    "plan_audit",
    "traceability",
    "ess_index_snapshot",
    "story_outputs",
    "coverage_report",
    "load_test_report",
    "security_report",
    "documentation_report",
    "progress",
    "production_readiness",
}
PARTITIONED = {"story_outputs", "ess_index_snapshot", "coverage_report"}
CRITERIA = {
    "stories_completed",
    "test_coverage",
    "load_test",
    "security_audit",
    "ui_integration",
    "ess_integration",
    "documentation",
    "stakeholder_signoff",
}


def site(plan: Path, home: Path) -> Site:
    settings = Settings(plan_dir=plan, home=home)
    return Site(settings, served_plan(plan, home, {}))


@pytest.fixture
def real(real_folder: Path, tmp_path: Path) -> dg.Definitions:
    return build_defs(site(real_folder, tmp_path))


def specs(defs: dg.Definitions) -> dict[str, dg.AssetSpec]:
    return {spec.key.to_user_string(): spec for spec in defs.resolve_all_asset_specs()}


def test_the_contracts_assets_are_there_and_described(real: dg.Definitions) -> None:
    found = specs(real)
    assert found.keys() >= CONTRACT
    for name, spec in found.items():
        assert spec.description, name
        assert spec.owners, name
        assert spec.kinds, name
        assert spec.group_name, name
        assert (spec.partitions_def is not None) == (name in PARTITIONED), name


def test_each_story_is_a_node_of_its_wave_with_its_criteria_as_checks(real: dg.Definitions) -> None:
    found = specs(real)
    nodes = {name: spec for name, spec in found.items() if name.startswith("story/")}
    assert len(nodes) == 23
    assert nodes["story/W2_S1"].group_name == "wave_2"
    assert {dep.asset_key.to_user_string() for dep in nodes["story/W2_S1"].deps} == {
        "story/W1_S1",
        "story/W1_S3",
    }
    assert nodes["story/UI_S1"].group_name == "ui_integration"
    graph = real.resolve_asset_graph()
    criteria = [key for key in graph.asset_check_keys if key.name.startswith("criterion_")]
    assert len(criteria) == 82


def test_partitions_are_the_waves_in_order_of_work(real: dg.Definitions) -> None:
    partitions = specs(real)["story_outputs"].partitions_def
    assert partitions is not None
    keys = partitions.get_partition_keys()
    assert set(keys) == {f"wave-{number}" for number in range(1, 7)} | {"ui-integration"}
    # wave-5 names only wave-2, but one of its stories needs wave-3.
    assert keys.index("wave-3") < keys.index("wave-5")


def test_the_eight_criteria_are_checks_on_the_verdict(real: dg.Definitions) -> None:
    graph = real.resolve_asset_graph()
    names = {key.name for key in graph.asset_check_keys if key.asset_key == dg.AssetKey("production_readiness")}
    assert names == CRITERIA


def test_gates_block(real: dg.Definitions) -> None:
    key = dg.AssetCheckKey(dg.AssetKey("story_outputs"), "wave_gate")
    assert real.resolve_asset_graph().get_check_spec(key).blocking


def test_story_ops_are_in_the_pool(real: dg.Definitions) -> None:
    graph = real.resolve_job_def("wave_job").graph.node_named("story_outputs").definition
    assert isinstance(graph, dg.GraphDefinition)
    pools = {node.name: node.definition.pool for node in graph.nodes if isinstance(node.definition, dg.OpDefinition)}
    assert pools.pop("open_wave") is None
    assert pools.pop("close_wave") is None
    assert len(pools) == 23
    assert set(pools.values()) == {"agents"}


def test_jobs(real: dg.Definitions) -> None:
    for name in ("planning_job", "wave_job", "readiness_job"):
        assert real.resolve_job_def(name)


def windows(defs: dg.Definitions) -> dict[str, dg.FreshnessPolicy]:
    return {name: spec.freshness_policy for name, spec in specs(defs).items() if spec.freshness_policy is not None}


def test_the_risk_registers_own_cadence_and_the_policys_ages_are_their_freshness(real: dg.Definitions) -> None:
    found = windows(real)
    reports = {f"{name}_report" for name in ("coverage", "chaos", "load_test", "security", "ui", "documentation")}
    ess = {"ess_index_snapshot", "ess_integration_report"}
    assert found.keys() == {"risk_register", "story_outputs", "production_readiness"} | reports | ess
    assert {found[name] for name in ess} == {dg.FreshnessPolicy.time_window(fail_window=timedelta(days=7))}
    month = dg.FreshnessPolicy.time_window(fail_window=timedelta(days=30))
    assert {found[name] for name in reports | {"story_outputs", "production_readiness"}} == {month}


def test_a_reports_own_age_limit_wins_and_no_window_is_shorter_than_a_minute(tmp_path: Path) -> None:
    plan = write_folder(tmp_path / "plan")
    policy = "freshness: {max_age_days: 9}\nreports:\n  load: {max_age_days: 2}\n  ui: {max_age_days: 0.00001}\n"
    (plan / "readiness.yaml").write_text(policy, encoding="utf-8")
    found = windows(build_defs(site(plan, tmp_path / "home")))
    lengths = {"load_test_report": timedelta(days=2), "ui_report": timedelta(seconds=60)}
    for name in ("story_outputs", "production_readiness", "security_report"):
        lengths[name] = timedelta(days=9)
    assert {name: found[name] for name in lengths} == {
        name: dg.FreshnessPolicy.time_window(fail_window=length) for name, length in lengths.items()
    }


def test_what_happens_by_itself_is_defined_and_waves_open_only_where_a_person_switched_that_on(
    real: dg.Definitions,
) -> None:
    statuses = {sensor.name: sensor.default_status for sensor in real.sensors or ()}
    on, off = dg.DefaultSensorStatus.RUNNING, dg.DefaultSensorStatus.STOPPED
    assert statuses == {
        "plan_edit_sensor": on,
        "target_commit_sensor": on,
        "next_wave_sensor": off,
        "verdict_notice_sensor": on,
        "run_failure_notice_sensor": on,
    }


def test_the_snapshots_checks_can_be_asked_for_any_partition(real: dg.Definitions) -> None:
    graph = real.resolve_asset_graph()
    keys = [key for key in graph.asset_check_keys if key.asset_key == dg.AssetKey("ess_index_snapshot")]
    assert {key.name for key in keys} == {"fresh", "veracity", "model_pin", "reachable"}
    assert {graph.get_check_spec(key).partitions_def for key in keys} == {None}


def test_no_plan_still_loads(tmp_path: Path) -> None:
    defs = build_defs(site(tmp_path, tmp_path / "home"))
    found = specs(defs)
    assert "execution_plan" in found
    assert "story_outputs" not in found
    dg.Definitions.validate_loadable(defs)


def test_one_story(tmp_path: Path) -> None:
    only = PLAN.partition("      - id: A-2")[0]
    defs = build_defs(site(write_folder(tmp_path / "p", only, None), tmp_path / "home"))
    dg.Definitions.validate_loadable(defs)


def test_five_hundred_stories_load(tmp_path: Path) -> None:
    head, _, _ = PLAN.partition("      - id: A-1")
    body = "".join(
        f"      - {{id: S-{n}, title: Story {n}, points: 1, agent: developer, "
        f"dependencies: [{f'S-{n - 1}' if n % 10 else ''}], tasks: [], "
        f"acceptance_criteria: [It works]}}\n"
        for n in range(500)
    )
    defs = build_defs(site(write_folder(tmp_path / "p", head + body, None), tmp_path / "home"))
    assert len([name for name in specs(defs) if name.startswith("story/")]) == 500
