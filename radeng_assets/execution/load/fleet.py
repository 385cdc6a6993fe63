"""Our side of a load test: the agents of the product, all in one process, through a broker process of their own.

Each works in a plain folder: the runtime is what is loaded, and not git. Its tools, its journal, its snapshots and its
capability are those of every attempt; commands are left out, because what a command costs is the command's.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import anthropic
from anthropic import APIRequest, AsyncAPIResponse, AsyncCallNext

from radeng_assets.execution.agent_policy import AgentPolicy, RateLimits, SpendingLimits
from radeng_assets.execution.agents.agent import AgentReport, Job
from radeng_assets.execution.agents.claude.agent import ClaudeAgent
from radeng_assets.execution.agents.claude.models import ESCALATION, PLAIN
from radeng_assets.execution.agents.claude.roles import Role
from radeng_assets.execution.broker.client import Broker
from radeng_assets.execution.broker.line import TURN_HEADER, Line, Scope, Spent
from radeng_assets.execution.load.scenario import GIVEN, Scenario
from radeng_assets.execution.tools.tool import Workshop
from radeng_assets.execution.tools.toolbox import all_tools

OUTPUT_TOKENS = 4096

_RICH = Decimal(1_000_000)
_UNBOUND = SpendingLimits(story=_RICH, wave=_RICH, plan=_RICH, day=_RICH)


def load_policy(scenario: Scenario) -> AgentPolicy:
    """A policy in which neither money nor the account's rate holds anybody up: those limits have tests of their own."""
    return AgentPolicy(
        turns=scenario.turns,
        output_tokens=OUTPUT_TOKENS,
        turn_timeout_s=60.0,
        retry_deadline_s=60.0,
        spending=_UNBOUND,
        rates=RateLimits(requests_per_minute=1_000_000, tokens_per_minute=1_000_000_000_000),
        sandbox="off",
    )


@dataclass(frozen=True, slots=True)
class Timed:
    """A line whose turns are timed: from the agent's asking until the broker has its whole reply, retries included."""

    inner: Line
    turns: list[tuple[float, float]]

    def client(self) -> anthropic.AsyncAnthropic:
        """See ``Line``."""
        return self.inner.client().with_middleware(_Timing(self.turns))

    def spent(self) -> Spent:
        """See ``Line``."""
        return self.inner.spent()


@dataclass(frozen=True, slots=True)
class _Timing(anthropic.Middleware):
    """Notes the spans of turns that were answered; counting tokens is none."""

    turns: list[tuple[float, float]]

    async def handle_async(self, request: APIRequest, call_next: AsyncCallNext) -> AsyncAPIResponse[Any]:
        """See ``Middleware``."""
        began = time.monotonic()
        response = await call_next(request)
        if response.status_code == 200 and TURN_HEADER in request.headers:
            self.turns.append((began, time.monotonic()))
        return response


@dataclass(frozen=True, slots=True)
class Worked:
    """What an agent came to: its report, the spans (begin, end; monotonic seconds) of its answered turns.

    ``lost`` says why its work is not all there, and is empty where it is.
    """

    name: str
    report: AgentReport
    turns: Sequence[tuple[float, float]]
    lost: str


@dataclass
class Fleet:
    """The agents of a scenario at ``place``, on a broker that was started. ``stopping`` is the kill switch."""

    scenario: Scenario
    broker: Broker
    place: Path
    stopping: Callable[[], bool]
    _turns: dict[str, list[tuple[float, float]]] = field(default_factory=dict[str, list[tuple[float, float]]])

    async def work(self) -> tuple[Worked, ...]:
        """Let all work at once, each to its end."""
        # The default is a handful of threads, in which a hundred agents' tools would wait for each other.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(max_workers=self.scenario.agents))
        agent = ClaudeAgent(
            line=self._line,
            workshop=self._workshop,
            policy=self.broker.policy,
            tools=all_tools(),
            plain=PLAIN,
            escalation=ESCALATION,
        )
        names = self.scenario.names
        jobs = [self._job(name) for name in names]
        ended = await asyncio.gather(*(agent.work_async(job) for job in jobs), return_exceptions=True)
        return tuple(self._worked(job, result) for job, result in zip(jobs, ended, strict=True))

    def _job(self, name: str) -> Job:
        tree, scratch = self.place / name / "tree", self.place / name / "scratch"
        lay_out(tree)
        scratch.mkdir()
        self._turns[name] = []
        return Job(
            brief=self.scenario.brief(name),
            tree=tree,
            scratch=scratch,
            key=f"load/{name}/1",
            tier="plain",
            timeout_s=self.broker.policy.attempt_timeout_s,
            log=_unheard,
            stopping=self.stopping,
        )

    def _worked(self, job: Job, result: AgentReport | BaseException) -> Worked:
        name = job.brief.story
        if isinstance(result, BaseException):
            result = AgentReport(ending="failed", reason=f"{type(result).__name__}: {result}")
        lost = "" if result.ending == "claimed" else f"{result.ending}: {result.reason}"
        if not lost and files_in(job.tree) != self.scenario.files:
            lost = "it claims to be done, and its files are not what it wrote"
        return Worked(name, result, self._turns[name], lost)

    def _line(self, job: Job) -> Line:
        brief = job.brief
        scope = Scope(plan=brief.plan, wave=brief.wave, story=brief.story, attempt=brief.attempt)
        return Timed(self.broker.grant(scope), self._turns[brief.story])

    def _workshop(self, job: Job, role: Role) -> Workshop:
        return Workshop(
            tree=job.tree,
            limits=self.broker.policy.machine,
            timeout_s=60.0,
            output_bytes=16 * 1024,
            stopping=job.stopping,
            writable=role.writes,
        )


def _unheard(line: str) -> None:
    """A hundred agents' lines of progress are nobody's to read."""


def lay_out(tree: Path) -> None:
    """Make an agent's folder, with what it finds there."""
    tree.mkdir(parents=True)
    for path, text in GIVEN.items():
        (tree / path).write_text(text, encoding="utf-8")


def files_in(tree: Path) -> dict[str, str]:
    """The files of a folder, as text by their path with ``/``."""
    return {path.relative_to(tree).as_posix(): path.read_text("utf-8") for path in tree.rglob("*") if path.is_file()}
