"""``ess_integration``: the code index answers, with the service up and with it down, and it can be trusted."""

from __future__ import annotations

from radeng_assets.readiness.case import Case
from radeng_assets.readiness.criteria.reports import judge_report
from radeng_assets.readiness.reports.ess import ESS
from radeng_assets.readiness.verdict import HOLDING, CriterionVerdict

ID = "ess_integration"

_NEXT = "Build the code index of this commit, and exercise both the service and its fallback."


def judge(case: Case) -> CriterionVerdict:
    """Judge the criterion. Unit: points of veracity, of 100.

    A report passes when every branch that is demanded was shown: the fallback always, the service where one is
    configured. A branch that nobody exercised is a claim, and an index below the policy's veracity is no help.
    """
    threshold = float(case.policy.ess.veracity_minimum)
    found = judge_report(case, ID, case.reports[ESS], unmeasured=_NEXT)
    if found.status not in HOLDING:
        return found
    if not found.evidence:
        return _doubted(found, "nobody exercised its branches: no evidence is cited", _NEXT)
    if found.measured is None:
        return _doubted(found, "the snapshot's veracity was not measured", _NEXT)
    if found.measured < threshold:
        words = f"veracity {found.measured:g} of 100, at least {threshold:g} is demanded"
        mend = "Mend the faults that the snapshot's table lists, or lower ess.veracity_minimum in readiness.yaml."
        return _doubted(found, f"{words}; {found.reason}", mend)
    return found


def _doubted(found: CriterionVerdict, reason: str, mend: str) -> CriterionVerdict:
    return found.model_copy(update={"status": "unverified", "reason": reason, "next": mend})
