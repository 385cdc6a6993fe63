"""What a load test must stay under: the plan's own limits, and those of the reference plan where it states none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from radeng_assets.planning.documents.testing_requirements import LoadCriterion
from radeng_assets.record import Record

OVERHEAD = 1.15
"""Wall time at most, as a multiple of the bare loop's."""


class Limit(Record):
    """From ``agents`` at once on: an error rate (a fraction) and a p99 latency (seconds) to stay below."""

    agents: int
    error_rate: float
    p99_s: float


REFERENCE = (
    Limit(agents=10, error_rate=0.01, p99_s=5.0),
    Limit(agents=50, error_rate=0.02, p99_s=10.0),
    Limit(agents=100, error_rate=0.05, p99_s=30.0),
)
"""TESTING-REQUIREMENTS.md 4.1 of the plan for rad-engineer-v2."""


def limits_of(criteria: Iterable[LoadCriterion]) -> tuple[Limit, ...]:
    """A plan's limits by number of agents; a criterion that lacks one of the two numbers is none."""
    stated = [
        Limit(agents=one.agents.value, error_rate=one.error_rate.value, p99_s=one.p99_seconds.value)
        for one in criteria
        if one.error_rate and one.p99_seconds and one.error_rate.value > 0
    ]
    return tuple(sorted(stated, key=_agents))


def limit_at(agents: int, limits: Sequence[Limit]) -> Limit:
    """The limit that holds at a number of agents: the last that is stated for no more, else the first."""
    below = [limit for limit in limits if limit.agents <= agents]
    return max(below, key=_agents) if below else min(limits, key=_agents)


def _agents(limit: Limit) -> int:
    return limit.agents
