"""``radeng run``: the whole product as a process, on the real folder and on real repositories."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from radeng_assets_tests.cli.conftest import Judged
from radeng_assets_tests.folders import PLAN, commit, write_folder
from radeng_assets_tests.processes import python, radeng, radeng_json

CRITERIA = [
    "stories_completed",
    "test_coverage",
    "load_test",
    "security_audit",
    "ui_integration",
    "ess_integration",
    "documentation",
    "stakeholder_signoff",
]


WITHOUT_DAGSTER = """
import sys

class Gone:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0].startswith("dagster"):
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Gone())
from radeng_assets.cli.app import main
main()
"""
"""The command line on a machine that has no Dagster."""


def contents(bundle: Path) -> dict[str, bytes]:
    """What a bundle holds, but for the moment of judging."""
    with zipfile.ZipFile(bundle) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    circumstances = json.loads(found.pop("circumstances.json"))
    assert circumstances.pop("as_of")
    return {**found, "circumstances": json.dumps(circumstances).encode()}


def stories(verdict: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {story["id"]: story for wave in verdict["waves"] for story in wave["stories"]}


def gates(verdict: dict[str, Any]) -> dict[str, str]:
    return {wave["id"]: wave["gate"] for wave in verdict["waves"]}


class TestRehearsal:
    """The real folder, walked without target or agent."""

    @pytest.fixture(scope="class")
    @classmethod
    def home(cls, tmp_path_factory: pytest.TempPathFactory) -> Path:
        return tmp_path_factory.mktemp("home")

    @pytest.fixture(scope="class")
    @classmethod
    def verdict(cls, home: Path, real_folder: Path) -> dict[str, Any]:
        args = ("run", "--plan", real_folder, "--agent", "rehearse", "--home", home)
        code, document = radeng_json(*args, cwd=home)
        assert code == 0
        return document

    def test_counts_what_is_there(self, verdict: dict[str, Any]) -> None:
        plan = dict(verdict["plan"])
        assert plan.pop("digest").startswith("sha256:")
        assert plan == {
            "stories": 23,
            "points": 107,
            "waves": 7,
            "tasks": 137,
            "criteria": 82,
            "gaps": 34,
            "risks": 27,
        }

    def test_is_the_contracts_document(self, verdict: dict[str, Any]) -> None:
        assert verdict["schema"] == "radeng/verdict/v1"
        assert verdict["digest"].startswith("sha256:")
        assert verdict["target"] is None
        assert [item["id"] for item in verdict["criteria"]] == CRITERIA
        assert [wave["id"] for wave in verdict["waves"]] == [
            *(f"wave-{number}" for number in range(1, 7)),
            "ui-integration",
        ]
        story = stories(verdict)["W1-S1"]
        assert story["criteria"] == {"verified": 0, "unverified": 3}
        assert story["tokens"] == {"input": 0, "output": 0}
        assert story["cost_usd"] == "0.00"

    def test_shows_nothing_and_so_passes_nothing(self, verdict: dict[str, Any]) -> None:
        assert verdict["verdict"] == "NOT_READY"
        assert {story["status"] for story in stories(verdict).values()} == {"rehearsed"}
        assert set(gates(verdict).values()) == {"not_run"}
        for criterion in verdict["criteria"]:
            assert criterion["status"] == "unverified"
            assert criterion["reason"]
            assert criterion["next"]
            assert criterion["claimed"]

    def test_is_told_again(self, home: Path, verdict: dict[str, Any], tmp_path: Path) -> None:
        _, again = radeng_json("verdict", "--home", home, cwd=tmp_path)
        assert again == verdict

    def test_gates_ci(self, home: Path, verdict: dict[str, Any], tmp_path: Path) -> None:
        assert verdict["verdict"] == "NOT_READY"
        assert radeng("verdict", "--home", home, "--gate", cwd=tmp_path).returncode == 3
        assert radeng("verdict", "--home", home, cwd=tmp_path).returncode == 0


class TestNone:
    """What does the target's HEAD prove?"""

    def test_a_repository_that_holds_is_already_satisfied(self, judged: Judged, tmp_path: Path) -> None:
        verdict = judged.verdict
        assert {s["status"] for s in stories(verdict).values()} == {"already_satisfied"}
        assert gates(verdict) == {"wave-1": "passed", "wave-2": "passed"}
        completed = verdict["criteria"][0]
        assert (completed["status"], completed["measured"]) == ("verified", 3)
        assert completed["evidence"]
        index = verdict["criteria"][5]
        assert (index["id"], index["status"], index["threshold"]) == ("ess_integration", "verified", 85)
        assert index["measured"] >= 85
        assert len(index["evidence"]) == 2
        assert "service down: the embedded index named" in index["reason"]
        # Two criteria of eight: everything that nobody measured stays unknown.
        assert verdict["verdict"] == "NOT_READY"
        assert verdict["target"]["commit"] == commit_of(judged.target)
        first, second = tmp_path / "1.zip", tmp_path / "2.zip"
        for bundle in (first, second):
            done = radeng("verdict", "--home", judged.home, "--bundle", bundle, cwd=tmp_path)
            assert done.returncode == 0, done.stderr
        assert contents(first) == contents(second)
        # On another folder, without the home, the target and Dagster: the same digest.
        moved = tmp_path / "elsewhere" / "verdict.zip"
        moved.parent.mkdir()
        second.rename(moved)
        done = python("-c", WITHOUT_DAGSTER, "verify", str(moved), "--json", cwd=moved.parent)
        assert done.returncode == 0, done.stdout + done.stderr
        assert json.loads(done.stdout)["digest"] == verdict["digest"]
        assert radeng("verify", first, cwd=tmp_path).returncode == 0

    def test_a_gate_command_that_is_gone_is_no_pass(self, target: Path, tmp_path: Path) -> None:
        gone = PLAN.replace('post_story: ["', 'post_story: ["no-such-runner-')
        plan = write_folder(tmp_path / "plan", gone)
        args = ("run", "--plan", plan, "--target", target, "--agent", "none", "--home", tmp_path / "home")
        code, verdict = radeng_json(*args, cwd=tmp_path)
        assert code == 0
        assert {s["status"] for s in stories(verdict).values()} == {"blocked"}
        assert "no-such-runner" in stories(verdict)["A-1"]["reason"]
        assert set(gates(verdict).values()) == {"failed"}
        assert verdict["criteria"][0]["status"] == "unverified"

    def test_what_was_shown_on_another_commit_is_stale(self, judged: Judged, tmp_path: Path) -> None:
        target = Path(shutil.copytree(judged.target, tmp_path / "target"))
        (target / "docs" / "use.md").write_text("Use it well.\n", encoding="utf-8")
        commit(target, "Say more")
        args = ("run", "--plan", judged.plan, "--target", target, "--home", judged.home)
        code, verdict = radeng_json(*args, "--agent", "none", "--waves", "wave-1", cwd=tmp_path)
        assert code == 0
        assert stories(verdict)["A-1"]["status"] == "already_satisfied"
        assert stories(verdict)["B-1"]["status"] == "not_run"
        assert verdict["criteria"][0]["status"] == "stale"
        assert gates(verdict)["wave-2"] == "not_run"


