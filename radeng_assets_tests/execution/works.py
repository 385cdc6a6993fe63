"""A target repository with tests, a plan of three waves that grows it, and agents that are scripts."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from radeng_assets.evidence.outcomes import StoryOutcome, WaveOutcome
from radeng_assets.execution.agent_policy import AgentPolicy
from radeng_assets.execution.agents.agent import Agent
from radeng_assets.execution.campaign import Campaign
from radeng_assets.execution.gates import Limits, never
from radeng_assets.execution.muster import Muster
from radeng_assets.execution.sandbox import find_sandbox
from radeng_assets.execution.trial import Guards
from radeng_assets.planning.folder import read_planning, read_sources
from radeng_assets.planning.schedule import compile_schedule
from radeng_assets_tests.folders import commit, git, write_folder

PYTHON = sys.executable
TESTS = f"{PYTHON} -m unittest discover -q -s tests -t ."

# The story's operation, and what it needs.
OPERATIONS = {
    "wave-1": {"A-1": "add", "A-2": "sub", "A-3": "mul"},
    "wave-2": {"B-1": "square", "B-2": "cube"},
    "wave-3": {"C-1": "double", "C-2": "negate", "C-3": "half"},
}
NEEDS = {"A-3": ("A-1",), "B-1": ("A-3",), "C-1": ("A-1",), "C-2": ("A-2",)}
FORMULAS = {
    "add": "a + b",
    "sub": "a - b",
    "mul": "a * b",
    "square": "a * a",
    "cube": "a * a * a",
    "double": "a + a",
    "negate": "-a",
    "half": "a / 2",
}
EXPECTED = {"add": 7, "sub": -1, "mul": 12, "square": 9, "cube": 27, "double": 6, "negate": -3, "half": 1.5}


def module(name: str) -> str:
    """The module that carries a story out."""
    return f"def {name}(a, b=0):\n    return {FORMULAS[name]}\n"


def test_of(name: str) -> str:
    """Its test, of which two lines fail while the module is missing or wrong."""
    return (
        f"import unittest\n\nfrom calc.{name} import {name}\n\n\nclass Test(unittest.TestCase):\n"
        f"    def test_{name}(self):\n        self.assertEqual({name}(3, 4), {EXPECTED[name]})\n"
    )


def plan_text(agents: int = 3, gate: str = TESTS) -> str:
    """The execution plan, every gate of it one command."""
    lines = [
        f"global:\n  vision: A calculator.\n  constraints:\n    - max_parallel_agents: {agents}\n  quality_gates:",
        *(f'    {phase}: ["{gate}"]' for phase in ("pre_story", "post_story", "post_wave", "post_final")),
        "waves:",
    ]
    for wave, stories in OPERATIONS.items():
        needs = "" if wave == "wave-1" else "wave-1"
        parallel = "false" if wave == "wave-2" else "true"
        lines.append(f"  - id: {wave}\n    parallel: {parallel}\n    dependencies: [{needs}]\n    stories:")
        for story, name in stories.items():
            shared = ', "calc/__init__.py"' if name in ("double", "half") else ""
            lines += [
                f"      - id: {story}",
                f"        title: Teach it to {name}",
                "        points: 2",
                "        agent: developer",
                f"        dependencies: [{', '.join(NEEDS.get(story, ()))}]",
                f'        tasks: [{{id: "1", description: Write {name}, files: ["calc/{name}.py"{shared}]}}]',
                f'        acceptance_criteria: ["It can {name}", "The package imports"]',
            ]
    return "\n".join(lines) + "\n"


def proofs_text() -> str:
    """``verification.yaml``: the first criterion fails on the base, the second holds there already."""
    lines = ["stories:"]
    for stories in OPERATIONS.values():
        for story, name in stories.items():
            check = f"{PYTHON} -c 'from calc.{name} import {name}; assert {name}(3, 4) == {EXPECTED[name]}'"
            lines += [f"  {story}:", "    criteria:", f'      1: "{check}"', f"      2: \"{PYTHON} -c 'import calc'\""]
    return "\n".join(lines) + "\n"


def make_calc(folder: Path) -> Path:
    """The target: a package and one test that passes."""
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    (folder / "calc").mkdir()
    (folder / "calc" / "__init__.py").write_text('"""Calculate."""\n', encoding="utf-8")
    (folder / "calc" / "zero.py").write_text("def zero():\n    return 0\n", encoding="utf-8")
    (folder / "tests").mkdir()
    (folder / "tests" / "__init__.py").write_text("", encoding="utf-8")
    (folder / "tests" / "test_zero.py").write_text(
        "import unittest\n\nfrom calc.zero import zero\n\n\nclass Test(unittest.TestCase):\n"
        "    def test_zero(self):\n        self.assertEqual(zero(), 0)\n",
        encoding="utf-8",
    )
    (folder / ".gitignore").write_text("__pycache__/\n", encoding="utf-8")
    commit(folder, "Begin")
    return folder


HONEST = f"""
import json, os, pathlib
operations = { ({s: n for w in OPERATIONS.values() for s, n in w.items()})!r}
modules = { ({n: module(n) for n in FORMULAS})!r}
tests = { ({n: test_of(n) for n in FORMULAS})!r}
brief = json.loads(pathlib.Path(os.environ["RADENG_BRIEF"]).read_text())
assert brief["story"] == os.environ["RADENG_STORY_ID"]
name = operations[brief["story"]]
pathlib.Path(f"calc/{{name}}.py").write_text(modules[name])
pathlib.Path(f"tests/test_{{name}}.py").write_text(tests[name])
if "calc/__init__.py" in brief["scope"]:
    with open("calc/__init__.py", "a") as init:
        init.write(f"from calc.{{name}} import {{name}}\\n")
