"""Edits of the planning folder: the sound are passed on once, the broken are reported, looks may come as they like."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from radeng_assets.orchestration.assets.documents import document_assets
from radeng_assets.orchestration.build import build_defs
from radeng_assets.orchestration.names import READS
from radeng_assets.orchestration.touched import touched
from radeng_assets.planning.folder import FILES
from radeng_assets_tests.folders import PLAN, write_folder
from radeng_assets_tests.orchestration.sensors.desk import Desk, names
from radeng_assets_tests.orchestration.sensors.listener import Listener

SENSOR = "plan_edit_sensor"
OF_THE_PLAN = {"execution_plan", "plan_audit", "traceability", "progress", "production_readiness"}
BROKEN = PLAN.replace("  - id: wave-2", "  id: wave-2", 1)
REPOINTED = PLAN.replace("points: 2", "points: 5")
LARGER = PLAN.replace("id: A-2", "id: A-3")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, write_folder(tmp_path / "plan"))


@pytest.fixture
def webserver() -> Iterator[Listener]:
    with Listener() as listener:
        yield listener


def write(desk: Desk, text: str, name: str = "EXECUTION-PLAN.yaml") -> None:
    (desk.plan / name).write_text(text, encoding="utf-8")


def settle(desk: Desk) -> list[dg.RunRequest]:
    """Two looks; the second one's requests."""
    assert not desk.tick(SENSOR).run_requests
    return list(desk.tick(SENSOR).run_requests or ())


def test_nothing_edited_asks_for_nothing(desk: Desk) -> None:
    for _ in range(3):
        found = desk.tick(SENSOR)
        assert not found.run_requests
        assert found.skip_message == "The folder is as it was"


@pytest.mark.storages
def test_a_storys_points_materialize_what_reads_the_plan_and_judges_it_and_nothing_else(desk: Desk) -> None:
    desk.tick(SENSOR)
    write(desk, REPOINTED)
    requests = settle(desk)
    assert names(requests) == [OF_THE_PLAN]
    result = desk.run(requests[0])
    assert result.success
    (event,) = result.asset_materializations_for_node("execution_plan")
    assert event.metadata["points"].value == 9  # the edited plan was read, not the one that this process loaded
    assert names(settle(desk)) == []


def test_a_file_time_is_no_edit(desk: Desk) -> None:
    desk.tick(SENSOR)
    write(desk, PLAN)
    (desk.plan / "EXECUTION-PLAN.yaml").touch()
    assert settle(desk) == []


def test_an_edit_made_while_nobody_looked_is_found(desk: Desk) -> None:
    write(desk, REPOINTED)
    assert names(settle(desk)) == [OF_THE_PLAN]


def test_a_save_in_steps_starts_one_run_when_it_stands_still(desk: Desk) -> None:
    desk.tick(SENSOR)
    for points in (3, 4, 5):
        write(desk, PLAN.replace("points: 2", f"points: {points}"))
        found = desk.tick(SENSOR)
        assert not found.run_requests
        assert "not still yet: EXECUTION-PLAN.yaml" in (found.skip_message or "")
    (desk.plan / "EXECUTION-PLAN.yaml").rename(desk.plan / "draft")  # what some editors do in between
    assert not desk.tick(SENSOR).run_requests
    (desk.plan / "draft").rename(desk.plan / "EXECUTION-PLAN.yaml")
    assert not desk.tick(SENSOR).run_requests
    assert names(list(desk.tick(SENSOR).run_requests or ())) == [OF_THE_PLAN]


def test_ticks_repeated_doubled_and_lost_ask_for_one_run(desk: Desk) -> None:
    desk.tick(SENSOR)
    write(desk, REPOINTED)
    desk.tick(SENSOR)
    looks = [desk.look(SENSOR) for _ in range(10)]  # each as if the others were not there
    keys = {request.run_key for found in looks for request in found.run_requests or ()}
    assert len(keys) == 1
    assert None not in keys
    assert len({found.cursor for found in looks}) == 1
    desk.tick(SENSOR)
    assert names(settle(desk)) == []


