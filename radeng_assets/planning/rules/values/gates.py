"""Required gates without commands, or with some that cannot fail."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.documents.execution_plan import GATE_PHASES
from radeng_assets.planning.idle import can_fail
from radeng_assets.planning.located import Fact, Place
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule


def check(documents: Documents) -> Iterator[Issue]:
    """Phases without a command, unless gates are not required, and commands that cannot fail."""
    plan = documents.plan
    if not plan.stories:
        return
    required = plan.constraints.quality_gate_required
    for phase in GATE_PHASES:
        commands: tuple[Fact[str], ...] = getattr(plan.gates, phase)
        if plan.gates_required and not commands:
            at = (required.at,) if required else (Place(plan.file),)
            message = f"{phase} has no command, and quality gates are required ({at[0]})."
            yield Issue(phase, message, at, f"Name the commands of {phase}.")
        for command in commands:
            if not can_fail(command.value):
                message = f"{phase} runs {command.value!r} ({command.at}), which can never fail."
                yield Issue(phase, message, (command.at,), "Name a command that can fail.")


RULE = Rule(
    id="gate-without-command",
    severity="error",
    why="An empty gate proves nothing and looks like one that passed.",
    example="post_wave has no command, and quality gates are required (EXECUTION-PLAN.yaml:29).",
    check=check,
)