def commit_of(target: Path) -> str:
    head = (target / ".git" / "refs" / "heads" / "main").read_text(encoding="utf-8")
    return head.strip()


class TestUnusable:
    """Exit 2, with words on what to do and no traceback."""

    @pytest.mark.parametrize(
        ("args", "words"),
        [
            (("--agent", "none"), "--target"),
            (("--agent", "none", "--target", "nowhere"), "repository"),
            (("--agent", "magic"), "agent"),
            (("--waves", "wave-9"), "wave-1, wave-2"),
            (("--waves", ","), "wave-1, wave-2"),
            (("--agent", "rehearse", "--target", "."), "rehearsal"),
        ],
    )
    def test_bad_flags(self, plan_folder: Path, tmp_path: Path, args: tuple[str, ...], words: str) -> None:
        done = radeng("run", "--plan", plan_folder, "--home", tmp_path / "h", *args, cwd=tmp_path)
        assert done.returncode == 2
        assert words in done.stderr
        assert "Traceback" not in done.stderr
        assert not done.stdout

    def test_no_plan(self, tmp_path: Path) -> None:
        for folder in (tmp_path / "nowhere", tmp_path):
            done = radeng("run", "--plan", folder, "--home", tmp_path / "h", cwd=tmp_path)
            assert done.returncode == 2
            assert "EXECUTION-PLAN.yaml" in done.stderr
            assert "Traceback" not in done.stderr

    def test_no_verdict_yet(self, tmp_path: Path) -> None:
        done = radeng("verdict", "--home", tmp_path / "h", cwd=tmp_path)
        assert done.returncode == 2
        assert "radeng run" in done.stderr


def test_a_wave_whose_predecessor_did_not_run_is_refused_and_said(plan_folder: Path, tmp_path: Path) -> None:
    args = ("run", "--plan", plan_folder, "--home", tmp_path / "h", "--waves", "wave-2")
    code, verdict = radeng_json(*args, cwd=tmp_path)
    assert code == 0
    assert {s["status"] for s in stories(verdict).values()} == {"not_run"}


def test_people_get_tables_and_another_home_says_the_same(plan_folder: Path, tmp_path: Path) -> None:
    done = radeng("run", "--plan", plan_folder, "--home", tmp_path / "h", cwd=tmp_path)
    assert done.returncode == 0
    for words in ("wave-1", "stories_completed", "NOT_READY", "3 stories"):
        assert words in done.stdout
    _, verdict = radeng_json("verdict", "--home", tmp_path / "h", cwd=tmp_path)
    _, elsewhere = radeng_json("run", "--plan", plan_folder, "--home", tmp_path / "other", cwd=tmp_path)
    assert elsewhere == verdict
