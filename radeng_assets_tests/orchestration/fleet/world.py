"""One plan, carried out by one machine or by a fleet: an own target, an own commons, a home for each machine."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from radeng_assets_tests.folders import git, make_target, write_folder
from radeng_assets_tests.processes import environment

STORIES = ("A-1", "B-1", "C-1", "D-1")
HELD = "B-1"

AGENT = """
import os, pathlib, sys
room, story = pathlib.Path(sys.argv[1]), os.environ["RADENG_STORY_ID"]
with (room / "began").open("a") as notes:
    notes.write(f"{story} {os.getpid()}\\n")
if story == "B-1" and (room / "hold").exists():
    (room / "hold").unlink()
    (room / "holds").write_text("B-1\\n")
    signal_that_never_comes = (room / "held").read_text()
made = pathlib.Path("made", f"{story}.txt")
made.parent.mkdir(exist_ok=True)
made.write_text(story)
"""
"""Does a story's work; the first one at B-1 tells that it holds, where somebody listens, and never ends."""


def write_plan(folder: Path) -> None:
    """One wave of stories that need nothing of each other."""
    gates = "".join(f'    {gate}: ["git rev-parse HEAD"]\n' for gate in ("pre_story", "post_story", "post_wave"))
    plan = f"global:\n  constraints:\n    - max_parallel_agents: 3\n  quality_gates:\n{gates}"
    plan += '    post_final: ["git rev-parse HEAD"]\nwaves:\n  - id: wave-1\n    parallel: true\n    stories:\n'
    proofs = "stories:\n"
    for story in STORIES:
        made = f"made/{story}.txt"
        plan += f"      - id: {story}\n        points: 1\n        agent: developer\n"
        plan += f"        tasks: [{{id: '1', description: Make it, files: [{made}]}}]\n"
        plan += "        acceptance_criteria: [It is made, It holds its name]\n"
        proofs += f"  {story}:\n    criteria:\n      1: {{command: test -f {made}}}\n"
        proofs += f"      2: {{command: grep -q {story} {made}}}\n"
    write_folder(folder, plan, proofs)
    (folder / "readiness.yaml").write_text('agents: {sandbox: "off", attempts: 1}\n', encoding="utf-8")


@dataclass
class World:
    """Below ``root``: the plan, a bare target that is reached by URL, a room for the agents' traces, homes."""

    root: Path
    settings: dict[str, str] = field(default_factory=dict[str, str])
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list[subprocess.Popen[bytes]])

    def __post_init__(self) -> None:
        self.room.mkdir(parents=True)
        make_target(self.root / "origin")
        git(self.root, "clone", "--quiet", "--bare", "origin", "target.git")
        (self.root / "agent.py").write_text(AGENT, encoding="utf-8")
        write_plan(self.root / "plan")

    @property
    def room(self) -> Path:
        return self.root / "room"

    @property
    def environment(self) -> dict[str, str]:
        command = f"{sys.executable} {self.root / 'agent.py'} {self.room}"
        target = (self.root / "target.git").as_uri()
        return environment(RADENG_AGENT_COMMAND=command, RADENG_TARGET_REPO=target, **self.settings)

    def hire(self, name: str) -> None:
        """One more worker, on a machine of its own."""
        with (self.root / f"{name}.log").open("wb") as log:
            worker = subprocess.Popen(
                [sys.executable, "-m", "radeng_assets.cli", "worker", "--home", name],
                cwd=self.root,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.workers.append(worker)

    def start(self, *args: str) -> subprocess.Popen[str]:
        """``radeng run`` in the background."""
        command = [sys.executable, "-m", "radeng_assets.cli", "run", "--plan", "plan", "--home", "home"]
        return subprocess.Popen(
            [*command, "--agent", "command", "--json", *args],
            cwd=self.root,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def began(self) -> list[tuple[str, int]]:
        """(story, process) of each agent that began, in order."""
        lines = (self.room / "began").read_text("utf-8").splitlines()
        return [(story, int(pid)) for story, _, pid in (line.partition(" ") for line in lines)]

    def integrated(self, what: str = "tree") -> str:
        """The tree of the integration branch in the target."""
        return git(self.root / "target.git", "rev-parse", f"radeng/plan/integration^{{{what}}}").strip()

    def dismiss(self) -> None:
        """End every worker, with all that it started."""
        for worker in self.workers:
            perish(worker.pid)
            worker.wait()


def perish(pid: int) -> None:
    """Kill a process and all below it at once, as when a machine loses its power."""
    try:
        lost = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    except psutil.NoSuchProcess:
        return
    for process in lost:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(lost[1:], 30)


def worker_of(agent: int, workers: list[subprocess.Popen[bytes]]) -> subprocess.Popen[bytes]:
    """The worker that an agent's process descends from."""
    line = {process.pid for process in psutil.Process(agent).parents()}
    (found,) = [worker for worker in workers if worker.pid in line]
    return found


def listen(fifo: Path) -> int:
    """Both ends of a fifo, so that whoever writes to it need not wait for a reader."""
    os.mkfifo(fifo)
    return os.open(fifo, os.O_RDWR)
