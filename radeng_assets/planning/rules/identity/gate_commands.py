"""The per-story gate as people read it against the gate that is run."""

from __future__ import annotations

import re
from collections.abc import Iterator

from radeng_assets.planning.located import Fact
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule

_PER = re.compile(r"\bper[- ](?P<what>story|wave)\b", re.IGNORECASE)


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each command that one has and the other lacks."""
    for block in documents.master.commands:
        match = _PER.search(block.title.value)
        phase = f"post_{match['what'].lower()}" if match else ""
        planned: tuple[Fact[str], ...] = getattr(documents.plan.gates, phase) if phase else ()
        if not planned:
            continue
        told = {command.value: command for command in block.commands}
        run = {command.value: command for command in planned}
        for name, command in told.items():
            if name not in run:
                message = f"{name!r} is a gate in {command.at}, and {phase} ({planned[0].at}) does not run it."
                yield Issue(phase, message, (command.at, planned[0].at), "Add it to the plan's gates.")
        for name, command in run.items():
            if name not in told:
                message = f"{phase} runs {name!r} ({command.at}), which {block.title.at} does not name."
                yield Issue(phase, message, (command.at, block.title.at), "Name it in the master plan.")


RULE = Rule(
    id="gate-commands-differ",
    severity="error",
    why="Only the execution plan's gates are run. A gate that people read elsewhere and that nothing runs is no gate.",
    example="'bun run lint' is a gate in MASTER-IMPLEMENTATION-PLAN.md:930, and post_story does not run it.",
    check=check,
)
