"""A workspace, a brief and an agent on a stand-in, for tests of the Claude agent alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import anthropic

from radeng_assets.execution.agent_policy import AgentPolicy, MachineLimits
from radeng_assets.execution.agents.agent import AgentReport, Job
from radeng_assets.execution.agents.claude.agent import ClaudeAgent
from radeng_assets.execution.agents.claude.models import ESCALATION, PLAIN
from radeng_assets.execution.agents.claude.roles import Role
from radeng_assets.execution.brief import Brief, BriefCriterion
from radeng_assets.execution.broker.line import Line, Spent
from radeng_assets.execution.gates import never
from radeng_assets.execution.tools.tool import Workshop
from radeng_assets.execution.tools.toolbox import all_tools

BRIEF = Brief(
    plan="p",
    wave="w",
    story="A-1",
    title="Write a file",
    role="developer",
    attempt=1,
    scope=("out.txt",),
    criteria=(BriefCriterion(number=1, text="It is there", proofs=("test -f out.txt",)),),
)

POLICY = AgentPolicy(turns=20, turn_timeout_s=2.0, retry_deadline_s=2.0)


@dataclass(frozen=True)
class Straight:
    """A line without a broker: straight to an address."""

    url: str

    def client(self) -> anthropic.AsyncAnthropic:
        """The SDK's client, without retries."""
        return anthropic.AsyncAnthropic(api_key="k", base_url=self.url, max_retries=0, timeout=1.5)

    def spent(self) -> Spent:
        """Nobody counts here."""
        return Spent()


@dataclass
class Desk:
    """A place where an agent works."""

    root: Path
    line: Callable[[Job], Line]
    policy: AgentPolicy = POLICY
    brief: Brief = BRIEF
    stopping: Callable[[], bool] = never

    def __post_init__(self) -> None:
        self.tree = self.root / "tree"
        self.scratch = self.root / "scratch"
        for folder in (self.tree, self.scratch):
            folder.mkdir(parents=True, exist_ok=True)
        self.lines: list[str] = []

    @property
    def agent(self) -> ClaudeAgent:
        """The agent."""
        return ClaudeAgent(
            line=self.line,
            workshop=self.workshop,
            policy=self.policy,
            tools=all_tools(),
            plain=PLAIN,
            escalation=ESCALATION,
        )

    def workshop(self, job: Job, role: Role) -> Workshop:
        """Where its tools work: no sandbox, so that a test of thousands is fast."""
        return Workshop(
            tree=job.tree,
            limits=MachineLimits(),
            timeout_s=20,
            output_bytes=10_000,
            stopping=job.stopping,
            writable=role.writes,
        )

    @property
    def job(self) -> Job:
        """The attempt."""
        return Job(
            brief=self.brief,
            tree=self.tree,
            scratch=self.scratch,
            key="p/A-1/1",
            tier="plain",
            timeout_s=60,
            log=self.lines.append,
            stopping=self.stopping,
        )

    def work(self) -> AgentReport:
        """Let it work."""
        return self.agent.work(self.job)
