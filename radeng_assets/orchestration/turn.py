"""A run that is ordered before its wave's turn: what it does at once, and where it waits.

Making a run and starting its first step takes seconds, which nobody need wait for once the waves before are done.
"""

from __future__ import annotations

import time
from typing import Protocol

import dagster as dg

from radeng_assets.orchestration.names import AFTER_TAG, SESSION_TAG
from radeng_assets.orchestration.site import Site

POLL_S = 0.1
"""How often the ledger is asked whether the waves before are over."""


class _InRun(Protocol):
    @property
    def run(self) -> dg.DagsterRun: ...


def await_turn(site: Site, context: _InRun) -> None:
    """Return when all waves that the run's tag names are over in its session, or everything is to halt."""
    tags = context.run.tags
    before = {wave for wave in tags.get(AFTER_TAG, "").split(",") if wave}
    if not before:
        return
    while not before <= site.campaign.over(tags[SESSION_TAG]) and site.home.stop.pulled is None:
        time.sleep(POLL_S)
