"""When a plan may be done: seeded Monte Carlo over its story graph, against the weeks that it claims itself."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from radeng_assets.planning.schedule import Schedule
from radeng_assets.record import Record

SEED = 20260114
RUNS = 10_000
BINS = 30

CELLS = 8_000_000
"""How many stories x runs are held at once (about 100 MB). It changes the memory and never the result."""

Floats = NDArray[np.float64]
Indices = NDArray[np.int32]

_NUMBER = r"(\d{1,4}(?:\.\d{1,4})?)"
_CLAIM = re.compile(
    rf"(?:about |approximately )?{_NUMBER}(?:(?: weeks?)? ?(?:-|–|—|to) ?{_NUMBER})?"  # noqa: RUF001
    r"(?: ?weeks?)?(?: ?\(.*|[,;.](?: .*)?| with .*)?",
    re.ASCII,
)


class Assumptions(Record):
    """What the forecast takes for granted. Nobody measured any of it; state your own where you have measured.

    A story takes ``points * days_per_point`` agent-days times a factor drawn from a lognormal distribution of mean 1
    and shape ``sigma``: a factor, so that large stories miss by more days, and lognormal because effort overruns
    without limit but never falls below nothing. 0.5 puts 80 % of the stories between 0.46 and 1.67 of their
    estimate. ``points_unstated`` stands in for a story without points.
    """

    days_per_point: float = Field(default=1.0, gt=0, le=1000)
    sigma: float = Field(default=0.5, ge=0, le=3)
    days_per_week: float = Field(default=5.0, gt=0, le=7)
    points_unstated: float = Field(default=5.0, ge=0, le=1000)


ASSUMPTIONS = Assumptions()


class Criticality(Record):
    """The share of runs (0 to 1) in which a story was on the chain that decided the end."""

    story: str
    share: float


class Histogram(Record):
    """Runs by weeks: ``counts[i]`` of them ended from ``edges[i]`` up to ``edges[i + 1]``."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]


class Forecast(Record):
    """When the plan may be done, counted in weeks from its start; shares from 0 to 1; four decimals throughout.

    ``p50_weeks`` and ``p85_weeks`` are what half and 85 % of the runs need at most. ``unestimated`` are stories
    without points. ``claim`` is what ``claimed`` says, ``probability_within_claim`` the share of runs that end by its
    upper end; both are ``None`` where the plan claims nothing that can be read.
    """

    seed: int
    runs: int
    agents: int
    assumptions: Assumptions
    p50_weeks: float
    p85_weeks: float
    mean_weeks: float
    criticality: tuple[Criticality, ...]
    histogram: Histogram
    unestimated: tuple[str, ...] = ()
    claimed: str | None = None
    claim: tuple[float, float] | None = None
    probability_within_claim: float | None = None

    @property
    def stated(self) -> tuple[str, ...]:
        """The assumptions in words, to be printed with the result."""
        given = self.assumptions
        return (
            f"{self.runs:,} runs from the seed {self.seed}.",
            f"One point takes {given.days_per_point:g} agent-day(s) on average; a week has "
            f"{given.days_per_week:g} days.",
            f"Effort varies by a lognormal factor of mean 1 and sigma {given.sigma:g}, each story on its own; a "
            "cause that delays many stories at once makes the true range wider.",
            f"At most {self.agents} stories at once, one agent each, handed out in the plan's order.",
            f"Stories without points, {len(self.unestimated)} here, count as {given.points_unstated:g} points each.",
            "These are assumptions, not measurements; gates, reviews and failed attempts are not counted.",
        )


