"""A planning folder as a whole: every document read, counted, digested; nothing judged yet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pydantic import Field

from radeng_assets.canonical import digest_of
from radeng_assets.planning.collection import collection_paused
from radeng_assets.planning.documents.allowed_signers import AllowedSigners
from radeng_assets.planning.documents.execution_plan import ExecutionPlan
from radeng_assets.planning.documents.gap_analysis import GapAnalysis
from radeng_assets.planning.documents.integration import Integration
from radeng_assets.planning.documents.master_plan import MasterPlan
from radeng_assets.planning.documents.readme import Readme
from radeng_assets.planning.documents.risk_register import RiskRegister
from radeng_assets.planning.documents.testing_requirements import TestingRequirements
from radeng_assets.planning.documents.verification import Verification
from radeng_assets.planning.findings import Finding, Severity, worst_first
from radeng_assets.planning.located import Place
from radeng_assets.planning.readers.allowed_signers import read_allowed_signers
from radeng_assets.planning.readers.execution_plan import read_execution_plan
from radeng_assets.planning.readers.gap_analysis import read_gap_analysis
from radeng_assets.planning.readers.integration import read_integration
from radeng_assets.planning.readers.master_plan import read_master_plan
from radeng_assets.planning.readers.readme import read_readme
from radeng_assets.planning.readers.risk_register import read_risk_register
from radeng_assets.planning.readers.testing_requirements import read_testing_requirements
from radeng_assets.planning.readers.verification import read_verification
from radeng_assets.planning.source import Source, read_source
from radeng_assets.record import Record

README = "README.md"
GAP_ANALYSIS = "COMPREHENSIVE-GAP-ANALYSIS.yaml"
RISK_REGISTER = "RISK-ASSESSMENT.md"
TESTING_REQUIREMENTS = "TESTING-REQUIREMENTS.md"
MASTER_PLAN = "MASTER-IMPLEMENTATION-PLAN.md"
EXECUTION_PLAN = "EXECUTION-PLAN.yaml"
INTEGRATION_STATUS = "INTEGRATION-STATUS.md"
INTEGRATION_DEPENDENCIES = "INTEGRATION-DEPENDENCIES.md"
VERIFICATION = "verification.yaml"
POLICY = "readiness.yaml"
BASELINE = "audit-baseline.yaml"
ALLOWED_SIGNERS = "allowed_signers"

FILES: dict[str, Severity | None] = {
    README: "warning",
    GAP_ANALYSIS: "warning",
    RISK_REGISTER: "warning",
    TESTING_REQUIREMENTS: "warning",
    MASTER_PLAN: "warning",
    EXECUTION_PLAN: "error",
    INTEGRATION_STATUS: None,
    INTEGRATION_DEPENDENCIES: None,
    VERIFICATION: None,
    POLICY: None,
    BASELINE: None,
    ALLOWED_SIGNERS: None,
}
"""Every file that a planning folder may hold, and how bad it is when it is missing."""

T = TypeVar("T")


class PlanCounts(Record):
    """What is *there*, whatever a header claims. Field names and order are the contract's."""

    stories: int = 0
    points: int = 0
    waves: int = 0
    tasks: int = 0
    criteria: int = 0
    gaps: int = 0
    risks: int = 0


class Sources(Record):
    """The folder's readable files and the findings about the others, before any parsing."""

    sources: dict[str, Source]
    findings: tuple[Finding, ...] = ()

    @property
    def digest(self) -> str:
        """Identity of the plan: the digest over every file's bytes, and over what could not be read."""
        return self.digest_over(*FILES)

    def digest_over(self, *names: str) -> str:
        """Identity of some of the files together."""
        return digest_of({name: state for name, state in self.states.items() if name in names})

    @property
    def states(self) -> dict[str, str]:
        """File → the digest of its bytes; the rule that says why it could not be read."""
        known = {name: source.sha256 for name, source in self.sources.items()}
        return {finding.subject: finding.rule for finding in reversed(self.findings)} | known


