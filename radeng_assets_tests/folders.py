"""Small planning folders and target repositories for tests, made of real files and real git."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

CHECK = f"{sys.executable} check.py"
"""A gate command that any target made by ``make_target`` passes as long as nobody breaks it."""

PLAN = f"""\
meta: {{version: "1", total_stories: 3, total_points: 6}}
global:
  vision: A counter that counts.
  constraints:
    - max_parallel_agents: 2
    - quality_gate_required: true
    - test_coverage_minimum: 0.8
  quality_gates:
    pre_story: ["{CHECK}"]
    post_story: ["{CHECK}"]
    post_wave: ["{CHECK}"]
    post_final: ["{CHECK}"]
waves:
  - id: wave-1
    name: Ground
    parallel: true
    stories:
      - id: A-1
        title: Count
        points: 1
        agent: developer
        dependencies: []
        tasks:
          - {{id: "1.1", description: Write it, files: ["counter.py"]}}
        acceptance_criteria: ["It counts"]
      - id: A-2
        title: Count down
        points: 2
        agent: developer
        dependencies: [A-1]
        tasks:
          - {{id: "2.1", description: Write it, files: ["docs/*.md"]}}
        acceptance_criteria: ["It counts down"]
  - id: wave-2
    name: House
    parallel: false
    dependencies: [wave-1]
    stories:
      - id: B-1
        title: Publish
        points: 3
        agent: planner
        dependencies: [A-1]
        tasks:
          - {{id: "3.1", description: Publish it, files: ["counter.py"]}}
        acceptance_criteria: ["It is published"]
"""

UI = """\
ui_integration:
  - id: UI-1
    title: Show it
    points: 1
    agent: developer
    dependencies: []
    tasks: []
    acceptance_criteria: [It shows]
"""
"""What makes ``PLAN`` one with a UI track."""

PROOFS = f"""\
stories:
  A-1:
    criteria:
      1: {{command: "{CHECK}"}}
  A-2:
    criteria:
      It counts down: {{command: "{CHECK}"}}
  B-1:
    criteria:
      1: {{command: "{CHECK}"}}
"""


def write_folder(folder: Path, plan: str = PLAN, proofs: str | None = PROOFS) -> Path:
    """A planning folder with an execution plan and, unless ``None``, a ``verification.yaml``."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "EXECUTION-PLAN.yaml").write_text(plan, encoding="utf-8")
    if proofs is not None:
        (folder / "verification.yaml").write_text(proofs, encoding="utf-8")
    return folder


def make_target(folder: Path) -> Path:
    """A git repository of one commit that satisfies every story of ``PLAN``."""
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    (folder / "counter.py").write_text("def count(n):\n    return n + 1\n", encoding="utf-8")
    (folder / "check.py").write_text("from counter import count\nassert count(1) == 2\n", encoding="utf-8")
    (folder / "docs").mkdir()
    (folder / "docs" / "use.md").write_text("Use it.\n", encoding="utf-8")
    commit(folder, "Count")
    return folder


def commit(folder: Path, message: str) -> str:
    """Commit everything; the new commit's id."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)
    return git(folder, "rev-parse", "HEAD").strip()


def git(folder: Path, *args: str) -> str:
    """Run git in a folder with a fixed identity and no configuration of the machine's."""
    environment = {
        **os.environ,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "Test",
        "GIT_AUTHOR_EMAIL": "test@example.invalid",
        "GIT_COMMITTER_NAME": "Test",
        "GIT_COMMITTER_EMAIL": "test@example.invalid",
    }
    done = subprocess.run(["git", *args], cwd=folder, env=environment, capture_output=True, text=True, check=True)
    return done.stdout


def self_editing_folder(parent: Path) -> tuple[Path, str]:
    """A planning folder whose first proof rewrites its execution plan, and the text that it writes.

    So the plan is edited between two steps of a run for certain, without any waiting: after it, A-2 is called A-3.
    """
    edited = PLAN.replace("points: 2", "points: 5").replace("id: A-2", "id: A-3")
    folder = write_folder(parent / "plan")
    draft, script = parent / "edited.yaml", parent / "edit.py"
    draft.write_text(edited, encoding="utf-8")
    copy = f"shutil.copyfile({str(draft)!r}, {str(folder / 'EXECUTION-PLAN.yaml')!r})"
    script.write_text(f"import shutil\n{copy}\n", encoding="utf-8")
    proofs = PROOFS.replace(CHECK, f"{sys.executable} {script}", 1)
    (folder / "verification.yaml").write_text(proofs, encoding="utf-8")
    return folder, edited