def test_an_old_text_that_comes_back_is_an_edit_with_a_key_of_its_own(desk: Desk) -> None:
    desk.tick(SENSOR)
    keys = list[str | None]()
    for text in (REPOINTED, PLAN, REPOINTED, PLAN):
        write(desk, text)
        keys += [request.run_key for request in settle(desk)]
    assert len(set(keys)) == 4


def test_a_broken_save_changes_nothing_but_a_check_and_its_mend_does_too(desk: Desk) -> None:
    desk.tick(SENSOR)
    write(desk, BROKEN)
    desk.tick(SENSOR)
    found = desk.tick(SENSOR)
    assert not found.run_requests
    (check,) = found.asset_events
    assert isinstance(check, dg.AssetCheckEvaluation)
    assert (check.asset_key, check.check_name, check.passed) == (
        dg.AssetKey("execution_plan"),
        "served_as_written",
        False,
    )
    assert "yaml-broken" in (check.description or "")
    assert "EXECUTION-PLAN.yaml:" in (found.skip_message or "")
    assert "the last good plan serves on" in (found.skip_message or "")
    again = desk.tick(SENSOR)
    assert not again.asset_events  # reported once
    assert "the last good plan serves on" in (again.skip_message or "")
    # Whatever is run meanwhile serves the good plan and says that the folder is another.
    now = desk.site.now()
    assert now.served.digest == desk.site.served.digest
    assert "cannot be served" in now.docket().circumstances.unserved
    write(desk, PLAN)
    desk.tick(SENSOR)
    mended = desk.tick(SENSOR)
    assert not mended.run_requests
    (check,) = mended.asset_events
    assert isinstance(check, dg.AssetCheckEvaluation)
    assert check.passed
    assert not desk.site.now().docket().circumstances.unserved


def test_while_a_run_is_at_the_check_nothing_is_reported_that_would_hide_its_word(desk: Desk) -> None:
    desk.tick(SENSOR)
    job = desk.defs.resolve_implicit_global_asset_job_def()
    run = desk.instance.create_run_for_job(job.get_subset(asset_selection={dg.AssetKey("execution_plan")}))
    write(desk, BROKEN)
    for _ in range(3):
        assert not desk.tick(SENSOR).asset_events
    # It ended without a word.
    desk.instance.report_run_failed(run)
    (check,) = desk.tick(SENSOR).asset_events
    assert isinstance(check, dg.AssetCheckEvaluation)
    assert not check.passed


def test_a_plan_that_is_taken_away_is_broken(desk: Desk) -> None:
    desk.tick(SENSOR)
    (desk.plan / "EXECUTION-PLAN.yaml").unlink()
    desk.tick(SENSOR)
    found = desk.tick(SENSOR)
    assert not found.run_requests
    assert len(found.asset_events) == 1
    assert desk.site.now().served.schedule == desk.site.served.schedule


def test_changed_structure_without_a_web_server_says_so_and_serves_on(desk: Desk) -> None:
    desk.tick(SENSOR)
    write(desk, LARGER)
    desk.tick(SENSOR)
    found = desk.tick(SENSOR)
    assert not found.run_requests
    assert "reload the code location" in (found.skip_message or "")
    assert desk.site.now().served.digest == desk.site.served.digest
    # A broken edit on top of it must not lead to the plan that nobody loaded.
    write(desk, BROKEN)
    desk.tick(SENSOR)
    desk.tick(SENSOR)
    assert desk.site.now().served.schedule == desk.site.served.schedule


@pytest.mark.storages
def test_changed_structure_asks_the_web_server_once_and_the_new_process_materializes(
    tmp_path: Path, webserver: Listener
) -> None:
    loaded = {"__typename": "WorkspaceLocationEntry", "locationOrLoadError": {"__typename": "RepositoryLocation"}}
    webserver.answer = json.dumps({"data": {"reloadRepositoryLocation": loaded}}).encode()
    desk = Desk(tmp_path, write_folder(tmp_path / "plan"), webserver=webserver.url)
    desk.tick(SENSOR)
    write(desk, LARGER)
    for _ in range(4):
        assert not desk.tick(SENSOR).run_requests
    (asked,) = webserver.heard
    assert asked.path == "/graphql"
    assert asked.document["variables"] == {"name": "radeng_assets"}
    assert "reloadRepositoryLocation" in asked.document["query"]
    desk.restart()
    (request,) = list(desk.tick(SENSOR).run_requests or ())
    assert names([request]) == [OF_THE_PLAN]
    assert desk.run(request).success
    assert names(settle(desk)) == []


