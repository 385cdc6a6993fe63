"""What a site gives its agents: the query tool and the story's places, both of the commit that they begin from."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from radeng_assets.execution.agents.agent import Job
from radeng_assets.execution.agents.claude.agent import ClaudeAgent
from radeng_assets.execution.standin.reply import Reply, ToolCall
from radeng_assets.execution.standin.server import StandIn
from radeng_assets.orchestration.site import Site
from radeng_assets.planning.snapshot import served_plan
from radeng_assets.settings import Settings
from radeng_assets_tests.ess.targets import sound_target
from radeng_assets_tests.execution.agents.work import BRIEF, Desk, Straight
from radeng_assets_tests.execution.models import answered
from radeng_assets_tests.folders import commit, git


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return sound_target(tmp_path / "target")


@pytest.fixture
def agent(target: Path, plan_folder: Path, tmp_path: Path) -> ClaudeAgent:
    """The agent as a site in mode claude puts it together; nothing of it is scripted."""
    (plan_folder / "readiness.yaml").write_text("agents: {sandbox: off}\n", encoding="utf-8")
    home = tmp_path / "home"
    settings = Settings(plan_dir=plan_folder, home=home, target_repo=str(target), agent="claude")
    made = Site(settings, served_plan(plan_folder, home, {})).muster.claude("", "")
    assert isinstance(made, ClaudeAgent)
    return made


def desk(root: Path, base: str, model: Callable[[Any], Reply], agent: ClaudeAgent) -> tuple[list[Any], Job]:
    """Let the agent work at a desk in front of a stand-in; the requests that it made, and its job."""
    with StandIn(model) as api:
        place = Desk(root, lambda _: Straight(api.url), brief=BRIEF.model_copy(update={"title": "three of the ring"}))
        job = replace(place.job, base=base)
        replace(agent, line=place.line).work(job)
    return api.requests, job


def test_an_agent_asks_about_the_commit_that_it_began_from(agent: ClaudeAgent, target: Path, tmp_path: Path) -> None:
    base = git(target, "rev-parse", "HEAD").strip()
    (target / "ring.py").unlink()
    commit(target, "Take the ring away")

    def model(request: Any) -> Reply:
        if answered(request.body) == 0:
            return Reply("I ask.", (ToolCall("query_code", {"text": "two of the ring"}),))
        return Reply("Done.")

    requests, job = desk(tmp_path / "desk", base, model, agent)
    first, second = (request.body for request in requests)
    assert "query_code" in {tool["name"] for tool in first["tools"]}
    # The memory's local scope: the places for the story's title, before anything was asked.
    assert "ring.py:11-13 function three" in first["messages"][0]["content"][-1]["text"]
    told = second["messages"][-1]["content"][0]["content"]
    assert "ring.py:6-8 function two" in json.dumps(told)
    assert f"at commit {base[:12]}" in json.dumps(told)
    # What the memory began with is in the journal, so that an attempt that goes on begins with the same.
    journal = (job.scratch / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    assert "ring.py:11-13 function three" in journal[0]
