"""The audit is asked again as often as the risk register wants it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from radeng_assets.orchestration.sensors.risk_review import NAME, due, risk_review_schedules
from radeng_assets_tests.folders import write_folder
from radeng_assets_tests.orchestration.sensors.desk import Desk

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.mark.parametrize(("ago", "is_due"), [(0, False), (6, False), (6.4, False), (6.6, True), (7, True), (70, True)])
def test_a_review_is_due_by_days(ago: float, is_due: bool) -> None:
    assert due(NOON - timedelta(days=ago), NOON, 7) == is_due


def test_the_first_review_is_due() -> None:
    assert due(None, NOON, 7)


def test_no_cadence_no_schedule(tmp_path: Path) -> None:
    assert risk_review_schedules(Desk(tmp_path, write_folder(tmp_path / "plan")).site) == []


def test_a_due_review_audits_once_a_day_and_does_not_claim_that_anybody_reviewed(
    tmp_path: Path, real_folder: Path
) -> None:
    desk = Desk(tmp_path, real_folder)
    schedule = desk.defs.get_repository_def().get_schedule_def(NAME)

    def tick(at: datetime) -> list[dg.RunRequest]:
        context = dg.build_schedule_context(instance=desk.instance, scheduled_execution_time=at)
        return list(schedule.evaluate_tick(context).run_requests or ())

    now = datetime.now(UTC)
    found = [tick(now)[0] for _ in range(3)]
    assert len({request.run_key for request in found}) == 1
    assert found[0].asset_selection in (None, [dg.AssetKey("plan_audit")])
    desk.instance.report_runless_asset_event(dg.AssetMaterialization("plan_audit"))
    assert tick(now) == []
    days = desk.site.served.review_days()
    assert days is not None
    assert len(tick(now + timedelta(days=days))) == 1
