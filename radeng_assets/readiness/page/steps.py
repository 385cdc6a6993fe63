"""What stands in the way, first things first: one entry for each thing to do, with the criteria that wait for it."""

from __future__ import annotations

from radeng_assets.readiness.page.facts import Step
from radeng_assets.readiness.verdict import CriterionStatus, CriterionVerdict, Verdict

_WORST: tuple[CriterionStatus, ...] = ("contradicted", "stale", "unverified")
"""What is shown to be otherwise comes before what was shown once, and that before what nobody knows."""


def steps_of(verdict: Verdict) -> tuple[Step, ...]:
    """Steps by their worst criterion, then by how many criteria they serve, then in the contract's order."""
    waiting: dict[str, list[CriterionVerdict]] = {}
    for item in sorted((c for c in verdict.criteria if c.status in _WORST), key=_rank):
        waiting.setdefault(item.next or "Look into the reason.", []).append(item)
    steps = [Step(do=do, criteria=tuple(items)) for do, items in waiting.items()]
    return tuple(sorted(steps, key=lambda step: (_rank(step.criteria[0]), -len(step.criteria))))


def _rank(item: CriterionVerdict) -> int:
    return _WORST.index(item.status)
