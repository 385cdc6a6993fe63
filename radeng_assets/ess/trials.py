"""What trying both branches of the code index showed, as it is kept. Light: whoever judges needs no gateway."""

from __future__ import annotations

from typing import Final, Literal

from radeng_assets.ess.answer import Source
from radeng_assets.ess.gateway.exchange import HealthState, Outcome
from radeng_assets.evidence.states import State, combine
from radeng_assets.record import Record

REPORT: Final = "ess"

KINDS: Final[dict[Literal["service_up", "service_down"], str]] = {
    "service_up": "ess:service_up",
    "service_down": "ess:service_down",
}
"""The kind of the envelope of each branch."""


class BranchTrial(Record):
    """What one branch showed.

    ``demanded`` is whether the criterion hangs on it: the service need not be up where none is configured, and then
    its trial is ``missing``. ``source`` is who answered, with how many places, in how many seconds; ``outcome`` is what
    became of asking the gateway.
    """

    branch: Literal["service_up", "service_down"]
    demanded: bool
    state: State
    reason: str
    health: HealthState | None = None
    outcome: Outcome | None = None
    source: Source | None = None
    results: int = 0
    elapsed_s: float = 0.0


class Exercise(Record):
    """Both trials of one query on one snapshot."""

    query: str
    commit: str
    index: str
    up: BranchTrial
    down: BranchTrial

    @property
    def state(self) -> State:
        """All that is demanded, together."""
        return combine(trial.state for trial in (self.up, self.down) if trial.demanded)


class ShownTrial(Record):
    """What an envelope keeps of one branch: the trial, and the snapshot that it was tried on."""

    query: str
    index: str
    snapshot_state: State
    snapshot_reason: str
    veracity: int | None
    trial: BranchTrial
