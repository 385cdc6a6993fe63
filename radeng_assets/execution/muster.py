"""Who carries the stories out: the runtime of each mode, put together from what a site has."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from radeng_assets.evidence.commons import Commons
from radeng_assets.evidence.ledger import Ledger
from radeng_assets.evidence.store import EvidenceStore
from radeng_assets.execution.agent_policy import AgentPolicy
from radeng_assets.execution.agents.agent import Agent, Job
from radeng_assets.execution.agents.claude.memory import Budgets
from radeng_assets.execution.agents.claude.models import ESCALATION, PLAIN, model_of
from radeng_assets.execution.agents.claude.roles import Role
from radeng_assets.execution.agents.command import CommandAgent
from radeng_assets.execution.agents.none import NoAgent
from radeng_assets.execution.agents.rehearse import Rehearsal
from radeng_assets.execution.agents.runtime import Runtime
from radeng_assets.execution.attempts import Attempts
from radeng_assets.execution.branches import Branches
from radeng_assets.execution.broker.client import Broker, BrokerLine
from radeng_assets.execution.broker.line import Scope
from radeng_assets.execution.checkout import Checkout
from radeng_assets.execution.code_lookup import CodeLookup
from radeng_assets.execution.delivery import Delivery
from radeng_assets.execution.gates import Limits, Prover
from radeng_assets.execution.git import TargetRepository
from radeng_assets.execution.integration import Integration
from radeng_assets.execution.measuring.measurer import Measurer
from radeng_assets.execution.mirror import Mirror
from radeng_assets.execution.own_keys import own_keys
from radeng_assets.execution.proof import Examiner
from radeng_assets.execution.sandbox import Sandbox
from radeng_assets.execution.tools.tool import Workshop
from radeng_assets.execution.tools.toolbox import all_tools
from radeng_assets.execution.trial import Guards, Trial
from radeng_assets.execution.workspace import Workspaces
from radeng_assets.planning.documents.execution_plan import ExecutionPlan
from radeng_assets.planning.documents.verification import Verification
from radeng_assets.planning.located import values

TOOL_OUTPUT_BYTES = 16 * 1024
"""What a model is shown of a command's output: its beginning and its end."""

PLACES = 12
"""Places in the code that a story's memory begins with, before its budget cuts them."""


