"""No agent: what does the target's commit prove already? Nothing is changed, nobody is paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from radeng_assets.evidence.outcomes import GateOutcome, StoryOutcome, Ticket
from radeng_assets.execution.gates import Prover
from radeng_assets.execution.git import TargetRepository
from radeng_assets.execution.proof import prove_story
from radeng_assets.planning.documents.execution_plan import ExecutionPlan, Story
from radeng_assets.planning.documents.verification import Verification


@dataclass(frozen=True, slots=True)
class NoAgent:
    """Shows each story on the commit as it is. No story waits for another: each is judged for itself."""

    plan: ExecutionPlan
    verification: Verification | None
    prover: Prover
    target: TargetRepository
    name: str = "none"

    def carry_out(self, story: Story, ticket: Ticket, predecessors: Sequence[StoryOutcome]) -> StoryOutcome:
        """``already_satisfied``, ``failed`` or ``blocked``; see ``proof.prove_story``."""
        del predecessors
        return prove_story(
            story,
            ticket=ticket,
            gates=self.plan.gates,
            gates_required=self.plan.gates_required,
            verification=self.verification,
            prover=self.prover,
            target=self.target,
            mode=self.name,
        )

    def gate(self, phase: str, ticket: Ticket) -> GateOutcome:
        """Run a gate's commands on the commit. An empty gate shows nothing: ``missing``."""
        shown = self.prover.show(f"gate:{phase}", phase, self.plan.gates.commands(phase), ticket)
        return GateOutcome(
            phase=phase,
            state=shown.state,
            plan=ticket.plan,
            session=ticket.session,
            commit=ticket.commit,
            evidence=shown.evidence,
            reason=shown.reason,
        )
