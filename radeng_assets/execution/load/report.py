"""The record of a load test: counts, and what they are short of. Whoever judges it later finds every number here."""

from __future__ import annotations

from typing import Literal

from radeng_assets.evidence.outcomes import Tokens
from radeng_assets.execution.load.figures import CONFIDENCE
from radeng_assets.execution.load.limits import Limit
from radeng_assets.record import Record


class Faults(Record):
    """How many tries came to nothing: answered with 429 or 529, or ended by a TCP reset."""

    throttled: int = 0
    resets: int = 0


class Latency(Record):
    """Turn latencies in seconds, from an agent's asking to the whole reply: nearest-rank percentiles."""

    p50: float
    p95: float
    p99: float


class Memory(Record):
    """Resident bytes: the highest of samples while the agents worked. ``agents`` is the process that they are in."""

    agents: int
    broker: int
    together: int


class Bare(Record):
    """The bare SDK loop on the same turns: wall time in seconds, and how many it was answered."""

    wall_s: float
    answered: int


class Level(Record):
    """What was measured at one number of agents.

    ``calls`` are the turns of the scenario, ``errors`` those that no agent got an answer to; ``error_bound`` is the
    error rate's exact upper bound. ``distinct`` and ``tries`` are the broker's own count: agents that it answered, and
    requests that it sent for them. ``injected`` are the faults that lay on the way. ``peak_agents`` is how many were
    between their first asking and their last answer at once, ``peak_calls`` how many turns were in flight at once.
    ``lost`` says which agents did not end with all their work there, and why.
    """

    agents: int
    limit: Limit
    calls: int
    errors: int
    error_bound: float
    lost: tuple[str, ...]
    distinct: int
    peak_agents: int
    peak_calls: int
    tries: int
    injected: Faults
    latency: Latency | None
    tokens: Tokens
    tokens_expected: Tokens
    memory: Memory
    wall_s: float
    cpu_s: float
    bare: Bare

    @property
    def ratio(self) -> float | None:
        """Wall time over the bare loop's; ``None`` where one of the two did not do all of the work."""
        if self.errors or self.lost or self.bare.answered < self.calls or self.bare.wall_s <= 0:
            return None
        return self.wall_s / self.bare.wall_s

    def shortfalls(self, overhead: float) -> tuple[str, ...]:
        """Everything that keeps the level from being within its thresholds, in words."""
        ratio, worst = self.ratio, self.latency.p99 if self.latency else None
        found = {
            f"agents lost: {len(self.lost)}": bool(self.lost),
            f"the error rate may be {self.error_bound:.2%} ({self.errors} of {self.calls} turns), "
            f"the limit is {self.limit.error_rate:.2%}": self.error_bound >= self.limit.error_rate,
            "no turn was answered": worst is None,
            f"p99 is {worst or 0:.2f} s, the limit is {self.limit.p99_s:g} s": (worst or 0) >= self.limit.p99_s,
            f"only {self.distinct} agents were answered": self.distinct < self.agents,
            f"only {self.peak_agents} agents were at work at once": self.peak_agents < self.agents,
            f"{self.tokens} were counted, {self.tokens_expected} were used": self.tokens != self.tokens_expected,
            "nothing to compare the wall time with": ratio is None,
            f"it took {ratio or 0:.3f} times as long as the bare loop, {overhead:g} is the most": (
                ratio is not None and ratio > overhead
            ),
        }
        return tuple(words for words, holds in found.items() if holds)


class Terms(Record):
    """What was asked for: seconds of a turn of the stand-in, fractions of its faults, and the seed of both."""

    fastest_s: float
    slowest_s: float
    throttled: float
    resets: float
    seed: int
    overhead: float


class Machine(Record):
    """What it ran on. ``load`` is the one-minute load average at the start: what others took away."""

    cores: int
    load: float
    python: str
    anthropic: str
    radeng: str


class LoadReport(Record):
    """A whole load test."""

    format: Literal["radeng/load/v1"] = "radeng/load/v1"
    at: str
    machine: Machine
    terms: Terms
    limits_from: Literal["plan", "reference"]
    bound: str = f"Clopper-Pearson, exact, one-sided, {CONFIDENCE:g}"
    workspace: str = "a plain folder for each agent, no sandbox, no commands"
    levels: tuple[Level, ...]

    @property
    def within(self) -> bool:
        """Whether every level is within its thresholds; without a level nothing is shown."""
        return bool(self.levels) and not any(level.shortfalls(self.terms.overhead) for level in self.levels)

    def document(self) -> dict[str, object]:
        """The contract's document, with what follows from the numbers written out."""
        body = self.model_dump(mode="json", exclude={"format", "levels"})
        levels = [
            {
                **level.model_dump(mode="json"),
                "ratio": level.ratio,
                "shortfalls": list(level.shortfalls(self.terms.overhead)),
            }
            for level in self.levels
        ]
        return {"schema": self.format, "within": self.within, **body, "levels": levels}
