"""verification.yaml: how a plan's prose criteria are proved by commands."""

from __future__ import annotations

from radeng_assets.planning.located import Fact
from radeng_assets.record import Record


class Proof(Record):
    """The command that proves one criterion. ``criterion`` is its 1-based number in the story."""

    criterion: Fact[int]
    command: Fact[str]
    timeout_s: Fact[float] | None = None


class StoryVerification(Record):
    """What ``verification.yaml`` says of one story: proofs, and explicit links to gaps and risks.

    ``may_change`` are existing tests, gate scripts and settings (paths or globs) that the story is to change; without
    it they stay as the base has them.
    """

    story: Fact[str]
    proofs: tuple[Proof, ...] = ()
    addresses: tuple[Fact[str], ...] = ()
    mitigates: tuple[Fact[str], ...] = ()
    may_change: tuple[Fact[str], ...] = ()


class Verification(Record):
    """The whole document. ``setup`` are the commands that make a fresh worktree runnable."""

    file: str
    setup: tuple[Fact[str], ...] = ()
    stories: tuple[StoryVerification, ...] = ()

    def of(self, story: str) -> StoryVerification | None:
        """What is said of one story, by id."""
        return next((entry for entry in self.stories if entry.story.value == story), None)