def forecast(
    schedule: Schedule,
    *,
    seed: int = SEED,
    runs: int = RUNS,
    assumptions: Assumptions = ASSUMPTIONS,
    claimed: str | None = None,
) -> Forecast:
    """Simulate the schedule ``runs`` times; the same arguments give the same bytes (with one release of numpy: NEP 19).

    In every run stories are placed one by one in the schedule's order (the serial schedule generation scheme; R.
    Kolisch, "Serial and parallel resource-constrained project scheduling methods revisited", EJOR 90(2), 1996): each
    starts as soon as all that it waits for is done and an agent is free. It waits for its needs, for the story before
    it in a wave that runs in order, and for every story of every wave that its own wave needs. An agent who waits
    for such a story takes none of the later ones in between. ``claimed`` is the plan's own estimate. Needs that the
    plan lacks hold nothing up here; they are findings of the schedule.

    Raises ``ValueError`` for a schedule without stories, less than one run or a negative seed.
    """
    if not schedule.stories or runs < 1 or seed < 0:
        raise ValueError("a forecast needs a story, at least one run and a seed of 0 or more")
    waves = _waves(schedule)
    count = len(schedule.stories)
    draws = _Draws(schedule, seed, assumptions)
    days = np.empty(runs)
    hits = np.zeros(count, dtype=np.int64)
    chunk = max(1, CELLS // (count + len(waves)))
    for first in range(0, runs, chunk):
        size = min(chunk, runs - first)
        days[first : first + size] = _run(waves, draws.days(size), _Agents(min(schedule.agents, count), size), hits)
    weeks = days / assumptions.days_per_week
    claim = weeks_claimed(claimed) if claimed else None
    p50, p85 = np.quantile(weeks, (0.50, 0.85))
    return Forecast(
        seed=seed,
        runs=runs,
        agents=schedule.agents,
        assumptions=assumptions,
        p50_weeks=_rounded(p50),
        p85_weeks=_rounded(p85),
        mean_weeks=_rounded(weeks.mean()),
        criticality=tuple(
            Criticality(story=story.id, share=_rounded(number / runs))
            for story, number in zip(schedule.stories, hits, strict=True)
        ),
        histogram=_histogram(weeks),
        unestimated=tuple(story.id for story in schedule.stories if story.story.points is None),
        claimed=claimed,
        claim=claim,
        probability_within_claim=_rounded((weeks <= claim[1]).mean()) if claim else None,
    )


def weeks_claimed(text: str) -> tuple[float, float] | None:
    """The weeks that a text claims, from and to: ``8-12 weeks (with 3 agents)`` is 8 to 12, ``10`` is 10 to 10.

    A number alone is taken for weeks. ``None`` for another unit, a range that runs backwards and all other words.
    """
    match = _CLAIM.fullmatch(" ".join(text.translate(str.maketrans("", "", "*_`~")).split()).lower())
    if match is None:
        return None
    low = float(match.group(1))
    high = float(match.group(2) or low)
    return (low, high) if low <= high else None


@dataclass(frozen=True, slots=True)
class _Wave:
    """``needs`` are numbers of earlier waves; ``stories`` the number of each story and of those it waits for."""

    needs: tuple[int, ...]
    stories: tuple[tuple[int, tuple[int, ...]], ...]


def _waves(schedule: Schedule) -> tuple[_Wave, ...]:
    stories: dict[str, int] = {}
    numbers: dict[str, int] = {}
    waves: list[_Wave] = []
    for wave in schedule.waves:
        placed: list[tuple[int, tuple[int, ...]]] = []
        for story in wave.stories:
            waits_for = dict.fromkeys((*story.needs, *story.needs_elsewhere, *story.after))
            placed.append((len(stories), tuple(stories[name] for name in waits_for if name in stories)))
            stories[story.id] = len(stories)
        waves.append(_Wave(tuple(numbers[need] for need in wave.needs if need in numbers), tuple(placed)))
        numbers[wave.id] = len(numbers)
    return tuple(waves)


class _Draws:
    """Efforts in days. A story's stream is its own: no other story and no chunk size changes what it draws."""

    def __init__(self, schedule: Schedule, seed: int, assumptions: Assumptions) -> None:
        self.sigma = assumptions.sigma
        self.means: list[float] = []
        self.streams: list[np.random.Generator] = []
        for story in schedule.stories:
            points = story.story.points
            stated = float(max(0, points.value)) if points else assumptions.points_unstated
            self.means.append(stated * assumptions.days_per_point)
            name = int.from_bytes(hashlib.sha256(story.id.encode()).digest()[:16], "big")
            self.streams.append(np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, name]))))

    def days(self, runs: int) -> Iterator[Floats]:
        """The next ``runs`` efforts of every story, story by story."""
        for mean, stream in zip(self.means, self.streams, strict=True):
            # E[lognormal(mu, sigma)] = exp(mu + sigma^2 / 2), which is 1 for this mu.
            yield mean * stream.lognormal(-self.sigma * self.sigma / 2, self.sigma, runs)


