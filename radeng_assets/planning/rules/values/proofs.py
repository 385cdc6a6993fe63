"""Proofs that cannot fail."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.idle import can_fail
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each proof whose command ends with 0 whatever it is run on."""
    for entry in documents.verification.stories:
        for proof in entry.proofs:
            if not can_fail(proof.command.value):
                name, command = entry.story.value, proof.command
                message = (
                    f"Criterion {proof.criterion.value} of {name} is proved by {command.value[:80]!r} ({command.at}), "
                    "which can never fail."
                )
                yield Issue(
                    name, message, (command.at,), "Name a command that fails where the criterion does not hold."
                )


RULE = Rule(
    id="proof-cannot-fail",
    severity="error",
    why="A command that passes on anything shows nothing, so the criterion counts as unproved.",
    example="Criterion 2 of W1-S1 is proved by 'true' (verification.yaml:7), which can never fail.",
    check=check,
)
