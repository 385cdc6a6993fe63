"""Where each sign-off stands, set against the evidence as it is now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from radeng_assets.readiness.case import Case
from radeng_assets.readiness.evidence_set import EvidenceSet, difference
from radeng_assets.readiness.freshness import day
from radeng_assets.readiness.people import agents_of, is_person
from radeng_assets.readiness.signoff import RecordedSignoff, Signoff
from radeng_assets.record import Record

SignoffState = Literal["valid", "void", "invalid", "superseded"]

_SHOWN = 3


class SignoffStanding(Record):
    """One sign-off.

    ``valid``: it is about the evidence as it is. ``void``: something changed since. ``superseded``: the role signed
    again. ``invalid``: it never counted. ``signed`` says whether its SSH signature is good, ``key`` by which key.
    """

    role: str
    name: str
    decision: str
    at: str
    signed: bool
    state: SignoffState
    reason: str = ""
    key: str = ""


def standings(case: Case, current: EvidenceSet) -> tuple[SignoffStanding, ...]:
    """Every sign-off on record, oldest first."""
    last = {recorded.role: recorded for recorded in case.signoffs}
    return tuple(_standing(case, current, one, superseded=last[one.role] is not one) for one in case.signoffs)


def _standing(case: Case, current: EvidenceSet, recorded: RecordedSignoff, *, superseded: bool) -> SignoffStanding:
    signoff = recorded.signoff
    if signoff is None:
        reason = "its record cannot be read"
        return SignoffStanding(
            role=recorded.role, name="", decision="", at=recorded.at, signed=False, state="invalid", reason=reason
        )
    state, reason = _state(case, current, recorded, signoff)
    if superseded and state != "invalid":
        state, reason = "superseded", f"somebody signed as {signoff.role} again"
    return SignoffStanding(
        role=signoff.role,
        name=signoff.name,
        decision=signoff.decision,
        at=recorded.at,
        signed=recorded.signature.state == "good",
        state=state,
        reason=reason,
        key=recorded.signature.key,
    )


def _state(case: Case, current: EvidenceSet, recorded: RecordedSignoff, signoff: Signoff) -> tuple[SignoffState, str]:
    signature = recorded.signature
    if not is_person(signoff.name, agents_of(case.planning)):
        return "invalid", f"{signoff.name[:60]!r} is no person's name, and only people sign"
    if signature.state == "bad":
        return "invalid", f"its signature does not hold: {signature.reason}"
    if case.policy.signoff.signatures == "required" and signature.state != "good":
        return "invalid", f"readiness.yaml demands a signature: {signature.reason}"
    since = f"since {signoff.name} signed as {signoff.role} on {day(recorded.at)}"
    if not recorded.in_place:
        return "void", f"VOID: {since}, the ledger before it changed"
    changed = difference(signoff.evidence_set, current, _paths(case, signoff))
    if changed:
        return "void", f"VOID: {since}, {_some(changed)} changed"
    return "valid", ""


def _paths(case: Case, signoff: Signoff) -> Sequence[str]:
    """The target's paths that changed since a sign-off, as far as they are known."""
    target = signoff.evidence_set.target
    return (case.circumstances.changes.get(target.commit) if target else None) or ()


def _some(words: Sequence[str]) -> str:
    more = f" and {len(words) - _SHOWN} more" if len(words) > _SHOWN else ""
    return ", ".join(words[:_SHOWN]) + more
