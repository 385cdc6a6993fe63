"""Freezing, pinning, and the last good plan."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from radeng_assets.planning.folder import EXECUTION_PLAN, README, read_planning, read_sources
from radeng_assets.planning.snapshot import PIN, freeze, is_whole, pin_plan, served_plan, thaw
from radeng_assets_tests.folders import PLAN, write_folder

EDITED = PLAN.replace("points: 2", "points: 5")
BROKEN = PLAN.replace("  - id: wave-2", "  id: wave-2", 1)


def write(folder: Path, text: str) -> None:
    (folder / EXECUTION_PLAN).write_text(text, encoding="utf-8")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_frozen_is_what_was_read(plan_folder: Path, home: Path) -> None:
    sources = read_sources(plan_folder)
    frozen = freeze(sources, home)
    assert frozen.name == sources.digest.removeprefix("sha256:")
    assert thaw(frozen) == sources
    write(plan_folder, EDITED)
    assert thaw(frozen) == sources
    assert freeze(sources, home) == frozen


def test_a_snapshot_that_was_changed_is_made_anew(plan_folder: Path, home: Path) -> None:
    sources = read_sources(plan_folder)
    frozen = freeze(sources, home)
    write(frozen, EDITED)
    assert freeze(sources, home) == frozen
    assert thaw(frozen) == sources
    (frozen / "unreadable.json").unlink()
    assert thaw(freeze(sources, home)) == sources


@pytest.mark.parametrize("note", ["", "[1]", '{"plan": 3}', '{"plan": "../../elsewhere"}', "\x00"])
def test_a_damaged_pointer_points_nowhere(note: str, plan_folder: Path, home: Path) -> None:
    served_plan(plan_folder, home, {})
    (pointer,) = (home / "plans").glob("last-good-*.json")
    pointer.write_text(note, encoding="utf-8")
    write(plan_folder, BROKEN)
    served = served_plan(plan_folder, home, {})
    assert served.broken is not None
    assert not served.sound


def test_the_real_folder_freezes_with_all_its_findings(real_folder: Path, home: Path) -> None:
    sources = read_sources(real_folder)
    assert read_planning(thaw(freeze(sources, home))) == read_planning(sources)


def test_files_that_could_not_be_read_are_remembered(plan_folder: Path, home: Path) -> None:
    (plan_folder / README).mkdir()
    (plan_folder / "RISK-ASSESSMENT.md").write_bytes(b"\xff\xfe")
    sources = read_sources(plan_folder)
    assert {f.rule for f in sources.findings} == {"file-missing", "file-not-regular", "file-not-utf8"}
    assert thaw(freeze(sources, home)) == sources


def test_freezing_at_once_from_many_threads(plan_folder: Path, home: Path) -> None:
    sources = read_sources(plan_folder)
    with ThreadPoolExecutor(8) as pool:
        for number in range(30):  # who comes too late by a little does so in one of them
            place = home / str(number)
            frozen = [pool.submit(freeze, sources, place) for _ in range(16)]
            (snapshot,) = {future.result() for future in frozen}
            assert is_whole(snapshot)
            assert not list((place / "plans").glob(".freezing-*"))


def test_the_pin_holds_whatever_the_files_do(plan_folder: Path, home: Path) -> None:
    environment: dict[str, str] = {}
    first = served_plan(plan_folder, home, environment)
    write(plan_folder, EDITED)
    assert served_plan(plan_folder, home, environment) == first
    (plan_folder / EXECUTION_PLAN).unlink()
    assert served_plan(plan_folder, home, dict(environment)) == first
    write(plan_folder, EDITED)
    fresh = served_plan(plan_folder, home, {})
    assert fresh.digest != first.digest
    assert fresh.broken is None


def test_a_broken_edit_serves_the_last_good_plan_with_the_finding(plan_folder: Path, home: Path) -> None:
    good = served_plan(plan_folder, home, {})
    write(plan_folder, BROKEN)
    environment: dict[str, str] = {}
    served = served_plan(plan_folder, home, environment)
    assert served.digest == good.digest
    assert served.schedule == good.schedule
    assert served.sound
    assert "yaml-broken" in {finding.rule for finding in served.broken_findings()}
    assert served_plan(plan_folder, home, environment) == served
    write(plan_folder, EDITED)
    mended = served_plan(plan_folder, home, {})
    assert mended.broken is None
    assert mended.digest != good.digest


def test_a_deleted_plan_serves_the_last_good_one(plan_folder: Path, home: Path) -> None:
    good = served_plan(plan_folder, home, {})
    (plan_folder / EXECUTION_PLAN).unlink()
    served = served_plan(plan_folder, home, {})
    assert served.digest == good.digest
    assert [finding.rule for finding in served.broken_findings()] == ["file-missing"]


def test_one_folders_last_good_plan_is_not_anothers(plan_folder: Path, home: Path, tmp_path: Path) -> None:
    served_plan(plan_folder, home, {})
    other = write_folder(tmp_path / "other", "nothing: here\n")
    assert served_plan(other, home, {}).folder is None


def test_a_plan_that_was_never_good_is_served_as_far_as_it_goes(plan_folder: Path, home: Path) -> None:
    write(plan_folder, PLAN.replace("        points: 2", "        points: {", 1))
    served = served_plan(plan_folder, home, {})
    assert not served.sound
    assert served.broken == served.folder
    assert served.schedule.stories


def test_no_plan_at_all(tmp_path: Path, home: Path) -> None:
    served = served_plan(tmp_path / "nowhere", home, {})
    assert served.folder is None
    assert not served.schedule.stories
    assert [finding.rule for finding in served.broken_findings()] == ["folder-missing"]
    assert served.planning().execution_plan is None


def test_a_named_folder_is_pinned_even_when_it_is_broken(plan_folder: Path, home: Path) -> None:
    served_plan(plan_folder, home, {})
    write(plan_folder, BROKEN)
    environment = {PIN: "whatever was pinned before"}
    served = pin_plan(read_sources(plan_folder), home, environment)
    assert not served.sound
    assert served_plan(Path("elsewhere"), home, environment) == served


def test_what_is_carried_out_has_its_own_identity(plan_folder: Path, home: Path) -> None:
    before = served_plan(plan_folder, home, {})
    (plan_folder / README).write_text("# A plan\n", encoding="utf-8")
    after = served_plan(plan_folder, home, {})
    assert after.digest != before.digest
    assert after.execution_digest == before.execution_digest
    write(plan_folder, EDITED)
    assert served_plan(plan_folder, home, {}).execution_digest != before.execution_digest
