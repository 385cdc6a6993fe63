"""A level is within its thresholds when every one of them holds, and says which does not."""

from __future__ import annotations

from typing import Any

import pytest

from radeng_assets.evidence.outcomes import Tokens
from radeng_assets.execution.load.limits import Limit
from radeng_assets.execution.load.report import Bare, Faults, Latency, Level, LoadReport, Machine, Memory, Terms

LEVEL = Level(
    agents=100,
    limit=Limit(agents=100, error_rate=0.05, p99_s=30.0),
    calls=1000,
    errors=0,
    error_bound=0.003,
    lost=(),
    distinct=100,
    peak_agents=100,
    peak_calls=97,
    tries=1030,
    injected=Faults(throttled=20, resets=10),
    latency=Latency(p50=2.5, p95=3.9, p99=4.4),
    tokens=Tokens(input=10, output=5),
    tokens_expected=Tokens(input=10, output=5),
    memory=Memory(agents=1, broker=1, together=2),
    wall_s=11.0,
    cpu_s=3.0,
    bare=Bare(wall_s=10.0, answered=1000),
)

SHORT: dict[str, tuple[dict[str, Any], str]] = {
    "a lost agent": ({"lost": ("agent-7: failed: because",)}, "agents lost: 1"),
    "errors": ({"errors": 60, "error_bound": 0.074}, "60 of 1000 turns"),
    "a bound at the limit": ({"error_bound": 0.05}, "the limit is 5.00%"),
    "slow turns": ({"latency": Latency(p50=1, p95=2, p99=30.0)}, "p99 is 30.00 s"),
    "no answer at all": ({"latency": None}, "no turn was answered"),
    "agents that were never answered": ({"distinct": 99}, "only 99 agents were answered"),
    "a ramp that never had all": ({"peak_agents": 99}, "only 99 agents were at work at once"),
    "tokens that nobody counted": ({"tokens": Tokens(input=9, output=5)}, "were counted"),
    "a slow fleet": ({"wall_s": 11.6}, "1.160 times"),
    "a bare loop that gave up": ({"bare": Bare(wall_s=10.0, answered=999)}, "nothing to compare"),
}


def report(*levels: Level) -> LoadReport:
    return LoadReport(
        at="2026-01-01T00:00:00.000Z",
        machine=Machine(cores=2, load=0.5, python="3.11", anthropic="2.12", radeng="0.1.0"),
        terms=Terms(fastest_s=1, slowest_s=4, throttled=0.02, resets=0.01, seed=4, overhead=1.15),
        limits_from="plan",
        levels=levels,
    )


def test_a_level_in_which_all_holds_is_within() -> None:
    assert LEVEL.shortfalls(1.15) == ()
    assert LEVEL.ratio == pytest.approx(1.1)
    assert report(LEVEL).within


@pytest.mark.parametrize("name", SHORT)
def test_what_is_short_is_said_and_is_no_pass(name: str) -> None:
    change, words = SHORT[name]
    level = LEVEL.model_copy(update=change)
    assert words in " | ".join(level.shortfalls(1.15))
    assert not report(LEVEL, level).within
    assert report(level).document()["within"] is False


def test_no_level_shows_nothing() -> None:
    assert not report().within