@pytest.mark.parametrize(
    ("status", "answer", "words"),
    [
        (500, b"", "HTTP 500"),
        (200, b'{"data": {"reloadRepositoryLocation": {"__typename": "UnauthorizedError"}}}', "UnauthorizedError"),
        (200, b"<html>", "no words of Dagster's"),
        (302, b"", "redirection"),
    ],
)
def test_a_web_server_that_does_not_is_named_and_asked_again(
    tmp_path: Path, webserver: Listener, status: int, answer: bytes, words: str
) -> None:
    webserver.status, webserver.answer = status, answer
    desk = Desk(tmp_path, write_folder(tmp_path / "plan"), webserver=webserver.url)
    desk.tick(SENSOR)
    write(desk, LARGER)
    desk.tick(SENSOR)
    for count in (1, 2):
        assert words in (desk.tick(SENSOR).skip_message or "")
        assert len(webserver.heard) == count


def test_a_web_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    with Listener() as gone:
        url = gone.url
    desk = Desk(tmp_path, write_folder(tmp_path / "plan"), webserver=url)
    desk.tick(SENSOR)
    write(desk, LARGER)
    desk.tick(SENSOR)
    assert "cannot be reached" in (desk.tick(SENSOR).skip_message or "")


def test_a_folder_without_any_plan_is_watched_and_its_first_plan_asks_for_a_reload(tmp_path: Path) -> None:
    plan = tmp_path / "plan"
    plan.mkdir()
    desk = Desk(tmp_path, plan)
    desk.tick(SENSOR)
    write_folder(plan)
    desk.tick(SENSOR)
    assert "reload the code location" in (desk.tick(SENSOR).skip_message or "")


def test_a_cursor_that_is_none_of_ours_is_a_new_beginning(desk: Desk) -> None:
    desk.cursors[SENSOR] = "{garbage"
    write(desk, REPOINTED)
    assert names(settle(desk)) == [OF_THE_PLAN]


# --- which document feeds which assets ---------------------------------------------------------


def test_every_file_of_the_folder_touches_something_and_only_what_depends_on_it(desk: Desk) -> None:
    specs = [*desk.defs.resolve_all_asset_specs()]
    found = {name: {key.to_user_string() for key in touched(specs, [name])} for name in FILES}
    judged = {"plan_audit", "production_readiness"}
    linked = judged | {"traceability"}
    assert found == {
        "README.md": linked,
        "COMPREHENSIVE-GAP-ANALYSIS.yaml": linked | {"gap_analysis"},
        "RISK-ASSESSMENT.md": linked | {"risk_register"},
        "TESTING-REQUIREMENTS.md": linked | {"testing_requirements"},
        "MASTER-IMPLEMENTATION-PLAN.md": linked | {"master_plan"},
        "EXECUTION-PLAN.yaml": OF_THE_PLAN,
        "INTEGRATION-STATUS.md": judged | {"progress"},
        "INTEGRATION-DEPENDENCIES.md": judged | {"progress"},
        "verification.yaml": linked | {"progress"},
        "readiness.yaml": judged | {"progress"},
        "audit-baseline.yaml": judged,
        "allowed_signers": judged,
    }


def test_nothing_that_runs_commands_or_agents_is_ever_touched(desk: Desk) -> None:
    keys = touched([*desk.defs.resolve_all_asset_specs()], FILES)
    groups = {spec.key: spec.group_name for spec in desk.defs.resolve_all_asset_specs()}
    assert {groups[key] for key in keys} == {"documents", "readiness"}


def test_documents_say_which_file_they_read(desk: Desk) -> None:
    for asset in document_assets(desk.site):
        for spec in asset.specs:
            assert len(spec.metadata[READS]) == 1


def test_the_sensors_are_part_of_the_definitions(desk: Desk) -> None:
    assert build_defs(desk.site).get_repository_def().get_sensor_def(SENSOR).minimum_interval_seconds == 5
