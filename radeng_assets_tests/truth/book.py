"""All trials. A new file of faults is one line here."""

from __future__ import annotations

from radeng_assets_tests.truth.faults import (
    clock,
    coverage,
    evidence,
    ledger,
    load,
    others,
    plan,
    runs,
    security,
    signoffs,
    target,
    waivers,
)
from radeng_assets_tests.truth.trial import Fault
from radeng_assets_tests.truth.twins import TWINS

FAMILIES: dict[str, tuple[Fault, ...]] = {
    "product": target.FAULTS,
    "evidence": evidence.FAULTS,
    "ledger": ledger.FAULTS,
    "tests": runs.FAULTS,
    "coverage": coverage.FAULTS,
    "load": load.FAULTS,
    "security": security.FAULTS,
    "UI, documents, index": others.FAULTS,
    "plan and policy": plan.FAULTS,
    "waivers": waivers.FAULTS,
    "sign-offs": signoffs.FAULTS,
    "time": clock.FAULTS,
}

FAULTS = tuple(fault for family in FAMILIES.values() for fault in family)

__all__ = ["FAMILIES", "FAULTS", "TWINS"]
