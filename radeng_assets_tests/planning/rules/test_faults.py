"""Every seeded fault is found, and names its subject and its line; a consistent folder gets no error and no warning."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from benchmarks.plans import write_plan
from radeng_assets.planning.audit import audit
from radeng_assets.planning.findings import Finding
from radeng_assets.planning.folder import read_sources
from radeng_assets.planning.rules.book import rule_book
from radeng_assets_tests.planning.rules.faults import FAULTS, STORIES, Fault

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def consistent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_plan(tmp_path_factory.mktemp("consistent") / "plan", STORIES)


def findings(folder: Path) -> tuple[Finding, ...]:
    return audit(read_sources(folder), TODAY).findings


@pytest.mark.parametrize("stories", [STORIES, 9, 41, 120, 1_000])
def test_a_consistent_folder_has_no_error_and_no_warning(stories: int, tmp_path: Path) -> None:
    found = findings(write_plan(tmp_path / "plan", stories))
    assert [(item.rule, item.subject, item.message) for item in found if item.severity != "info"] == []


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_seeded_fault_is_found(fault: Fault, consistent: Path, tmp_path: Path) -> None:
    folder = tmp_path / "plan"
    shutil.copytree(consistent, folder)
    before = {(item.rule, item.subject, item.message) for item in findings(consistent)}
    line = fault.seed(folder)
    new = [item for item in findings(folder) if (item.rule, item.subject, item.message) not in before]
    named = [item for item in new if (item.rule, item.subject) == (fault.rule, fault.subject)]
    assert named, [(item.rule, item.subject, item.message) for item in new]
    assert all(item.at and item.fix and all(place.line for place in item.at) for item in named)
    # What is wrong stands in the changed document, unless the change took it out of there.
    files = {place.file for item in named for place in item.at}
    assert fault.file in files or not fault.new
    assert line >= 1


def test_there_are_faults_enough_and_one_at_least_for_each_rule() -> None:
    assert len(FAULTS) >= 40
    rules = {rule.id for found in rule_book().values() for rule in found}
    assert rules == {fault.rule for fault in FAULTS}
    assert len({fault.file for fault in FAULTS}) == 7
