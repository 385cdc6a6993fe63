"""A plan and a target that need no tools: gates and proofs that take no time, so that what is left is the product's."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from radeng_assets.planning.folder import EXECUTION_PLAN, read_sources
from radeng_assets.planning.schedule import Schedule
from radeng_assets.planning.snapshot import schedule_of


def git(folder: Path, *args: str) -> None:
    """Run git as nobody in particular."""
    who = {
        f"GIT_{role}_{part}": "bench@example.invalid" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")
    }
    subprocess.run(["git", *args], cwd=folder, check=True, env={**os.environ, **who}, capture_output=True)


def without_tools(plan: Path, policy: str) -> Schedule:
    """Give a planning folder a policy, gates that ask for a README, and proofs that ask for ``done/<story>``."""
    execution = plan / EXECUTION_PLAN
    gates = re.sub(r"((?:pre|post)_\w+): \[.*\]", r'\1: ["test -f README.md"]', execution.read_text("utf-8"))
    execution.write_text(gates, encoding="utf-8")
    (plan / "readiness.yaml").write_text(policy, encoding="utf-8")
    schedule, _ = schedule_of(read_sources(plan))
    assert schedule is not None
    lines = ["stories:"]
    for story in schedule.stories:
        lines += [f"  {story.id}:", "    criteria:"]
        lines += [f"      {n}: test -f done/{story.id}" for n, _ in enumerate(story.story.criteria, start=1)]
    (plan / "verification.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return schedule


def bare_target(target: Path) -> None:
    """A repository of one commit with a README."""
    target.mkdir()
    (target / "README.md").write_text("# Target\n", encoding="utf-8")
    git(target, "init", "--quiet", "--initial-branch=main")
    git(target, "add", "--all")
    git(target, "commit", "--quiet", "--message", "Begin")
