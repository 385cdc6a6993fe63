"""Before a fleet starts: its engine is installed, its addresses are set, and this home is part of it."""

from __future__ import annotations

import os

from radeng_assets.cli import console
from radeng_assets.evidence.ledger import LedgerParted
from radeng_assets.home import Home
from radeng_assets.orchestration.fleet.terms import NoEngine, require_engine
from radeng_assets.readiness.policy import Policy
from radeng_assets.settings import Settings


def prepare_engine(settings: Settings, policy: Policy | None = None) -> None:
    """Leave with code 2 where the executor of these settings cannot be used, and say what to install or to set."""
    try:
        require_engine(settings, os.environ)
    except NoEngine as error:
        console.fail(str(error))
    if policy is not None and settings.fleet and settings.mode == "command" and policy.agents.api:
        console.fail(
            f"RADENG_EXECUTOR={settings.executor} cannot carry out agents with agents.api in readiness.yaml: "
            "each machine would have a budget of its own.",
            hint="Run them with RADENG_EXECUTOR=processes.",
        )


def join_fleet(settings: Settings) -> None:
    """Make a home part of its fleet: what it showed as one machine's is everybody's. Leaves with code 2."""
    try:
        Home.of(settings).join()
    except LedgerParted as error:
        console.fail(str(error))
