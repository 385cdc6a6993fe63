"""Before agents start: the kill switch is off, models are known, the broker has the key and nobody else does."""

from __future__ import annotations

import os

from radeng_assets.cli import console
from radeng_assets.execution.agents.claude.models import ESCALATION, PLAIN, NoSuchModel, model_of
from radeng_assets.execution.broker.client import Broker, NoBroker, strip_key
from radeng_assets.execution.sandbox import NoSandbox, find_sandbox
from radeng_assets.home import Home
from radeng_assets.readiness.policy import Policy
from radeng_assets.settings import Settings


def prepare_agents(settings: Settings, policy: Policy) -> None:
    """Make the machine ready for a mode's agents. Leaves with code 2 for what would stop every one of them."""
    if settings.mode not in ("command", "claude"):
        return
    pulled = Home.of(settings).stop.pulled
    if pulled is not None:
        console.fail(f"everything is halted: {pulled}", hint="Lift it with `radeng stop --lift`.")
    if settings.mode == "command" and not settings.agent_command:
        console.fail("--agent command needs a command.", hint="Set RADENG_AGENT_COMMAND.")
    try:
        if find_sandbox(policy.agents.sandbox) is None:
            console.err.print("[yellow]Agents and gates run without a sandbox on this machine.[/]")
        if settings.mode == "claude":
            model_of(settings.model, PLAIN)
            model_of(settings.escalation_model, ESCALATION)
        if settings.mode == "claude" or policy.agents.api:
            Broker.ensure(settings.home, policy.agents, os.environ)
    except (NoSandbox, NoSuchModel, NoBroker) as error:
        console.fail(str(error))
    strip_key(os.environ)
