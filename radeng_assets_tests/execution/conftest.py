"""A broker on a stand-in, both ended when the test ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import Protocol

import pytest

from radeng_assets.execution.agent_policy import AgentPolicy, RateLimits, SpendingLimits
from radeng_assets.execution.broker.client import Broker
from radeng_assets.execution.broker.line import Scope
from radeng_assets.execution.standin.server import Script, StandIn

KEY = "sk-ant-canary-0123456789abcdef"

RICH = SpendingLimits(story=Decimal(1000), wave=Decimal(1000), plan=Decimal(1000), day=Decimal(1000))
FAST = RateLimits(requests_per_minute=1_000_000, tokens_per_minute=1_000_000_000)
POLICY = AgentPolicy(spending=RICH, rates=FAST, turn_timeout_s=3, retry_deadline_s=6)

SCOPE = Scope(plan="p", wave="w", story="s", attempt=1)


class Start(Protocol):
    """Starts a stand-in with a script, and a broker on it under a policy."""

    def __call__(self, script: Script, policy: AgentPolicy = POLICY) -> tuple[StandIn, Broker]: ...


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a stand-in with a script, and a broker on it under a policy."""
    with ExitStack() as stack:

        def begin(script: Script, policy: AgentPolicy = POLICY) -> tuple[StandIn, Broker]:
            api = stack.enter_context(StandIn(script, key=KEY))
            home = tmp_path / "home"
            home.mkdir(exist_ok=True)
            environ = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": api.url}
            broker = Broker.ensure(home, policy, environ)
            stack.callback(broker.end)
            return api, broker

        yield begin
