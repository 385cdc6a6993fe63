"""The real Messages API: one small story, carried out by a real model. ``pytest -m live``, with a key, costs cents."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest

from radeng_assets.execution.agent_policy import AgentPolicy, SpendingLimits
from radeng_assets.execution.broker.client import KEY, Broker
from radeng_assets_tests.execution.works import Works

LIMIT = Decimal("0.50")


@pytest.mark.live
def test_a_story_is_carried_out_by_a_real_model(tmp_path: Path) -> None:
    assert os.environ.get(KEY), f"set {KEY} to run the live test"
    policy = AgentPolicy(spending=SpendingLimits(story=LIMIT, wave=LIMIT, plan=LIMIT, day=LIMIT))
    works = Works(tmp_path, policy)
    broker = Broker.ensure(works.home, policy, os.environ)
    try:
        campaign = works.campaign(works.muster.claude("claude-haiku-5-5", ""))
        campaign.open_wave("wave-1", "live")
        outcome = campaign.carry_out("wave-1", "A-1", "live")
        assert outcome.status == "verified", outcome.reason
        assert 0 < Decimal(outcome.cost_usd) <= LIMIT
        assert outcome.tokens.input > 0
        assert works.integrated == ["A-1: Teach it to add"]
    finally:
        broker.end()