@dataclass(frozen=True, slots=True)
class _Moment:
    """A time in days for every run, and the number of the story whose end it is (-1: the very beginning)."""

    time: Floats
    story: Indices | int

    def later(self, other: _Moment) -> _Moment:
        """The later of the two, run by run; this one where they are equal."""
        theirs = other.time > self.time
        return _Moment(
            np.where(theirs, other.time, self.time),
            np.where(theirs, other.story, self.story).astype(np.int32, copy=False),
        )


class _Agents:
    """When each agent is free again in each run, and after which story."""

    def __init__(self, agents: int, runs: int) -> None:
        self.free = np.zeros((agents, runs))
        self.story = np.full((agents, runs), -1, dtype=np.int32)
        self.runs = np.arange(runs)

    def choose(self, ready: Floats) -> tuple[Indices, _Moment]:
        """An agent for work that is ready then: of those free by then the one that idled least, else the next free.

        Whom to take does not change when this story starts. But an agent that waits for it can do nothing
        else meanwhile, and taking one that has been free for long would waste its time.
        """
        chosen = np.zeros(len(ready), dtype=np.int32)
        best: Floats = self.free[0]
        for number in range(1, len(self.free)):
            free: Floats = self.free[number]
            better = np.where(best <= ready, (free > best) & (free <= ready), free < best)
            best = np.where(better, free, best)
            np.copyto(chosen, number, where=better)
        return chosen, _Moment(best, self.story[chosen, self.runs])

    def occupy(self, chosen: Indices, until: Floats, story: int) -> None:
        """The chosen agents work on this story until then."""
        self.free[chosen, self.runs] = until
        self.story[chosen, self.runs] = story


def _run(waves: tuple[_Wave, ...], days: Iterator[Floats], agents: _Agents, hits: NDArray[np.int64]) -> Floats:
    """The days until all is done, run by run; adds to ``hits`` how often each story was on the deciding chain."""
    finish: list[_Moment] = []
    binding: list[Indices | int] = []
    done: list[_Moment] = []
    beginning = end = _Moment(np.zeros(1), -1)
    for wave in waves:
        gate = beginning
        for need in wave.needs:
            gate = gate.later(done[need])
        last = gate
        for number, needs in wave.stories:
            effort = next(days)
            ready = gate
            for need in needs:
                ready = ready.later(finish[need])
            time = np.broadcast_to(ready.time, effort.shape)
            chosen, free = agents.choose(time)
            start = _Moment(time, ready.story).later(free)
            binding.append(start.story)
            finish.append(_Moment(start.time + effort, number))
            agents.occupy(chosen, finish[number].time, number)
            last = last.later(finish[number])
        done.append(last)
        end = end.later(last)
    on_chain = np.array(end.story)
    # What binds a story was placed before it, so one pass from the last story to the first walks every chain.
    for number in range(len(finish) - 1, -1, -1):
        here = on_chain == number
        hits[number] += np.count_nonzero(here)
        np.copyto(on_chain, binding[number], where=here)
    return end.time


def _histogram(weeks: Floats) -> Histogram:
    """``BINS`` bins of equal width between whole weeks."""
    low = math.floor(weeks.min())
    width = max(1, math.ceil(weeks.max()) - low)
    edges = [low + width * number / BINS for number in range(BINS + 1)]
    counts, _ = np.histogram(weeks, bins=edges)
    return Histogram(edges=tuple(map(_rounded, edges)), counts=tuple(int(number) for number in counts))


def _rounded(number: float | np.floating) -> float:
    return round(float(number), 4)