class Planning(Record):
    """All documents of one planning folder. A document that is missing is ``None``.

    ``files`` are the SHA-256 digests of the files that could be read, by name.
    """

    digest: str
    files: dict[str, str] = Field(default_factory=dict[str, str])
    readme: Readme | None = None
    gap_analysis: GapAnalysis | None = None
    risk_register: RiskRegister | None = None
    testing_requirements: TestingRequirements | None = None
    master_plan: MasterPlan | None = None
    execution_plan: ExecutionPlan | None = None
    integration_status: Integration | None = None
    integration_dependencies: Integration | None = None
    verification: Verification | None = None
    allowed_signers: AllowedSigners | None = None
    findings: tuple[Finding, ...] = Field(default=())

    @property
    def any_document(self) -> bool:
        """Whether at least one of the six documents could be read."""
        return any(
            (
                self.readme,
                self.gap_analysis,
                self.risk_register,
                self.testing_requirements,
                self.master_plan,
                self.execution_plan,
            )
        )

    @property
    def counts(self) -> PlanCounts:
        """How much of everything the documents hold."""
        stories = self.execution_plan.stories if self.execution_plan else ()
        return PlanCounts(
            stories=len(stories),
            points=sum(story.points.value for story in stories if story.points),
            waves=len(self.execution_plan.waves) if self.execution_plan else 0,
            tasks=sum(len(story.tasks) for story in stories),
            criteria=sum(len(story.criteria) for story in stories),
            gaps=len(self.gap_analysis.gaps) if self.gap_analysis else 0,
            risks=len(self.risk_register.risks) if self.risk_register else 0,
        )


def read_sources(folder: Path) -> Sources:
    """Read the bytes of a planning folder once. A folder that is not there is a finding as well."""
    if not folder.is_dir():
        finding = Finding(
            rule="folder-missing",
            severity="error",
            subject=EXECUTION_PLAN,
            message=f"{folder} is not a folder.",
            at=(Place(EXECUTION_PLAN),),
            fix="Name the folder that holds EXECUTION-PLAN.yaml.",
        )
        return Sources(sources={}, findings=(finding,))
    sources: dict[str, Source] = {}
    findings: list[Finding] = []
    for name, missing in FILES.items():
        source, problems = read_source(folder, name, missing=missing)
        findings.extend(problems)
        if source is not None:
            sources[name] = source
    return Sources(sources=sources, findings=tuple(findings))


@collection_paused()
def read_planning(sources: Sources) -> Planning:
    """Parse everything. Never raises for bad documents; see ``Planning.findings``."""
    findings = list(sources.findings)

    def read(name: str, reader: Callable[[Source], tuple[T, tuple[Finding, ...]]]) -> T | None:
        source = sources.sources.get(name)
        if source is None:
            return None
        model, problems = reader(source)
        findings.extend(problems)
        return model

    plan = read(EXECUTION_PLAN, read_execution_plan)
    planning = Planning(
        digest=sources.digest,
        files={name: source.sha256 for name, source in sources.sources.items()},
        readme=read(README, read_readme),
        gap_analysis=read(GAP_ANALYSIS, read_gap_analysis),
        risk_register=read(RISK_REGISTER, read_risk_register),
        testing_requirements=read(TESTING_REQUIREMENTS, read_testing_requirements),
        master_plan=read(MASTER_PLAN, read_master_plan),
        execution_plan=plan,
        integration_status=read(INTEGRATION_STATUS, read_integration),
        integration_dependencies=read(INTEGRATION_DEPENDENCIES, read_integration),
        verification=read(VERIFICATION, lambda source: read_verification(source, plan)),
        allowed_signers=read(ALLOWED_SIGNERS, read_allowed_signers),
    )
    return planning.model_copy(update={"findings": worst_first(findings)})
