"""The next lapse is the moment at which something stops to count: not a millisecond sooner or later."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from radeng_assets.evidence.envelope import Envelope, Subject
from radeng_assets.evidence.store import EvidenceStore
from radeng_assets.readiness.case import Case
from radeng_assets.readiness.freshness import too_old
from radeng_assets.readiness.judge import judge
from radeng_assets.readiness.lapses import next_lapse
from radeng_assets_tests.readiness.cases import TARGET, TODAY, case_of, issue, policy_of, waiver, write_plan

NOON = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> EvidenceStore:
    return EvidenceStore(tmp_path / "store")


def made(store: EvidenceStore, days_ago: float, kind: str = "gate:post_final") -> str:
    at = (NOON - timedelta(days=days_ago)).isoformat()
    envelope = Envelope(
        subject=Subject(commit=TARGET.commit, tree=TARGET.tree),
        kind=kind,
        about="a",
        state="passed",
        started=at,
        ended=at,
        session="s",
        plan="p",
    )
    return store.put_envelope(envelope)


def with_final(case: Case, *evidence: str) -> Case:
    assert case.final_gate is not None
    return case.model_copy(update={"final_gate": case.final_gate.model_copy(update={"evidence": evidence})})


def test_evidence_lapses_when_the_judge_calls_it_too_old(tmp_path: Path, store: EvidenceStore) -> None:
    folder = write_plan(tmp_path / "plan", "freshness: {max_age_days: 10}\n")
    case = with_final(case_of(folder), made(store, 4), made(store, 2), made(store, 9, "setup"), made(store, 11))
    lapse = next_lapse(case, store.get_bytes)
    assert lapse is not None
    assert lapse == NOON + timedelta(days=6, microseconds=1)
    ended = [(NOON - timedelta(days=4)).isoformat()]

    def judged_at(moment: datetime) -> str:
        return too_old(ended, case.circumstances.model_copy(update={"as_of": moment.isoformat()}), 10)

    assert judged_at(lapse)
    assert not judged_at(lapse - timedelta(microseconds=1))


def test_a_reports_own_limit_counts_for_its_evidence(tmp_path: Path, store: EvidenceStore) -> None:
    folder = write_plan(tmp_path / "plan", "reports:\n  load: {max_age_days: 3}\n")
    case = case_of(folder)
    load = case.reports["load"].model_copy(update={"evidence": (made(store, 1),)})
    case = case.model_copy(update={"reports": {**case.reports, "load": load}})
    assert next_lapse(case, store.get_bytes) == NOON + timedelta(days=2, microseconds=1)


def test_a_waiver_lapses_with_its_last_day(tmp_path: Path, store: EvidenceStore) -> None:
    found = issue()
    folder = write_plan(tmp_path / "plan", policy_of(waiver(found)))
    lapse = next_lapse(case_of(folder, found), store.get_bytes)
    assert lapse is not None
    assert lapse == datetime.combine(TODAY + timedelta(days=8), datetime.min.time(), UTC)

    def state(moment: datetime) -> str:
        case = case_of(folder, found)
        circumstances = case.circumstances.model_copy(update={"as_of": moment.isoformat()})
        return judge(case.model_copy(update={"circumstances": circumstances})).waivers[0].state

    assert state(lapse) == "expired"
    assert state(lapse - timedelta(milliseconds=1)) == "applied"


def test_where_nothing_lapses_nothing_is_foreseen(tmp_path: Path, store: EvidenceStore) -> None:
    case = with_final(case_of(write_plan(tmp_path / "plan")), "sha256:" + "0" * 64)  # which is missing
    assert next_lapse(case, store.get_bytes) is None
