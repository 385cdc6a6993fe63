"""From a case to its verdict: every criterion judged, in the contract's order."""

from __future__ import annotations

from collections.abc import Callable

from radeng_assets.readiness.case import Case
from radeng_assets.readiness.criteria import (
    documentation,
    ess_integration,
    load_test,
    security_audit,
    stakeholder_signoff,
    stories_completed,
    test_coverage,
    ui_integration,
)
from radeng_assets.readiness.verdict import CriterionVerdict, Verdict, assemble

CRITERIA: dict[str, Callable[[Case], CriterionVerdict]] = {
    module.ID: module.judge
    for module in (
        stories_completed,
        test_coverage,
        load_test,
        security_audit,
        ui_integration,
        ess_integration,
        documentation,
        stakeholder_signoff,
    )
}
"""The eight success criteria by id, in the contract's order."""


def judge(case: Case) -> Verdict:
    """Judge every criterion and assemble the verdict. Pure: equal cases, equal bytes."""
    criteria = tuple(criterion(case) for criterion in CRITERIA.values())
    return assemble(case, tuple(_doubted(item, case.broken) for item in criteria) if case.broken else criteria)


def _doubted(item: CriterionVerdict, broken: tuple[str, ...]) -> CriterionVerdict:
    """Where the record itself cannot be believed, nothing that rests on it can."""
    status = "unverified" if item.status in ("verified", "waived") else item.status
    return item.model_copy(update={"status": status, "reason": "; ".join((*broken, item.reason)), "next": RESTORE})


RESTORE = "Restore the ledger from a backup, or begin a new home folder and run again."
"""What to do where the record is broken."""
