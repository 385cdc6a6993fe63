"""The folder as a whole: counts, identity, and every kind of damage to every file."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from radeng_assets.planning.audit import audit
from radeng_assets.planning.folder import FILES, read_planning, read_sources
from radeng_assets.planning.source import MAX_BYTES
from radeng_assets.readiness.policy import read_policy
from radeng_assets_tests.folders import PROOFS, write_folder

DOCUMENTS = [name for name, missing in FILES.items() if missing is not None]
YAML = [name for name in FILES if name.endswith(".yaml")]


@pytest.fixture
def folder(real_folder: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "plan"
    shutil.copytree(real_folder, copy, copy_function=shutil.copyfile)
    (copy / "INTEGRATION-STATUS.md").write_text("| Phase | Status |\n|---|---|\n| Phase 0 | DONE |\n", "utf-8")
    (copy / "INTEGRATION-DEPENDENCIES.md").write_text("| Task | Phase |\n|---|---|\n| W1-S1 | 0 |\n", "utf-8")
    (copy / "verification.yaml").write_text("stories: {W1-S1: {criteria: {1: {command: 'true'}}}}\n", "utf-8")
    (copy / "readiness.yaml").write_text("coverage_minimum: 0.9\n", "utf-8")
    (copy / "audit-baseline.yaml").write_text("accepted: []\n", "utf-8")
    (copy / "allowed_signers").write_text("ada ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA\n", "utf-8")
    return copy


def test_counts_are_of_what_is_there(real_folder: Path) -> None:
    planning = read_planning(read_sources(real_folder))
    assert planning.counts.model_dump() == {
        "stories": 23,
        "points": 107,
        "waves": 7,
        "tasks": 137,
        "criteria": 82,
        "gaps": 34,
        "risks": 27,
    }
    assert planning.master_plan is not None
    assert len(planning.master_plan.stories) == 30
    assert sum(story.points.value for story in planning.master_plan.stories if story.points) == 147


def test_the_digest_is_over_every_byte_and_nothing_else(folder: Path, tmp_path: Path) -> None:
    before = read_sources(folder).digest
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(folder, elsewhere)
    (elsewhere / "notes.txt").write_text("not a planning document", encoding="utf-8")
    assert read_sources(elsewhere).digest == before
    for name in FILES:
        file = elsewhere / name
        whole = file.read_bytes()
        file.write_bytes(whole + b"\n")
        assert read_sources(elsewhere).digest != before
        file.write_bytes(whole)
    assert read_sources(elsewhere).digest == before


def not_utf8(file: Path) -> None:
    file.write_bytes(b"meta: caf\xe9\n")


def empty(file: Path) -> None:
    file.write_bytes(b"")


def too_large(file: Path) -> None:
    with file.open("wb") as stream:
        stream.truncate(50 * 1024 * 1024)


def outside(file: Path) -> None:
    secret = file.parent.parent / "secret"
    secret.write_text("meta: {}\n", encoding="utf-8")
    file.unlink()
    file.symlink_to(secret)


def directory(file: Path) -> None:
    file.unlink()
    file.mkdir()


def pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def dangling(file: Path) -> None:
    file.unlink()
    file.symlink_to(file.parent / "nowhere")


DAMAGE: dict[str, Callable[[Path], None]] = {
    "file-not-utf8": not_utf8,
    "file-empty": empty,
    "file-too-large": too_large,
    "file-outside-folder": outside,
    "file-not-regular": directory,
    "file-missing": dangling,
}


@pytest.mark.parametrize("rule", DAMAGE)
@pytest.mark.parametrize("name", FILES)
def test_a_file_that_cannot_be_read_is_a_finding_and_the_others_are_read(name: str, rule: str, folder: Path) -> None:
    before = read_planning(read_sources(folder)).model_dump(exclude={"findings", "digest", "files"})
    DAMAGE[rule](folder / name)
    planning = read_planning(read_sources(folder))
    (finding,) = [item for item in planning.findings if item.subject == name]
    assert finding.rule == rule
    assert finding.severity == "error"
    assert finding.fix
    assert [place.file for place in finding.at] == [name]
    after = planning.model_dump(exclude={"findings", "digest", "files"})
    # Proofs keep their numbers without the plan.
    assert [key for key in before if before[key] != after[key]] == FIELDS[name]


FIELDS = {
    "README.md": ["readme"],
    "COMPREHENSIVE-GAP-ANALYSIS.yaml": ["gap_analysis"],
    "RISK-ASSESSMENT.md": ["risk_register"],
    "TESTING-REQUIREMENTS.md": ["testing_requirements"],
    "MASTER-IMPLEMENTATION-PLAN.md": ["master_plan"],
    "EXECUTION-PLAN.yaml": ["execution_plan"],
    "INTEGRATION-STATUS.md": ["integration_status"],
    "INTEGRATION-DEPENDENCIES.md": ["integration_dependencies"],
    "verification.yaml": ["verification"],
    "readiness.yaml": [],
    "audit-baseline.yaml": [],
    "allowed_signers": ["allowed_signers"],
}
"""File → the fields of ``Planning`` that it fills: the policy and the baseline are no part of the planning."""


def test_a_pipe_does_not_hang_the_reader(folder: Path) -> None:
    pipe(folder / "README.md")
    rules = [item.rule for item in read_planning(read_sources(folder)).findings if item.subject == "README.md"]
    assert rules == ["file-not-regular"]


def test_the_limit_is_below_fifty_megabytes() -> None:
    assert MAX_BYTES < 50 * 1024 * 1024


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_missing_document_is_a_finding(name: str, folder: Path) -> None:
    (folder / name).unlink()
    findings = [item for item in read_planning(read_sources(folder)).findings if item.subject == name]
    assert [item.rule for item in findings] == ["file-missing"]
    assert findings[0].severity == ("error" if name == "EXECUTION-PLAN.yaml" else "warning")


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
TEXTS = {
    "yaml-alias": BOMB,
    "yaml-too-deep": "a: " + "[" * 200 + "]" * 200 + "\n",
    "yaml-tag": "a: !!python/object/apply:os.system ['touch /tmp/radeng-was-here']\n",
    "yaml-broken": "a: 1\n\tb: 2\n",
    "yaml-duplicate-key": "a: 1\na: 2\n",
}


@pytest.mark.parametrize("rule", TEXTS)
@pytest.mark.parametrize("name", YAML)
def test_hostile_yaml_is_a_finding_with_its_line(name: str, rule: str, folder: Path) -> None:
    (folder / name).write_text(TEXTS[rule], encoding="utf-8")
    sources = read_sources(folder)
    policy = read_policy(sources.sources.get("readiness.yaml"))[1]
    findings = audit(sources, date(2026, 11, 23), policy_findings=policy).findings
    places = [place for item in findings if item.rule == rule for place in item.at if place.file == name]
    assert places
    assert all(place.line for place in places)
    assert not Path("/tmp/radeng-was-here").exists()  # noqa: S108  # the canary of the tag above


def test_no_folder_at_all(tmp_path: Path) -> None:
    planning = read_planning(read_sources(tmp_path / "nowhere"))
    assert not planning.any_document
    assert [item.rule for item in planning.findings] == ["folder-missing"]


def test_a_folder_with_nothing_but_a_plan(tmp_path: Path) -> None:
    planning = read_planning(read_sources(write_folder(tmp_path / "p", proofs=PROOFS)))
    assert planning.any_document
    assert planning.counts.stories == 3
    assert {item.severity for item in planning.findings} == {"warning"}
