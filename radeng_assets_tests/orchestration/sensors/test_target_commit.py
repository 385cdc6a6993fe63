"""The verdict follows the target and the clock: one run for what changed, none for what did not."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from radeng_assets.orchestration.build import build_defs
from radeng_assets.orchestration.jobs import READINESS_JOB
from radeng_assets.orchestration.sensors import target_commit
from radeng_assets.readiness.verdict import Verdict
from radeng_assets_tests.folders import commit, write_folder
from radeng_assets_tests.orchestration.sensors.desk import Desk, carry_out, judge_now, names

pytestmark = pytest.mark.storages

SENSOR = "target_commit_sensor"
CHEAP = {"progress", "production_readiness"}


@pytest.fixture
def desk(tmp_path: Path, target: Path) -> Desk:
    return Desk(tmp_path, write_folder(tmp_path / "plan"), target)


def go_on(target: Path, text: str = "def count(n):\n    return 1 + n\n") -> str:
    (target / "counter.py").write_text(text, encoding="utf-8")
    return commit(target, "Go on")


def verify(desk: Desk) -> None:
    """Both waves carried out and judged."""
    for wave in ("wave-1", "wave-2"):
        carry_out(desk, wave)
    desk.site.campaign.final_gate("final")
    judge_now(desk)


def verdict(desk: Desk) -> Verdict:
    return Verdict.model_validate_json(desk.site.home.verdict.read_bytes())


def status(desk: Desk, criterion: str) -> str:
    return {item.id: item.status for item in verdict(desk).criteria}[criterion]


def asked(desk: Desk) -> list[dg.RunRequest]:
    return list(desk.tick(SENSOR).run_requests or ())


def test_without_a_target_there_is_nothing_to_follow(tmp_path: Path) -> None:
    desk = Desk(tmp_path, write_folder(tmp_path / "plan"))
    assert desk.tick(SENSOR).skip_message == "There is no target."


def test_a_target_that_is_gone_is_said_and_its_address_is_not(desk: Desk, target: Path) -> None:
    target.rename(target.parent / "away")
    message = desk.tick(SENSOR).skip_message or ""
    assert message == "The target cannot be read now."


def test_a_commit_makes_one_run_that_shows_staleness_and_runs_nothing(desk: Desk, target: Path) -> None:
    verify(desk)
    assert status(desk, "stories_completed") == "verified"
    assert asked(desk) == []
    assert "Nothing changed" in (desk.tick(SENSOR).skip_message or "")
    head = go_on(target)
    looks = [desk.look(SENSOR) for _ in range(10)]
    requests = [request for found in looks for request in found.run_requests or ()]
    assert len({request.run_key for request in requests}) == 1
    assert names(requests[:1]) == [CHEAP]
    assert (requests[0].run_key or "").startswith(head)
    ledger = list(desk.site.home.ledger.entries())
    assert desk.run(requests[0]).success
    assert list(desk.site.home.ledger.entries()) == ledger  # nothing was run on the target
    assert status(desk, "stories_completed") == "stale"
    assert verdict(desk).target is not None
    assert asked(desk) == []
    assert asked(desk) == []


def test_back_and_forth_is_judged_each_time(desk: Desk, target: Path) -> None:
    verify(desk)
    first, second = "def count(n):\n    return n + 1\n", "def count(n):\n    return 1 + n\n"
    keys = set[str | None]()
    for text in (second, first, second):
        go_on(target, text)
        (request,) = asked(desk)
        keys.add(request.run_key)
        judge_now(desk)
    assert len(keys) == 3


def test_a_commit_before_anything_was_judged_is_judged(desk: Desk, target: Path) -> None:
    assert asked(desk) == []
    go_on(target)
    assert names(asked(desk)) == [CHEAP]


def test_a_commit_made_while_nobody_looked_is_found(desk: Desk, target: Path) -> None:
    verify(desk)
    go_on(target)
    assert names(asked(desk)) == [CHEAP]


def test_while_a_run_judges_none_is_asked_for(desk: Desk, target: Path) -> None:
    verify(desk)
    go_on(target)
    run = desk.instance.create_run_for_job(
        build_defs(desk.site).resolve_job_def(READINESS_JOB), status=dg.DagsterRunStatus.STARTED
    )
    assert desk.tick(SENSOR).skip_message == "A run judges now."
    desk.instance.report_run_failed(run)
    assert names(asked(desk)) == [CHEAP]


def test_runs_that_fail_are_tried_again_and_not_for_ever(desk: Desk, target: Path) -> None:
    verify(desk)
    go_on(target)
    for _ in range(target_commit.TRIES):
        (request,) = asked(desk)
        run = desk.instance.create_run_for_job(
            build_defs(desk.site).resolve_job_def(READINESS_JOB), tags=dict(request.tags)
        )
        desk.instance.report_run_failed(run)
    assert "see their logs" in (desk.tick(SENSOR).skip_message or "")


def test_a_verdict_that_comes_out_otherwise_is_not_judged_in_a_circle(
    desk: Desk, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    verify(desk)
    go_on(target)
    (request,) = asked(desk)
    kept = desk.site.home.verdict.read_bytes()
    assert desk.run(request).success
    desk.site.home.verdict.write_bytes(kept)  # as if the run had seen another commit
    assert "came out otherwise" in (desk.tick(SENSOR).skip_message or "")


def test_evidence_that_gets_too_old_is_judged_without_any_commit(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    verify(desk)
    assert asked(desk) == []
    later = "2999-01-01T00:00:00.000Z"
    for module in ("radeng_assets.orchestration.sensors.target_commit", "radeng_assets.orchestration.observation"):
        monkeypatch.setattr(f"{module}.timestamp", lambda: later)
    assert names(asked(desk)) == [CHEAP]
    judge_now(desk)
    assert status(desk, "stories_completed") == "stale"
    assert asked(desk) == []


def test_a_broken_folder_leaves_the_verdict_until_something_else_changes(desk: Desk, target: Path) -> None:
    verify(desk)
    assert asked(desk) == []
    (desk.plan / "EXECUTION-PLAN.yaml").write_text("{", encoding="utf-8")
    for _ in range(3):
        desk.tick("plan_edit_sensor")
    assert desk.site.now().served.broken
    assert "The planning folder is broken" in (desk.tick(SENSOR).skip_message or "")
    go_on(target)
    assert names(asked(desk)) == [CHEAP]  # nobody keeps READY by breaking the folder


def test_a_cursor_that_is_none_of_ours_is_a_new_beginning(desk: Desk) -> None:
    desk.cursors[SENSOR] = "[]"
    assert desk.tick(SENSOR).skip_message == "Nothing was judged yet."
