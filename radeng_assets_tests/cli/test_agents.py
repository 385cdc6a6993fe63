"""``radeng run`` with agents, as a user runs it: whole plans, kills, the kill switch, and what the web UI is told."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import dagster as dg
import psutil
import pytest

from radeng_assets.evidence.ledger import Ledger
from radeng_assets.execution.standin.reply import Reply
from radeng_assets.execution.standin.server import Request, StandIn
from radeng_assets_tests.execution.conftest import KEY
from radeng_assets_tests.execution.models import NAMES, answered, honest, story_of
from radeng_assets_tests.execution.works import Works
from radeng_assets_tests.folders import git
from radeng_assets_tests.processes import environment, radeng, radeng_json

POLICY = """\
agents:
  readable: ["{scripts}"]
  spending: {{story: 100, wave: 100, plan: 100, day: 100}}
  rates: {{requests_per_minute: 100000, tokens_per_minute: 100000000}}
"""


def works_at(root: Path) -> Works:
    """A target, a plan and a home; the policy lets the sandbox see the agents' scripts."""
    works = Works(root)
    policy = POLICY.format(scripts=works.scripts)
    (works.folder / "readiness.yaml").write_text(policy, encoding="utf-8")
    return works


def arguments(works: Works, agent: str) -> tuple[str | Path, ...]:
    return ("run", "--plan", works.folder, "--target", works.target, "--agent", agent, "--home", works.home)


def statuses(verdict: dict[str, Any]) -> dict[str, str]:
    return {story["id"]: story["status"] for wave in verdict["waves"] for story in wave["stories"]}


def integrated(works: Works) -> list[str]:
    return git(works.target, "log", "--format=%s", "main..radeng/plan/integration").splitlines()


def attempts(works: Works) -> int:
    return sum(1 for _ in Ledger(works.home / "ledger.jsonl").entries("attempt"))


PATIENCE_S = 300
"""How long a run may take to come somewhere on a busy machine before the test gives up."""

VERIFIED = dict.fromkeys(NAMES, "verified")


def transcript_of(works: Works, story: str) -> str:
    ends = [e.body for e in Ledger(works.home / "ledger.jsonl").entries("attempt_end")]
    return next(str(end["transcript"]) for end in ends if str(end["key"]).split("/")[1] == story)


class Run:
    """``radeng run`` in a process group of its own, which can be killed as a whole."""

    def __init__(self, works: Works, *flags: str, **extra: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "radeng_assets.cli", *map(str, arguments(works, "claude")), *flags, "--json"],
            cwd=works.root,
            env=environment(**extra),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def kill(self) -> None:
        """Kill -9 the run and every process below it. The broker is no part of it."""
        family = psutil.Process(self.process.pid).children(recursive=True)
        os.killpg(self.process.pid, signal.SIGKILL)
        for member in family:
            try:
                member.kill()
            except psutil.NoSuchProcess:
                continue
        self.process.communicate(timeout=30)
        psutil.wait_procs(family, timeout=30)


