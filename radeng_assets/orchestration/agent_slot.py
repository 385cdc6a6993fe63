"""A slot of the pool ``agents`` for a step that needs one only sometimes, so that the plan's number of agents holds."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import contextmanager

import dagster as dg

from radeng_assets.orchestration.names import AGENT_POOL

POLL_S = 1.0
"""Dagster's own pace of asking for a slot."""


@contextmanager
def agent_slot(context: dg.OpExecutionContext) -> Generator[None]:
    """Wait for a slot and hold it, where the pool has a limit. What a killed step held is freed with its run."""
    storage, step = context.instance.event_log_storage, context.get_step_execution_context().step.key
    if AGENT_POOL not in {pool.name for pool in storage.get_pool_limits()}:
        yield
        return
    while not storage.claim_concurrency_slot(AGENT_POOL, context.run_id, step).is_claimed:
        time.sleep(POLL_S)
    try:
        yield
    finally:
        storage.free_concurrency_slot_for_step(context.run_id, step)
