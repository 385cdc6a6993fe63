"""The plan audit: what the documents hold, and every finding about them."""

from __future__ import annotations

from radeng_assets.planning.findings import Finding, worst_first
from radeng_assets.planning.folder import PlanCounts, Planning
from radeng_assets.planning.schedule import compile_schedule
from radeng_assets.record import Record


class Audit(Record):
    """Counts of what is there, and findings, worst first."""

    plan: PlanCounts
    findings: tuple[Finding, ...]

    def document(self) -> dict[str, object]:
        """The contract's JSON document (``radeng/audit/v1``)."""
        return {"schema": "radeng/audit/v1", **self.model_dump(mode="json")}


def audit(planning: Planning) -> Audit:
    """Everything that reading the folder and putting its plan in order brought up."""
    plan = planning.execution_plan
    problems = compile_schedule(plan)[1] if plan else ()
    return Audit(plan=planning.counts, findings=worst_first((*planning.findings, *problems)))
