"""The protocol of every runtime: how stories are carried out, and on which commits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from radeng_assets.evidence.outcomes import GateOutcome, StoryOutcome, Ticket
from radeng_assets.execution.git import Commit
from radeng_assets.planning.documents.execution_plan import Story


class Runtime(Protocol):
    """Carries stories out, or shows that nobody needs to; and runs the gates between them."""

    @property
    def name(self) -> str:
        """The mode's name, as ``--agent`` has it."""
        ...

    @property
    def ordered(self) -> bool:
        """Whether a wave waits for those that it depends on."""
        ...

    def opening(self) -> Commit | None:
        """The commit that a wave opens on; ``None`` where nothing is carried out."""
        ...

    def standing(self) -> Commit | None:
        """The commit that a verdict is about now."""
        ...

    def counts(self, commit: str | None, now: str | None) -> bool:
        """Whether what was shown on ``commit`` opens the way for others when ``now`` is the one in question."""
        ...

    def carry_out(
        self, story: Story, ticket: Ticket, predecessors: Sequence[StoryOutcome], log: Callable[[str], None]
    ) -> StoryOutcome:
        """What the story came to; ``predecessors`` are the outcomes of those that it needs. Raises ``Stopped``."""
        ...

    def gate(self, phase: str, ticket: Ticket) -> GateOutcome:
        """What the plan's gate ``phase`` (``post_wave``, ``post_final``) came to on the ticket's commit.

        Raises ``Stopped``.
        """
        ...

    def confirm(self, story: Story, outcome: StoryOutcome, ticket: Ticket) -> StoryOutcome:
        """A done story, shown once more on the ticket's commit."""
        ...
