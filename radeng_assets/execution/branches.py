"""Names in a target's repository: where the results of stories are, and the work that failed."""

from __future__ import annotations

import re
from dataclasses import dataclass

OURS = ("refs/heads/radeng/", "refs/radeng/")
"""Every ref that we ever write begins so. Nothing else of a target changes."""


@dataclass(frozen=True, slots=True)
class Branches:
    """The refs of one plan. ``plan`` is its name: the planning folder's."""

    plan: str

    @property
    def integration(self) -> str:
        """Where proven stories are merged, one after another."""
        return f"refs/heads/radeng/{_part(self.plan)}/integration"

    @property
    def folders(self) -> tuple[str, ...]:
        """What every ref of this plan begins with."""
        return tuple(f"{prefix}{_part(self.plan)}/" for prefix in OURS)

    def story(self, story: str) -> str:
        """The proven result of one story, as it was merged."""
        return f"refs/heads/radeng/{_part(self.plan)}/{_part(story)}"

    def attempt(self, story: str, number: int) -> str:
        """What one attempt left behind, whatever it was worth."""
        return f"refs/radeng/{_part(self.plan)}/{_part(story)}/attempt-{number}"


def _part(name: str) -> str:
    """A name as one component of a ref (git-check-ref-format: no dot in front, no ``..``, no ``.lock`` at the end)."""
    plain = re.sub(r"[^A-Za-z0-9_.-]+", "-", name).strip("-.")
    plain = re.sub(r"\.{2,}", ".", plain)
    return (f"{plain}_" if plain.endswith(".lock") else plain) or "plan"
