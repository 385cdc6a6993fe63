"""Waves on a real instance: order, refusal, gates, nodes; without a target and with one."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from radeng_assets.evidence.outcomes import WaveOutcome
from radeng_assets.orchestration.assets.waves import gate_result
from radeng_assets.orchestration.build import build_defs
from radeng_assets.orchestration.one_wave import foreign_steps, ops_of
from radeng_assets.orchestration.site import Site
from radeng_assets.planning.snapshot import served_plan
from radeng_assets.settings import Settings
from radeng_assets_tests.folders import commit
from radeng_assets_tests.instances import new_instance

pytestmark = pytest.mark.storages


class World:
    """One plan, one home, one instance."""

    def __init__(self, plan: Path, home: Path, target: Path | None) -> None:
        settings = Settings(plan_dir=plan, home=home, target_repo=str(target) if target else None)
        self.site = Site(settings, served_plan(plan, home, {}))
        self.defs = build_defs(self.site)
        self.instance = new_instance()

    def wave(self, wave_id: str) -> dg.ExecuteInProcessResult:
        return self.defs.resolve_job_def("wave_job").execute_in_process(
            instance=self.instance, partition_key=wave_id, raise_on_error=False
        )

    def latest(self, story: str) -> dg.AssetMaterialization | None:
        event = self.instance.get_latest_materialization_event(dg.AssetKey(["story", story]))
        return event.asset_materialization if event else None


@pytest.fixture
def rehearsal(plan_folder: Path, tmp_path: Path) -> World:
    return World(plan_folder, tmp_path / "home", None)


@pytest.fixture
def verification(plan_folder: Path, target: Path, tmp_path: Path) -> World:
    return World(plan_folder, tmp_path / "home", target)


def failure(result: dg.ExecuteInProcessResult) -> str:
    (event,) = [event for event in result.get_step_failure_events() if event.step_key == "story_outputs.open_wave"]
    data = event.step_failure_data
    assert data.user_failure_data is not None
    return data.user_failure_data.description or ""


def test_a_wave_refuses_to_open_before_what_it_needs_and_says_what_to_run(
    rehearsal: World,
) -> None:
    refused = rehearsal.wave("wave-2")
    assert not refused.success
    words = failure(refused)
    assert "wave-1 has not run" in words
    assert "A-1" in words
    assert "radeng run --waves wave-1" in words
    assert rehearsal.wave("wave-1").success
    assert rehearsal.wave("wave-2").success


def test_only_the_partitions_stories_run(rehearsal: World) -> None:
    result = rehearsal.wave("wave-1")
    ran = {event.step_key for event in result.get_step_success_events()}
    assert "story_outputs.A_1" in ran
    assert "story_outputs.B_1" not in ran
    skipped = {event.step_key for event in result.get_step_skipped_events()}
    assert skipped == {"story_outputs.B_1"}


def test_a_selection_of_the_waves_own_ops_does_not_even_skip_the_others(rehearsal: World) -> None:
    job = rehearsal.defs.resolve_job_def("wave_job")
    ops = ops_of(job, rehearsal.site.served.schedule, "wave-1")
    result = job.execute_in_process(instance=rehearsal.instance, partition_key="wave-1", op_selection=ops)
    steps = {event.step_key for event in result.all_events if event.step_key}
    assert {"story_outputs.open_wave", "story_outputs.A_1", "story_outputs.close_wave"} <= steps
    assert not {step for step in steps if "B_1" in step}
    assert not result.get_step_skipped_events()


def test_what_is_foreign_to_a_wave_are_the_other_waves_stories(rehearsal: World) -> None:
    schedule = rehearsal.site.served.schedule
    assert foreign_steps(schedule, "wave-2") == {
        f"story_outputs.{story.node}" for wave in schedule.waves if wave.id != "wave-2" for story in wave.stories
    }
    # A run of several partitions, or of none, is nobody's wave: nothing may be left out of it.
    assert foreign_steps(schedule, None) == foreign_steps(schedule, "wave-9") == frozenset()


def test_a_rehearsal_materializes_no_story_and_judges_no_criterion(rehearsal: World) -> None:
    result = rehearsal.wave("wave-1")
    assert rehearsal.latest("A_1") is None
    outcome = result.asset_value("story_outputs")
    assert isinstance(outcome, WaveOutcome)
    assert outcome.gate == "rehearsed"
    checks = result.get_asset_check_evaluations()
    gate = [check for check in checks if check.check_name == "wave_gate"]
    assert [(c.passed, c.severity) for c in gate] == [(False, dg.AssetCheckSeverity.WARN)]
    assert not [check for check in checks if check.check_name.startswith("criterion_")]


def test_a_rehearsal_opens_nothing_for_a_verification(
    rehearsal: World, plan_folder: Path, target: Path, tmp_path: Path
) -> None:
    assert rehearsal.wave("wave-1").success
    real = World(plan_folder, tmp_path / "home", target)
    case = real.site.case()
    assert not case.stories
    assert not case.waves


def test_proven_stories_are_materialized_with_their_criteria_checked(verification: World) -> None:
    result = verification.wave("wave-1")
    assert result.success
    materialized = verification.latest("A_1")
    assert materialized is not None
    assert materialized.metadata["status"].value == "already_satisfied"
    checks = {
        (check.asset_key.to_user_string(), check.check_name): check.passed
        for check in result.get_asset_check_evaluations()
    }
    assert checks[("story/A_1", "criterion_1")]
    assert checks[("story/A_2", "criterion_1")]
    assert checks[("story_outputs", "wave_gate")]


def test_a_failed_gate_fails_the_run_and_keeps_what_waits_for_it_from_running(
    verification: World, target: Path
) -> None:
    (target / "counter.py").write_text("def count(n):\n    return n\n", encoding="utf-8")
    commit(target, "Break it")
    result = verification.wave("wave-1")
    assert not result.success
    assert verification.latest("A_1") is None
    assert not result.asset_materializations_for_node("coverage_report")
    gate = [c for c in result.get_asset_check_evaluations() if c.check_name == "wave_gate"]
    assert [(c.passed, c.severity, c.blocking) for c in gate] == [(False, dg.AssetCheckSeverity.ERROR, True)]


def test_an_unrecorded_wave_does_not_pass_its_gate() -> None:
    assert not gate_result(None).passed


@pytest.mark.parametrize("gate", ["failed", "blocked", "not_run", "rehearsed"])
def test_no_gate_but_a_passed_one_passes(gate: str) -> None:
    outcome = WaveOutcome.model_validate(
        {"wave": "w", "gate": gate, "mode": "none", "plan": "sha256:0", "session": "s"}
    )
    result = gate_result(outcome)
    assert not result.passed
    assert (result.severity == dg.AssetCheckSeverity.WARN) == (gate == "rehearsed")
