"""``stakeholder_signoff``: the required people approved this very evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from radeng_assets.readiness.approval import SignoffStanding
from radeng_assets.readiness.case import Case
from radeng_assets.readiness.claims import NEED_TARGET, claim_of, stated
from radeng_assets.readiness.freshness import day
from radeng_assets.readiness.people import same_person
from radeng_assets.readiness.verdict import CriterionStatus, CriterionVerdict

ID = "stakeholder_signoff"


def judge(case: Case, signoffs: Sequence[SignoffStanding]) -> CriterionVerdict:
    """Judge the criterion by where the sign-offs stand. Unit: required roles that approved.

    Of each role the latest sign-off counts, whatever it is: an approval makes up for an earlier rejection of the same
    role only. A rejection counts from any role, an approval from those that the policy requires.
    """
    latest = {one.role: one for one in signoffs}
    roles = tuple(dict.fromkeys(case.policy.signoff.roles))
    approvals = [latest[role] for role in roles if role in latest and _approves(latest[role])]
    rejections = list(_rejections(latest))
    problems = [*_lacking(roles, latest), *rejections]
    if case.policy.signoff.distinct:
        problems += _same(approvals)
    if case.target is None:
        problems.append("there is no target, so no commit to approve")
    elif case.circumstances.head:
        # Work that agents merged on a branch of theirs is not the product yet, however well it is shown.
        problems.append(
            f"what is approved is {case.target.commit[:12]}, and the target's HEAD is {case.circumstances.head[:12]}"
        )
    void = any(role in latest and latest[role].state == "void" for role in roles)
    status: CriterionStatus = "verified"
    if problems:
        item = stated(case, ID)
        ticked = item is not None and item.ticked
        status = "contradicted" if rejections and ticked else "stale" if void and not rejections else "unverified"
    following = "Let the stakeholders sign once the other criteria hold: radeng sign."
    if case.circumstances.head:
        following = f"Merge what was shown into the target's branch (radeng/PLAN/integration). {following}"
    return CriterionVerdict(
        id=ID,
        status=status,
        claimed=claim_of(case, ID),
        measured=float(len(approvals)),
        threshold=float(len(roles)),
        reason="; ".join(problems) or ", ".join(_approved(one) for one in approvals),
        next="" if not problems else following if case.target else NEED_TARGET,
    )


def _approves(signoff: SignoffStanding) -> bool:
    return signoff.state == "valid" and signoff.decision == "approve"


def _lacking(roles: Sequence[str], latest: dict[str, SignoffStanding]) -> Iterator[str]:
    for role in roles:
        signoff = latest.get(role)
        if signoff is None:
            yield f"nobody has signed the evidence of this commit as {role}"
        elif signoff.state == "void":
            yield signoff.reason
        elif signoff.state == "invalid":
            yield f"the sign-off of {signoff.name or 'somebody'} as {role} does not count: {signoff.reason}"


def _rejections(latest: dict[str, SignoffStanding]) -> Iterator[str]:
    for signoff in latest.values():
        if signoff.state == "valid" and signoff.decision == "reject":
            yield f"{signoff.name} rejected it as {signoff.role} on {day(signoff.at)}"


def _same(approvals: Sequence[SignoffStanding]) -> Iterator[str]:
    for one, other in combinations(approvals, 2):
        if same_person(one.name, other.name):
            yield f"{one.role} and {other.role} are signed by one person, {one.name}"
        elif one.key and one.key == other.key:
            yield f"{one.role} and {other.role} are signed with one key, {one.key}"


def _approved(signoff: SignoffStanding) -> str:
    how = "signed with a key" if signoff.signed else "no signature"
    return f"approved by {signoff.name} as {signoff.role} on {day(signoff.at)} ({how})"
