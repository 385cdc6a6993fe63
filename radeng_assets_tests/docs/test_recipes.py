"""The recipes for CI do what docs/ci.md says: every ``run:`` is run, and its exit code looked at."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from radeng_assets_tests.conftest import ROOT
from radeng_assets_tests.docs.conftest import Shell
from radeng_assets_tests.folders import CHECK, commit, git, make_target, write_folder
from radeng_assets_tests.processes import environment
from radeng_assets_tests.truth.state import State

RECIPES = ROOT / "examples" / "ci"
WORKFLOWS = sorted((RECIPES / "github").glob("*.yml"))
TOOLS = Path(sys.executable).parent

PLAN = f"""\
meta: {{version: "1", total_stories: 1, total_points: 1}}
global:
  quality_gates: {{pre_story: ["{CHECK}"], post_story: ["{CHECK}"], post_wave: ["{CHECK}"], post_final: ["{CHECK}"]}}
waves:
  - id: wave-1
    name: Ground
    stories:
      - {{id: A-1, title: Count, points: 1, dependencies: [], acceptance_criteria: [It counts]}}
"""
PROOFS = f'stories: {{A-1: {{criteria: {{1: {{command: "{CHECK}"}}}}}}}}\n'

NOT_RUN = {"Install"}
"""Steps that need a package index."""


def workflow(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text("utf-8"))


def steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in workflow(path)["jobs"].values() for step in job["steps"]]


COMMANDS = {step["name"]: step["run"] for path in WORKFLOWS for step in steps(path) if "run" in step}


def step(shell: Shell, name: str, **extra: str) -> subprocess.CompletedProcess[str]:
    """A step as GitHub runs it on Linux."""
    return shell.run("bash", "-e", "-c", COMMANDS[name], **extra)


@pytest.fixture
def checkout(shell: Shell) -> Shell:
    """In a repository with a plan and the script, as a team has it."""
    shutil.copytree(make_target(shell.folder.parent / "made"), shell.folder, dirs_exist_ok=True)
    write_folder(shell.folder / "plan", PLAN, PROOFS)
    (shell.folder / "ci").mkdir()
    shutil.copy(RECIPES / "radeng.sh", shell.folder / "ci")
    (shell.folder / ".gitignore").write_text(".radeng/\n*.zip\n*.sarif\nreport.html\n", encoding="utf-8")
    commit(shell.folder, "Plan")
    return shell


class TestAudit:
    def results(self, checkout: Shell) -> list[dict[str, Any]]:
        sarif = json.loads((checkout.folder / "plan-audit.sarif").read_text("utf-8"))
        assert sarif["version"] == "2.1.0"
        return sarif["runs"][0]["results"]

    def test_a_sound_plan_is_0(self, checkout: Shell) -> None:
        assert step(checkout, "Audit").returncode == 0
        assert {result["level"] for result in self.results(checkout)} <= {"warning", "note"}

    def test_findings_are_1_and_annotate_the_plans_own_files(self, checkout: Shell) -> None:
        shutil.rmtree(checkout.folder / "plan")
        shutil.copytree(ROOT / "plans" / "rad-engineer-v2", checkout.folder / "plan")
        assert step(checkout, "Audit").returncode == 1
        (place, *_) = (result for result in self.results(checkout) if result["level"] == "error")
        uri = place["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert (checkout.folder / uri).is_file()

    def test_nothing_usable_is_2(self, checkout: Shell) -> None:
        shutil.rmtree(checkout.folder / "plan")
        assert step(checkout, "Audit").returncode == 2


class TestRelease:
    def test_what_is_not_ready_is_kept_and_let_through_nowhere(self, checkout: Shell) -> None:
        measured = step(checkout, "Measure")
        assert measured.returncode == 0, measured.stdout
        assert "NOT_READY" in measured.stdout
        assert (checkout.folder / "report.html").is_file()
        gated = step(checkout, "Gate")
        assert gated.returncode == 3, gated.stdout
        assert step(checkout, "Verify").returncode == 3
        self.damage(checkout.folder / "verdict.zip")
        assert step(checkout, "Verify").returncode == 1

    def test_an_unusable_plan_is_2(self, checkout: Shell) -> None:
        shutil.rmtree(checkout.folder / "plan")
        for name in ("Measure", "Gate", "Verify"):
            assert step(checkout, name).returncode == 2, name

    def test_what_is_ready_is_let_through_as_long_as_it_is_that(
        self, ready_example: Path, checkout: Shell, tmp_path: Path
    ) -> None:
        state = State.copied(ready_example, tmp_path / "ready")
        place = {"TARGET": str(state.target), "RADENG_PLAN_DIR": str(state.plan), "RADENG_HOME": str(state.home)}
        gated = step(checkout, "Gate", **place)
        assert gated.returncode == 0, gated.stdout
        assert step(checkout, "Verify", **place).returncode == 0
        other = step(checkout, "Verify")
        assert other.returncode == 1
        assert f"not about {git(checkout.folder, 'rev-parse', 'HEAD').strip()}" in other.stdout
        state.change("postbox/core/letter.py", lambda data: data + b"\n")
        assert step(checkout, "Gate", **place).returncode == 3

    @staticmethod
    def damage(bundle: Path) -> None:
        """Say that the verdict is another."""
        with zipfile.ZipFile(bundle) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        parts["verdict.json"] = parts["verdict.json"].replace(b"NOT_READY", b"READY")
        with zipfile.ZipFile(bundle, "w") as archive:
            for name, data in parts.items():
                archive.writestr(name, data)


def test_every_step_is_run_here() -> None:
    assert set(COMMANDS) - NOT_RUN == {"Audit", "Measure", "Gate", "Verify"}
    assert all(command.startswith("sh ci/radeng.sh ") for name, command in COMMANDS.items() if name not in NOT_RUN)


@pytest.mark.parametrize("asked", ["", "audits"])
def test_the_script_says_what_it_can_be_asked(asked: str, shell: Shell) -> None:
    done = shell.run("sh", str(RECIPES / "radeng.sh"), *asked.split())
    assert (done.returncode, done.stdout) == (64, "usage: sh radeng.sh audit|measure|gate|verify\n")


def tool(*argv: str | Path) -> subprocess.CompletedProcess[str]:
    command = [str(TOOLS / argv[0]), *map(str, argv[1:])]
    return subprocess.run(command, env=environment(), capture_output=True, text=True, check=False, timeout=120)


def schema(path: Path) -> int:
    return tool("check-jsonschema", "--builtin-schema", "vendor.github-workflows", path).returncode


def zizmor(path: Path) -> int:
    return tool("zizmor", "--offline", "--no-progress", "--no-config", "--persona", "pedantic", path).returncode


def test_the_script_is_clean_posix_shell(tmp_path: Path) -> None:
    done = tool("shellcheck", "--shell", "sh", RECIPES / "radeng.sh")
    assert done.returncode == 0, done.stdout
    bad = tmp_path / "bad.sh"
    bad.write_text("#!/bin/sh\nrm $1\n", encoding="utf-8")
    assert tool("shellcheck", bad).returncode == 1


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
class TestWorkflow:
    def test_github_would_take_it(self, path: Path, tmp_path: Path) -> None:
        assert schema(path) == 0
        wrong = tmp_path / path.name
        wrong.write_text(path.read_text("utf-8").replace("runs-on:", "run-on:"), encoding="utf-8")
        assert schema(wrong) == 1

    def test_nothing_speaks_against_it(self, path: Path, tmp_path: Path) -> None:
        assert zizmor(path) == 0
        text = path.read_text("utf-8")
        for good, bad in (
            (r"checkout@\w+", "checkout@v4"),
            (r"permissions: \{\}", "permissions: write-all"),
            (r"run: sh ci/radeng.sh \w+", "run: echo ${{ github.head_ref }}"),
        ):
            wrong = tmp_path / path.name
            wrong.write_text(re.sub(good, bad, text), encoding="utf-8")
            assert zizmor(wrong) not in (0, 1), bad

    def test_it_has_no_secret_and_no_trigger_that_hands_one_to_forks(self, path: Path) -> None:
        text = path.read_text("utf-8")
        assert "secrets." not in text
        assert "pull_request_target" not in text
        assert "workflow_run" not in text
        assert workflow(path)["permissions"] == {}

    def test_actions_are_pinned_by_commit_and_named_by_tag(self, path: Path) -> None:
        used = re.findall(r"uses: (.*)", path.read_text("utf-8"))
        assert used
        assert [use for use in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", use)] == []
