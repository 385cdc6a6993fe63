"""An agent that is a command line: Claude Code, codex, aider, a script. Its exit code 0 is a claim and nothing more."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from radeng_assets.evidence.outcomes import Tokens
from radeng_assets.execution.agent_policy import AgentPolicy
from radeng_assets.execution.agents.agent import AgentReport, Ending, Job
from radeng_assets.execution.broker import forward
from radeng_assets.execution.broker.client import BrokerLine, NoBroker
from radeng_assets.execution.broker.line import Spent
from radeng_assets.execution.process import CommandRun, argv_of, run_command
from radeng_assets.execution.sandbox import Sandbox
from radeng_assets.settings import ENVIRONMENT_PREFIX

TRANSCRIPT_BYTES = 4 * 1024 * 1024
"""How much of what the command prints is kept."""

_BRIEF_INSIDE = Path("/run/radeng/brief.json")
_SOCKET_INSIDE = Path("/run/radeng/broker")
_FORWARD_INSIDE = Path("/run/radeng/forward.py")
_FORWARD = Path(forward.__file__)


@dataclass(frozen=True, slots=True)
class CommandAgent:
    """Runs ``command`` in the workspace, the brief on stdin as Markdown and in ``RADENG_BRIEF`` as JSON.

    ``environment`` is what the policy lets it have of ours; nothing else of ours reaches it. A command cannot be gone
    on with after a kill: it begins again, in a workspace as the base has it. With a ``line``, the command reaches the
    Messages API through the broker: an address on loopback and a capability for this attempt, never the key.
    """

    command: str
    policy: AgentPolicy
    environment: Mapping[str, str]
    sandbox: Sandbox | None = None
    line: Callable[[Job], BrokerLine] | None = None
    name: str = "command"

    def work(self, job: Job) -> AgentReport:
        """Run the command; a report that was written before a kill is given again."""
        told = job.scratch / "report.json"
        if told.exists():
            return AgentReport.model_validate_json(told.read_bytes())
        begun = job.scratch / "begun"
        if begun.exists():
            job.clear()
        begun.touch()
        (job.scratch / "brief.json").write_text(job.brief.model_dump_json(indent=1), encoding="utf-8")
        try:
            line = self.line(job) if self.line else None
        except NoBroker as missing:
            return AgentReport(ending="stopped", reason=str(missing))
        run = run_command(
            self._forwarded(line) if line else self.command,
            job.tree,
            timeout_s=job.timeout_s,
            output_limit=TRANSCRIPT_BYTES,
            env={**self._environment(job), **({"ANTHROPIC_API_KEY": line.token} if line else {})},
            stdin=job.brief.markdown().encode(),
            sandbox=self._sandbox(job, line),
            limits=self.policy.machine,
            stopping=job.stopping,
        )
        transcript = job.scratch / "transcript.txt"
        transcript.write_bytes(run.output)
        spent = line.spent() if line else Spent()
        if line:
            line.broker.revoke(line.scope)
        report = AgentReport(
            ending=_ending(run),
            reason=run.reason,
            turns=spent.turns,
            tokens=Tokens(
                input=spent.input + spent.cache_write_5m + spent.cache_write_1h + spent.cache_read,
                output=spent.output,
            ),
            cost_usd=spent.cost_usd,
            transcript=transcript,
            sandboxed=self.sandbox is not None,
        )
        if report.ending != "stopped":
            draft = told.with_suffix(".draft")
            draft.write_text(report.model_dump_json(), encoding="utf-8")
            draft.replace(told)
        return report

    def _environment(self, job: Job) -> dict[str, str]:
        brief = _BRIEF_INSIDE if self.sandbox else job.scratch / "brief.json"
        return {
            **{name: self.environment[name] for name in self.policy.environment if self._may_pass(name)},
            "RADENG_BRIEF": str(brief),
            "RADENG_STORY_ID": job.brief.story,
            "RADENG_ATTEMPT": str(job.brief.attempt),
        }

    def _may_pass(self, name: str) -> bool:
        """Whether a variable of the policy is there, and not ours: a plan may not hand our keys to its agents."""
        return name in self.environment and not name.startswith(ENVIRONMENT_PREFIX)

    def _sandbox(self, job: Job, line: BrokerLine | None) -> Sandbox | None:
        if self.sandbox is None:
            return None
        places = [(job.scratch / "brief.json", _BRIEF_INSIDE), *((folder, folder) for folder in job.shown)]
        if line:
            places += [(line.broker.socket, _SOCKET_INSIDE), (_FORWARD, _FORWARD_INSIDE)]
        return self.sandbox.showing(places)

    def _forwarded(self, line: BrokerLine) -> tuple[str, ...]:
        """The command behind a forwarder from loopback to the broker's socket."""
        forward, socket = (_FORWARD_INSIDE, _SOCKET_INSIDE) if self.sandbox else (_FORWARD, line.broker.socket)
        return (sys.executable, str(forward), str(socket), "--", *argv_of(self.command))


def _ending(run: CommandRun) -> Ending:
    if run.state == "passed":
        return "claimed"
    if run.state == "skipped":
        return "stopped"
    # A program that is not there will not be there for the next attempt either.
    return "refused" if run.state == "no_runner" else "failed"
