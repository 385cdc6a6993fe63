"""The protocol of every runtime."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from radeng_assets.evidence.outcomes import GateOutcome, StoryOutcome, Ticket
from radeng_assets.planning.documents.execution_plan import Story


class Runtime(Protocol):
    """Carries stories out, or shows that nobody needs to; and runs the gates between them."""

    @property
    def name(self) -> str:
        """The mode's name, as ``--agent`` has it."""
        ...

    def carry_out(self, story: Story, ticket: Ticket, predecessors: Sequence[StoryOutcome]) -> StoryOutcome:
        """What the story came to. ``predecessors`` are the outcomes of the stories of the wave that it needs."""
        ...

    def gate(self, phase: str, ticket: Ticket) -> GateOutcome:
        """What the plan's gate ``phase`` (``post_wave``, ``post_final``) came to on the ticket's commit."""
        ...