@dataclass(frozen=True)
class Muster:
    """One plan on one target (``None``: a rehearsal). ``name`` is the plan's, ``limits`` those of gate commands.

    ``commons`` is what the machines of its fleet share.
    ``stopping`` says whether everything is to halt now; ``sandbox`` is where gates and agents run, ``None`` for nowhere
    in particular. ``lookup`` answers about the code of a commit. ``waits`` says of a story why nobody may begin it yet.
    """

    plan: ExecutionPlan
    name: str
    verification: Verification | None
    home: Path
    target: str | None
    limits: Limits
    policy: AgentPolicy
    stopping: Callable[[], bool]
    sandbox: Sandbox | None = None
    lookup: Callable[[str], CodeLookup] | None = None
    waits: Mapping[str, str] = field(default_factory=dict[str, str])
    commons: Commons | None = None

    @cached_property
    def repository(self) -> TargetRepository | None:
        """The target, opened. Raises ``NotARepository``."""
        return TargetRepository.reach(self.target, self.home) if self.target else None

    @property
    def ledger(self) -> Ledger:
        """The home's ledger."""
        return Ledger(self.home / "ledger.jsonl", self.commons.journal if self.commons else None)

    @property
    def store(self) -> EvidenceStore:
        """The home's evidence."""
        return EvidenceStore(self.home, self.commons.root / "evidence" if self.commons else None)

    def examiner(self, repository: TargetRepository) -> Examiner:
        """Who asks commits of the target."""
        workspaces = Workspaces(self.home, repository)
        workspaces.mirror.prepare()
        prover = Prover(
            home=self.home,
            workspaces=workspaces,
            ledger=self.ledger,
            store=self.store,
            setup=values(self.verification.setup) if self.verification else (),
            limits=self.limits,
            sandbox=self.sandbox,
            stopping=self.stopping,
            trusted=lambda commit: self._trusted(repository, workspaces.mirror, commit),
            commons=self.commons,
        )
        return Examiner(
            gates=self.plan.gates,
            gates_required=self.plan.gates_required,
            verification=self.verification,
            prover=prover,
            files_of=workspaces.mirror.files,
        )

    @cached_property
    def mirror(self) -> Mirror | None:
        """The mirror of the target, ready; ``None`` without one."""
        if self.repository is None:
            return None
        mirror = Mirror(self.home, self.repository)
        mirror.prepare()
        return mirror

    def measurer(self) -> Measurer | None:
        """Who takes the measures of reports on the target's commits; ``None`` without a target."""
        if self.repository is None:
            return None
        return Measurer(self.examiner(self.repository).prover, Branches(self.name), own_keys(os.environ))

    def _trusted(self, repository: TargetRepository, mirror: Mirror, commit: str) -> bool:
        """Whether a commit is the user's own, or was proven and merged."""
        tip = Integration(mirror, Branches(self.name)).tip()
        return mirror.holds(commit, repository.head().commit) or mirror.holds(commit, tip.commit)

    def nobody(self) -> Runtime:
        """The runtime without an agent: a rehearsal without a target, else what the target proves already."""
        if self.repository is None:
            return Rehearsal()
        return NoAgent(self.examiner(self.repository), self.repository)

    def command(self, command: str) -> Agent:
        """An agent that is a command line."""
        return CommandAgent(command, self.policy, os.environ, self.sandbox, self._line if self.policy.api else None)

    def claude(self, plain: str, escalation: str) -> Agent:
        """An agent on the Messages API; empty names are the default models. Raises ``NoSuchModel``."""
        from radeng_assets.execution.agents.claude.agent import ClaudeAgent  # with the SDK, which takes seconds

        return ClaudeAgent(
            line=self._line,
            workshop=self._workshop,
            policy=self.policy,
            tools=all_tools(),
            plain=model_of(plain, PLAIN),
            escalation=model_of(escalation, ESCALATION),
            budgets=Budgets.of(self.plan.memory),
            places=self._places,
        )

    def _places(self, job: Job) -> tuple[str, ...]:
        if self.lookup is None:
            return ()
        brief = job.brief
        about = " ".join((brief.title, *(task.description for task in brief.tasks)))
        return self.lookup(job.base).places(about, PLACES)

    def _line(self, job: Job) -> BrokerLine:
        """An attempt's capability, from the broker of this home. Raises ``NoBroker``."""
        brief = job.brief
        scope = Scope(plan=brief.plan, wave=brief.wave, story=brief.story, attempt=brief.attempt)
        return Broker.ensure(self.home, self.policy, os.environ).grant(scope)

    def _workshop(self, job: Job, role: Role) -> Workshop:
        return Workshop(
            tree=job.tree,
            limits=self.policy.machine,
            timeout_s=self.limits.timeout_s,
            output_bytes=TOOL_OUTPUT_BYTES,
            stopping=job.stopping,
            sandbox=self.sandbox.showing((folder, folder) for folder in job.shown) if self.sandbox else None,
            writable=role.writes,
            query=self.lookup(job.base).answer if self.lookup else None,
        )

    def delivery(self, agent: Agent, guards: Guards | None = None) -> Delivery:
        """The runtime with an agent. Raises ``ValueError`` without a target."""
        if self.repository is None:
            raise ValueError(f"{agent.name} needs a target")
        examiner = self.examiner(self.repository)
        integration = Integration(Workspaces(self.home, self.repository).mirror, Branches(self.name), self.commons)
        trial = Trial(
            agent=agent,
            plan=self.plan,
            examiner=examiner,
            policy=self.policy,
            integration=integration,
            checkout=Checkout(self.repository, self.home),
            store=self.store,
            guards=guards or Guards.all(),
            stopping=self.stopping,
            secrets=own_keys(os.environ),
        )
        return Delivery(
            name=agent.name,
            plan=self.plan,
            examiner=examiner,
            policy=self.policy,
            integration=integration,
            attempts=Attempts(self.ledger, self.name),
            ledger=self.ledger,
            trial=trial,
            waits=self.waits,
        )