print("I am done:", brief["story"])
"""
"""An agent that does what each story asks for."""


@dataclass
class Works:
    """One target, one plan and one home; campaigns on them with any agent."""

    root: Path
    policy: AgentPolicy = field(default_factory=AgentPolicy)
    sandboxed: bool = True
    gate: str = TESTS
    url: str = ""
    extra: dict[str, str] = field(default_factory=dict[str, str])
    stopping: Callable[[], bool] = never

    def __post_init__(self) -> None:
        self.target = make_calc(self.root / "target")
        for name, text in self.extra.items():
            (self.target / name).parent.mkdir(parents=True, exist_ok=True)
            (self.target / name).write_text(text, encoding="utf-8")
            commit(self.target, f"Add {name}")
        self.folder = write_folder(self.root / "plan", plan_text(gate=self.gate), proofs_text())
        self.home = self.root / "home"
        self.home.mkdir()
        self.scripts = self.root / "agents"
        self.scripts.mkdir()

    @property
    def muster(self) -> Muster:
        """What a campaign is made of, read anew."""
        planning = read_planning(read_sources(self.folder))
        assert planning.execution_plan is not None
        return Muster(
            plan=planning.execution_plan,
            name="calc",
            verification=planning.verification,
            home=self.home,
            target=self.url or str(self.target),
            limits=Limits(timeout_s=60, output_bytes=20_000),
            policy=self.policy,
            stopping=self.stopping,
            sandbox=find_sandbox("required", (str(self.scripts),)) if self.sandboxed else None,
        )

    def script(self, text: str, name: str = "agent.py") -> str:
        """A command that runs a Python script."""
        (self.scripts / name).write_text(text, encoding="utf-8")
        return f"{PYTHON} {self.scripts / name}"

    def campaign(self, agent: Agent | str, guards: Guards | None = None) -> Campaign:
        """A campaign with an agent, or with a script as its command."""
        muster = self.muster
        schedule, findings = compile_schedule(muster.plan)
        assert schedule is not None, findings
        who = muster.command(self.script(agent)) if isinstance(agent, str) else agent
        return Campaign(
            plan=muster.plan,
            schedule=schedule,
            execution_digest=read_sources(self.folder).digest,
            ledger=muster.ledger,
            runtime=muster.delivery(who, guards),
        )

    def git(self, *args: str) -> str:
        """Git on the target."""
        return git(self.target, *args)

    @property
    def integrated(self) -> list[str]:
        """The subjects on the integration branch, oldest first, without the target's own first commit."""
        return self.git("log", "--reverse", "--format=%s", "main..radeng/calc/integration").splitlines()


def walk(campaign: Campaign, session: str = "s") -> dict[str, WaveOutcome]:
    """Every wave in order."""
    outcomes: dict[str, WaveOutcome] = {}
    for wave in campaign.schedule.waves:
        campaign.open_wave(wave.id, session)
        for story in wave.stories:
            campaign.carry_out(wave.id, story.id, session)
        outcomes[wave.id] = campaign.close_wave(wave.id, session)
    return outcomes


def stories(outcomes: dict[str, WaveOutcome]) -> dict[str, StoryOutcome]:
    """Every story's outcome, by id."""
    return {story.story: story for wave in outcomes.values() for story in wave.stories}
