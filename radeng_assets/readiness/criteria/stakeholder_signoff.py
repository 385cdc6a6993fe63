"""``stakeholder_signoff``: the required people approved this very evidence."""

from __future__ import annotations

from radeng_assets.readiness.case import Case
from radeng_assets.readiness.claims import NEED_TARGET, claim_of
from radeng_assets.readiness.verdict import CriterionVerdict

ID = "stakeholder_signoff"


def judge(case: Case) -> CriterionVerdict:
    """Judge the criterion."""
    return CriterionVerdict(
        id=ID,
        status="unverified",
        claimed=claim_of(case, ID),
        reason="nobody has signed the evidence of this commit",
        next="Let the stakeholders sign once the other criteria hold." if case.target else NEED_TARGET,
    )
