"""From a case to its verdict: seven criteria judged by evidence, what people say of exactly that, and the sum."""

from __future__ import annotations

from collections.abc import Callable

from radeng_assets.readiness.approval import standings
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
from radeng_assets.readiness.evidence_set import EvidenceSet
from radeng_assets.readiness.showing import evidence_set
from radeng_assets.readiness.verdict import CriterionVerdict, Verdict, assemble

SHOWN: dict[str, Callable[[Case], CriterionVerdict]] = {
    module.ID: module.judge
    for module in (
        stories_completed,
        test_coverage,
        load_test,
        security_audit,
        ui_integration,
        ess_integration,
        documentation,
    )
}
"""The criteria that evidence shows, by id, in the contract's order."""

CRITERIA = (*SHOWN, stakeholder_signoff.ID)
"""The ids of the eight success criteria, in the contract's order. The last is about all the others."""


def judge(case: Case) -> Verdict:
    """Judge every criterion and assemble the verdict. Pure: equal cases, equal bytes."""
    shown = _shown(case)
    signoffs = standings(case, evidence_set(case, shown))
    return assemble(case, (*shown, _doubted(stakeholder_signoff.judge(case, signoffs), case.broken)), signoffs)


def to_sign(case: Case) -> EvidenceSet:
    """What somebody would sign now."""
    return evidence_set(case, _shown(case))


def _shown(case: Case) -> tuple[CriterionVerdict, ...]:
    return tuple(_doubted(criterion(case), case.broken) for criterion in SHOWN.values())


def _doubted(item: CriterionVerdict, broken: tuple[str, ...]) -> CriterionVerdict:
    """Where the record itself cannot be believed, nothing that rests on it can."""
    if not broken:
        return item
    status = "unverified" if item.status in ("verified", "waived") else item.status
    return item.model_copy(update={"status": status, "reason": "; ".join((*broken, item.reason)), "next": RESTORE})


RESTORE = "Restore the ledger from a backup, or begin a new home folder and run again."
"""What to do where the record is broken."""
