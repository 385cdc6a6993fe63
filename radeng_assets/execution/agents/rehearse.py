"""A rehearsal: the plan is walked in its order, and nothing runs. It shows nothing and never passes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from radeng_assets.evidence.outcomes import CriterionOutcome, GateOutcome, StoryOutcome, Ticket
from radeng_assets.planning.documents.execution_plan import Story


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Answers ``rehearsed`` for every story whose predecessors were rehearsed, else ``blocked``."""

    name: str = "rehearse"
    ordered: bool = True

    def opening(self) -> None:
        """No commit: nothing is carried out."""

    def standing(self) -> None:
        """No commit."""

    def counts(self, commit: str | None, now: str | None) -> bool:
        """Only other rehearsals."""
        return commit == now

    def confirm(self, story: Story, outcome: StoryOutcome, ticket: Ticket) -> StoryOutcome:
        """Nothing to do: nothing was shown."""
        del story, ticket
        return outcome

    def carry_out(
        self, story: Story, ticket: Ticket, predecessors: Sequence[StoryOutcome], log: Callable[[str], None]
    ) -> StoryOutcome:
        """The story's place in the walk."""
        del log
        waiting = [item.story for item in predecessors if item.status != "rehearsed"]
        return StoryOutcome(
            story=story.id.value,
            wave=ticket.wave,
            status="blocked" if waiting else "rehearsed",
            mode=self.name,
            plan=ticket.plan,
            session=ticket.session,
            criteria=tuple(
                CriterionOutcome(number=number, text=text.value, state="rehearsed")
                for number, text in enumerate(story.criteria, start=1)
            ),
            reason=f"waits for {', '.join(waiting)}" if waiting else "rehearsed: nothing ran",
        )

    def gate(self, phase: str, ticket: Ticket) -> GateOutcome:
        """No gate runs in a rehearsal."""
        return GateOutcome(
            phase=phase,
            state="rehearsed",
            plan=ticket.plan,
            session=ticket.session,
            reason="rehearsed: no command ran",
        )
