"""No agent: what does the target's commit prove already? Nothing is changed, nobody is paid."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from radeng_assets.evidence.outcomes import GateOutcome, StoryOutcome, Ticket
from radeng_assets.execution.git import Commit, TargetRepository
from radeng_assets.execution.proof import Examiner, outcome_of
from radeng_assets.planning.documents.execution_plan import Story


@dataclass(frozen=True, slots=True)
class NoAgent:
    """Shows each story on the commit as it is. No story waits for another: each is judged for itself."""

    examiner: Examiner
    target: TargetRepository
    name: str = "none"
    ordered: bool = False

    def opening(self) -> Commit:
        """The target's HEAD."""
        return self.target.head()

    def standing(self) -> Commit:
        """The target's HEAD."""
        return self.target.head()

    def counts(self, commit: str | None, now: str | None) -> bool:
        """Only what was shown on this very commit."""
        return commit == now

    def confirm(self, story: Story, outcome: StoryOutcome, ticket: Ticket) -> StoryOutcome:
        """Nothing to do: whatever is done was shown on the ticket's commit."""
        del story, ticket
        return outcome

    def carry_out(
        self, story: Story, ticket: Ticket, predecessors: Sequence[StoryOutcome], log: Callable[[str], None]
    ) -> StoryOutcome:
        """``already_satisfied``, ``failed`` or ``blocked``; see ``proof.Examiner``."""
        del predecessors, log
        return outcome_of(story, ticket, self.examiner.examine(story, ticket), "already_satisfied", self.name)

    def gate(self, phase: str, ticket: Ticket) -> GateOutcome:
        """Run a gate's commands on the commit."""
        return self.examiner.gate_outcome(phase, ticket)
