"""``ess``: both branches of the code index were tried, and answered."""

from __future__ import annotations

from pydantic import ValidationError

from radeng_assets.ess.trials import KINDS, BranchTrial, ShownTrial
from radeng_assets.evidence.states import State, combine
from radeng_assets.readiness.reports.assessment import Assessment, Table
from radeng_assets.readiness.reports.material import Material

ESS = "ess"


def assess(material: Material) -> Assessment:
    """The fallback must have been tried and have answered, and the service wherever one is configured.

    ``measured`` is the snapshot's veracity, in points of 100. A branch that nobody exercised is a claim.
    """
    shown: dict[str, ShownTrial] = {}
    for envelope in material.envelopes.values():
        for artifact in envelope.artifacts:
            try:
                trial = ShownTrial.model_validate_json(material.read(artifact.digest))
            except ValidationError:
                return Assessment(report=ESS, state="failed", reason=f"{artifact.name} of {envelope.kind} is no trial")
            if envelope.kind != KINDS[trial.trial.branch] or envelope.state != trial.trial.state:
                return Assessment(report=ESS, state="failed", reason=f"{envelope.kind} says what its trial does not")
            if trial.trial.state == "passed" and not _bears_out(trial.trial):
                return Assessment(report=ESS, state="failed", reason=f"{envelope.kind} passed, and was not that branch")
            shown[trial.trial.branch] = trial
    down, up = shown.get("service_down"), shown.get("service_up")
    if down is None or up is None or not down.trial.demanded:
        return Assessment(report=ESS, state="missing", reason="nobody exercised both of its branches")
    if (down.query, down.index) != (up.query, up.index):
        return Assessment(report=ESS, state="failed", reason="its branches were asked different things")
    states: list[State] = [down.snapshot_state, down.trial.state]
    reasons = [down.snapshot_reason] if down.snapshot_reason else []
    if up.trial.demanded:
        states.append(up.trial.state)
    return Assessment(
        report=ESS,
        state=combine(states),
        reason="; ".join(reasons),
        measured=None if down.veracity is None else float(down.veracity),
        threshold=float(material.policy.ess.veracity_minimum),
        tables=(
            Table(title="Branches", columns=("branch", "state", "what it showed"), rows=_rows(up.trial, down.trial)),
        ),
    )


def _bears_out(trial: BranchTrial) -> bool:
    """Whether a trial that passed went as its branch goes: a fallback that the service answered for was not tried."""
    if trial.branch == "service_down":
        return (trial.source, trial.outcome) == ("embedded", "unreachable") and trial.results > 0
    return (trial.source, trial.outcome, trial.health) == ("gateway", "answered", "healthy")


def _rows(*trials: BranchTrial) -> tuple[tuple[str, str, str], ...]:
    return tuple((trial.branch.replace("_", " "), trial.state, trial.reason) for trial in trials)
