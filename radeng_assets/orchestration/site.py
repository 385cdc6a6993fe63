"""What every process of a run builds itself anew: settings, home, the pinned plan, the campaign."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from radeng_assets.ess.access import EssAccess
from radeng_assets.ess.gateway.key import read_key
from radeng_assets.ess.lookup import Lookup
from radeng_assets.execution.agents.runtime import Runtime
from radeng_assets.execution.branches import Branches
from radeng_assets.execution.campaign import Campaign
from radeng_assets.execution.code_lookup import CodeLookup
from radeng_assets.execution.gates import Limits
from radeng_assets.execution.integration import Integration
from radeng_assets.execution.measuring.measurer import Measurer
from radeng_assets.execution.muster import Muster
from radeng_assets.execution.sandbox import find_sandbox
from radeng_assets.home import Home
from radeng_assets.orchestration.observation import observe
from radeng_assets.planning.audit import Audit, audit
from radeng_assets.planning.documents.execution_plan import ExecutionPlan
from radeng_assets.planning.folder import (
    EXECUTION_PLAN,
    INTEGRATION_DEPENDENCIES,
    INTEGRATION_STATUS,
    POLICY,
    Planning,
    Sources,
)
from radeng_assets.planning.phases import waiting_reasons
from radeng_assets.planning.shelf import fetch
from radeng_assets.planning.snapshot import PIN, ServedPlan, served_plan, thaw
from radeng_assets.readiness.case import Case
from radeng_assets.readiness.docket import Docket
from radeng_assets.readiness.policy import Policy, policy_findings, read_policy
from radeng_assets.settings import Settings


@dataclass(frozen=True)
class Site:
    """Settings and the served plan, and what follows from them (made when first asked for)."""

    settings: Settings
    served: ServedPlan

    @classmethod
    def current(cls) -> Site:
        """The site of this process: from the environment, the settings file and the pinned plan."""
        settings = Settings()
        commons = Home.of(settings).commons
        if commons is not None and PIN in os.environ:
            fetch(os.environ[PIN], settings.home, commons.root)
        return cls(settings, served_plan(settings.plan_dir, settings.home))

    def now(self) -> Site:
        """The same place with the plan that runs see which start now: an edit may have moved this process's pin."""
        return Site(self.settings, served_plan(self.settings.plan_dir, self.settings.home))

    @cached_property
    def home(self) -> Home:
        """The home folder."""
        return Home.of(self.settings)

    @cached_property
    def planning(self) -> Planning:
        """Every document of the served plan."""
        return self.served.planning()

    @cached_property
    def sources(self) -> Sources:
        """The served plan's files."""
        return thaw(self.served.folder) if self.served.folder else Sources(sources={})

    @cached_property
    def policy(self) -> Policy:
        """The served plan's policy."""
        return read_policy(self.sources.sources.get(POLICY))[0]

    def audit(self) -> Audit:
        """The audit of the served plan, as of today."""
        today = date.today()  # noqa: DTZ011  # the day of whoever runs it
        problems = policy_findings(self.sources.sources.get(POLICY), self.planning, today)
        return audit(self.sources, today, self.planning, problems)

    @cached_property
    def muster(self) -> Muster:
        """What every runtime is made of."""
        mode = self.settings.mode
        agents = self.policy.agents
        wanted = agents.sandbox == "required" or (agents.sandbox == "preferred" and mode in ("command", "claude"))
        return Muster(
            plan=self.plan,
            name=self.settings.plan_name,
            verification=self.planning.verification,
            home=self.home.path,
            target=None if mode == "rehearse" else self.settings.target_repo,
            limits=Limits(timeout_s=self.policy.command_timeout_s, output_bytes=self.policy.command_output_bytes),
            policy=agents,
            stopping=lambda: self.home.stop.pulled is not None,
            sandbox=find_sandbox(agents.sandbox, agents.readable) if wanted else None,
            lookup=self._lookup,
            waits=self.waits,
            commons=self.home.commons,
        )

    @cached_property
    def waits(self) -> dict[str, str]:
        """What each story waits for outside of the plan, in words; stories that wait for nothing are not in it."""
        # Asked for whenever definitions load, which must not cost reading every document.
        stated = {INTEGRATION_STATUS, INTEGRATION_DEPENDENCIES} & self.sources.sources.keys()
        return waiting_reasons(self.planning) if stated else {}

    @cached_property
    def ess(self) -> EssAccess | None:
        """The target's code index, and the gateway where one is configured; ``None`` without a target."""
        repository = self.muster.repository
        if repository is None:
            return None
        return EssAccess(
            home=self.home.path,
            repository=repository,
            terms=self.policy.ess,
            address=self.settings.ess_url,
            key=read_key(os.environ),
        )

    def _lookup(self, commit: str) -> CodeLookup:
        if self.ess is None:
            raise ValueError("there is no target, so no code to look up")
        return Lookup(self.ess, commit)

    @property
    def plan(self) -> ExecutionPlan:
        """The served plan; an empty one where none can be served."""
        return self.planning.execution_plan or ExecutionPlan(file=EXECUTION_PLAN)

    @cached_property
    def campaign(self) -> Campaign:
        """Carrying the plan out on the target. Raises if the target named is not a git repository."""
        return Campaign(
            plan=self.plan,
            schedule=self.served.schedule,
            execution_digest=self.served.execution_digest,
            ledger=self.home.ledger,
            runtime=self._runtime(),
            commons=self.home.commons,
        )

    def _runtime(self) -> Runtime:
        """Who carries the stories out."""
        settings = self.settings
        if settings.mode == "command":
            return self.muster.delivery(self.muster.command(settings.agent_command))
        if settings.mode == "claude":
            return self.muster.delivery(self.muster.claude(settings.model, settings.escalation_model))
        return self.muster.nobody()

    def commits(self) -> tuple[str, str] | None:
        """The target's HEAD and the integration branch's tip; ``None`` without a target. Raises ``NotARepository``."""
        mirror = self.muster.mirror
        if mirror is None:
            return None
        tip = Integration(mirror, Branches(self.settings.plan_name)).tip()
        return mirror.target.head().commit, tip.commit

    @cached_property
    def measurer(self) -> Measurer | None:
        """Who takes the measures of reports; ``None`` without a target."""
        return self.muster.measurer()

    def measure(self, report: str, session: str, occasion: str) -> None:
        """Take a report's measures on the commit in question, unless this session has. A rehearsal takes none."""
        measures, ticket = self.policy.reports.of(report).measures, self.campaign.ticket_now(session, occasion)
        if measures and ticket.commit is not None and self.measurer is not None:
            self.measurer.measure(report, measures, ticket)

    def docket(self) -> Docket:
        """Everything that a verdict rests on, as of now. Raises ``NotARepository``."""
        ledger = self.home.ledger.copied()
        circumstances = observe(self.campaign.standing(), self.muster.mirror, ledger)
        if self.served.broken is not None:
            circumstances = circumstances.model_copy(
                update={"unserved": "the planning folder cannot be served as it is"}
            )
        return Docket(self.sources, self.planning, ledger, circumstances, self.home.store.get_bytes)

    def case(self) -> Case:
        """What is to be judged, as of now. Raises ``NotARepository``."""
        return self.docket().case()

    def remember(self) -> None:
        """Keep what was judged, for whoever asks for the verdict again."""
        self.home.remember(self.settings)