class TestOneRun:
    """A plan carried out by the Claude agent on a protocol-true API, killed and halted on the way, and what is left."""

    @pytest.fixture(scope="class")
    @classmethod
    def works(cls, tmp_path_factory: pytest.TempPathFactory) -> Works:
        return works_at(tmp_path_factory.mktemp("claude"))

    @pytest.fixture(scope="class")
    @classmethod
    def moments(cls) -> dict[int, threading.Event]:
        """Requests at which something happens before they are answered."""
        return {9: threading.Event(), 23: threading.Event()}

    @pytest.fixture(scope="class")
    @classmethod
    def api(cls, moments: dict[int, threading.Event]) -> Iterator[StandIn]:
        def script(request: Request) -> Reply:
            if request.number in moments:
                moments[request.number].set()
            return honest(request)

        with StandIn(script, key=KEY) as api:
            yield api

    @pytest.fixture(scope="class")
    @classmethod
    def verdict(cls, works: Works, api: StandIn, moments: dict[int, threading.Event]) -> dict[str, Any]:
        """The last verdict, after a kill, a halt, and a run to the end."""
        extra = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": api.url}
        killed = Run(works, **extra)
        assert moments[9].wait(PATIENCE_S)
        killed.kill()

        halted = Run(works, **extra)
        assert moments[23].wait(PATIENCE_S)
        done = radeng("stop", "--home", works.home, "--reason", "lunch", cwd=works.root)
        assert done.returncode == 0
        out, err = halted.process.communicate(timeout=PATIENCE_S)
        assert halted.process.returncode == 0, err
        partly = statuses(json.loads(out))
        assert set(partly.values()) != {"verified"}
        # Nothing begins while the switch is pulled.
        refused = radeng(*arguments(works, "claude"), cwd=works.root, **extra)
        assert refused.returncode == 2
        assert "lunch" in refused.stderr
        assert radeng("stop", "--lift", "--home", works.home, cwd=works.root).returncode == 0

        code, verdict = radeng_json(*arguments(works, "claude"), cwd=works.root, **extra)
        assert code == 0
        return verdict

    def test_it_ends_as_if_nothing_had_been(self, works: Works, api: StandIn, verdict: dict[str, Any]) -> None:
        assert statuses(verdict) == VERIFIED
        assert len(integrated(works)) == 8
        # Every turn of every story was asked for, and paid, exactly once.
        asked = Counter((story_of(request.body), answered(request.body)) for request in api.requests)
        assert set(asked.values()) == {1}
        assert len(asked) == 5 * 8
        total = sum(Decimal(s["cost_usd"]) for wave in verdict["waves"] for s in wave["stories"])
        assert total == Decimal("0.016")
        assert all(s["attempts"] == 1 for wave in verdict["waves"] for s in wave["stories"])
        assert Ledger(works.home / "ledger.jsonl").verify() == ()

    def test_the_key_is_in_no_file(self, works: Works, verdict: dict[str, Any]) -> None:
        """No log, event, transcript, journal, book, commit or artifact."""
        assert verdict["waves"]
        for path in works.root.rglob("*"):
            assert not path.is_file() or KEY.encode() not in path.read_bytes(), path

    def test_every_story_is_merged_and_proven(self, works: Works, verdict: dict[str, Any]) -> None:
        assert {wave["gate"] for wave in verdict["waves"]} == {"passed"}
        completed = verdict["criteria"][0]
        assert (completed["status"], completed["measured"]) == ("verified", 8)
        told = [story for wave in verdict["waves"] for story in wave["stories"]]
        assert all(story["sandboxed"] for story in told)
        # The second criterion of each held before. Of a story that an earlier run merged, nobody says so again.
        assert max(story["already_true"] for story in told) == 1
        assert git(works.target, "log", "--merges", "--format=%h", "radeng/plan/integration") == ""
        # The user's own branch and files are where they were.
        assert git(works.target, "log", "--format=%s", "main").splitlines() == ["Begin"]
        assert git(works.target, "status", "--porcelain") == ""
        # The verdict is about what was merged.
        assert verdict["target"]["commit"] == git(works.target, "rev-parse", "radeng/plan/integration").strip()

    def test_progress_is_the_plans_own_structure(self, works: Works, verdict: dict[str, Any]) -> None:
        assert verdict["waves"]
        progress = json.loads((works.home / "assets" / "progress.json").read_text("utf-8"))
        assert progress["summary"]["completed"] == progress["summary"]["total_stories"] == 8
        assert progress["summary"]["percentage"] == 100
        assert progress["wave_status"] == dict.fromkeys(("wave-1", "wave-2", "wave-3"), "completed")

    def test_a_storys_node_says_what_became_of_it(self, works: Works, verdict: dict[str, Any]) -> None:
        story = next(s for s in verdict["waves"][0]["stories"] if s["id"] == "A-1")
        with dg.DagsterInstance.from_config(str(works.home)) as instance:
            event = instance.get_latest_materialization_event(dg.AssetKey(["story", "A_1"]))
            assert event is not None
            assert event.asset_materialization is not None
            metadata = {name: value.value for name, value in event.asset_materialization.metadata.items()}
        assert metadata["status"] == "verified"
        assert metadata["attempts"] == 1
        assert "2 files changed" in str(metadata["changed"])
        assert str(metadata["transcript"]).endswith(transcript_of(works, "A-1").removeprefix("sha256:"))
        assert metadata["sandboxed"] is True
        assert story["commit"]

    def test_a_further_run_costs_no_agent_and_says_the_same(self, works: Works, verdict: dict[str, Any]) -> None:
        """Nor does it matter which agent nobody needs. What a command does to a plan, ``test_ready`` shows."""
        begun = attempts(works)
        command = works.script("raise SystemExit('nobody needs me')", "nobody.py")
        code, again = radeng_json(*arguments(works, "command"), cwd=works.root, RADENG_AGENT_COMMAND=command)
        assert code == 0
        assert statuses(again) == VERIFIED
        assert attempts(works) == begun == 8
        assert again["target"] == verdict["target"]


def test_a_command_without_a_command_says_so(tmp_path: Path) -> None:
    works = works_at(tmp_path)
    done = radeng(*arguments(works, "command"), cwd=works.root)
    assert done.returncode == 2
    assert "RADENG_AGENT_COMMAND" in done.stderr


def test_claude_without_a_key_says_so(tmp_path: Path) -> None:
    works = works_at(tmp_path)
    done = radeng(*arguments(works, "claude"), cwd=works.root)
    assert done.returncode == 2
    assert "ANTHROPIC_API_KEY" in done.stderr
