"""What has to hold for the service to take work, each thing broken in turn."""

from __future__ import annotations

from pathlib import Path

import pytest

from radeng_assets.evidence.outcomes import Over
from radeng_assets.home import Home
from radeng_assets.planning.snapshot import PIN, served_plan
from radeng_assets.telemetry.probes import CHECKS, Check, Probes, Readiness


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home").prepare()
    for number in range(3):
        home.ledger.append("over", Over(wave=f"wave-{number}", session="s"))
    return home


def sound() -> str:
    return ""


def looked(home: Path, plan: Path, storage: str = "") -> dict[str, Check]:
    readiness = Probes(home, plan, lambda: storage).look()
    assert [check.name for check in readiness.checks] == list(CHECKS)
    assert readiness.ready == all(check.ok for check in readiness.checks)
    return {check.name: check for check in readiness.checks}


def failing(checks: dict[str, Check]) -> dict[str, str]:
    return {name: check.reason for name, check in checks.items() if not check.ok}


def test_a_sound_home_is_ready(home: Home, plan_folder: Path) -> None:
    checks = looked(home.path, plan_folder)
    assert failing(checks) == {}
    assert not any(check.note for check in checks.values())


def test_no_home_is_not_ready_and_none_is_made(tmp_path: Path, plan_folder: Path) -> None:
    wrong = failing(looked(tmp_path / "none", plan_folder))
    assert set(wrong) == {"home", "storage"}
    assert "radeng" in wrong["home"]
    assert not (tmp_path / "none").exists()


def test_an_edited_a_cut_and_a_headless_ledger(home: Home, plan_folder: Path) -> None:
    probes = Probes(home.path, plan_folder, sound)
    assert probes.look().ready
    whole = home.ledger.path.read_bytes()
    first, second, third = whole.splitlines(keepends=True)
    for data, said in (
        (whole.replace(b"wave-1", b"wave-9"), "ledger.jsonl:2: record 2 was edited"),
        (first + second, "1 records were cut off"),
        (first + third, "does not follow"),
    ):
        home.ledger.path.write_bytes(data)
        reason = failing({check.name: check for check in probes.look().checks})["ledger"]
        assert said in reason
    home.ledger.path.write_bytes(whole)
    assert probes.look().ready  # the same bytes as at first
    home.ledger.head_file.unlink()
    assert not probes.look().ready  # the bytes are the same, the head is gone


def test_a_broken_plan_where_a_good_one_serves_on(home: Home, plan_folder: Path) -> None:
    served_plan(plan_folder, home.path, {})
    plan = plan_folder / "EXECUTION-PLAN.yaml"
    sound = plan.read_text("utf-8")
    plan.write_text(f"{sound}\n]: broken", encoding="utf-8")
    check = looked(home.path, plan_folder)["plan"]
    assert check.ok
    assert "the last good plan serves on" in check.note
    assert "EXECUTION-PLAN.yaml:" in check.note
    # It says the same as what serves.
    assert served_plan(plan_folder, home.path, {}).broken is not None
    plan.write_text(sound, encoding="utf-8")
    assert looked(home.path, plan_folder)["plan"].note == ""


@pytest.mark.parametrize("text", ["waves: [", "", "waves: {}\n"])
def test_a_plan_that_never_was_sound(home: Home, tmp_path: Path, text: str) -> None:
    folder = tmp_path / "plan"
    folder.mkdir()
    (folder / "EXECUTION-PLAN.yaml").write_text(text, encoding="utf-8")
    assert "radeng audit" in failing(looked(home.path, folder))["plan"]
    before = sorted(home.path.rglob("*"))
    looked(home.path, tmp_path / "nowhere")
    assert sorted(home.path.rglob("*")) == before  # looking writes nothing


def test_storage_that_does_not_answer(home: Home, plan_folder: Path) -> None:
    assert failing(looked(home.path, plan_folder, "it is down")) == {"storage": "it is down"}


def test_nothing_looked_at_is_not_ready() -> None:
    assert not Readiness(checks=()).ready
    assert Readiness(checks=()).document()["status"] == "not_ready"


def test_a_storage_that_cannot_be_opened_is_named_without_its_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from radeng_assets.orchestration.storage import storage_problem  # Dagster takes a second to import

    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    monkeypatch.delenv(PIN, raising=False)
    assert storage_problem(Home(tmp_path)) == ""
    (tmp_path / "dagster.yaml").write_text(
        "storage: {sqlite: {base_dir: /proc/canary-password/none}}\n", encoding="utf-8"
    )
    said = storage_problem(Home(tmp_path))
    assert "does not answer" in said
    assert "canary" not in said
