"""The forecast against closed forms, against hand-made schedules, and against itself."""

from __future__ import annotations

import math
from pathlib import Path
from statistics import NormalDist

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from radeng_assets.canonical import canonical
from radeng_assets.planning import forecast as module
from radeng_assets.planning.documents.execution_plan import Constraints, ExecutionPlan, Story, Wave
from radeng_assets.planning.folder import read_planning, read_sources
from radeng_assets.planning.forecast import Assumptions, Forecast, forecast, weeks_claimed
from radeng_assets.planning.located import Fact
from radeng_assets.planning.schedule import Schedule, compile_schedule

FILE = "EXECUTION-PLAN.yaml"
NORMAL = NormalDist()
EXACT = Assumptions(sigma=0)
RUNS = 10_000


def fact(text: str) -> Fact[str]:
    return Fact(text, FILE, 1)


def story(name: str, points: int | None, *needs: str) -> Story:
    stated = None if points is None else Fact(points, FILE, 1)
    return Story(id=fact(name), points=stated, dependencies=tuple(map(fact, needs)))


def wave(name: str, *stories: Story, needs: tuple[str, ...] = (), parallel: bool = True) -> Wave:
    return Wave(id=fact(name), parallel=Fact(parallel, FILE, 1), dependencies=tuple(map(fact, needs)), stories=stories)


def schedule(*waves: Wave, agents: int = 1) -> Schedule:
    constraints = Constraints(max_parallel_agents=Fact(agents, FILE, 1))
    compiled, _ = compile_schedule(ExecutionPlan(file=FILE, waves=waves, constraints=constraints))
    assert compiled is not None
    return compiled


def days(compiled: Schedule) -> float:
    """How long the schedule takes if nothing varies."""
    result = forecast(compiled, assumptions=EXACT, runs=3)
    assert result.p50_weeks == result.p85_weeks == result.mean_weeks
    return result.mean_weeks * 5


def shares(result: Forecast) -> dict[str, float]:
    return {item.story: item.share for item in result.criticality}


def lognormal_cdf(value: float, mean: float, sigma: float) -> float:
    """P(X <= value) for a lognormal X with this mean: ln X is normal around ln(mean) - sigma^2 / 2."""
    return NORMAL.cdf((math.log(value / mean) + sigma**2 / 2) / sigma) if value > 0 else 0.0


def share_error(share: float) -> float:
    """The standard error of a share counted over ``RUNS`` runs."""
    return math.sqrt(share * (1 - share) / RUNS)


@pytest.mark.parametrize("sigma", [0.2, 0.5, 1.0])
@pytest.mark.parametrize(("quantile", "name"), [(0.5, "p50_weeks"), (0.85, "p85_weeks")])
def test_one_story_has_the_quantiles_of_the_lognormal(sigma: float, quantile: float, name: str) -> None:
    given = Assumptions(days_per_point=2, sigma=sigma, days_per_week=4)
    result = forecast(schedule(wave("w", story("a", 6))), assumptions=given)
    # 6 points x 2 days / 4 days a week = 3 weeks on average; the median is 3 exp(-sigma^2 / 2).
    z = NORMAL.inv_cdf(quantile)
    expected = 3 * math.exp(-(sigma**2) / 2 + sigma * z)
    density = NORMAL.pdf(z) / (sigma * expected)
    error = math.sqrt(quantile * (1 - quantile) / RUNS) / density
    assert abs(getattr(result, name) - expected) < 4 * error
    assert abs(result.mean_weeks - 3) < 4 * 3 * math.sqrt((math.exp(sigma**2) - 1) / RUNS)


def test_two_stories_in_sequence_add_up() -> None:
    in_order = wave("w", story("a", 3), story("b", 8), parallel=False)
    one_by_one = wave("w", story("a", 3), story("b", 8))
    # Two orders of work that come to the same: the plan says so, or there is but one agent.
    result = forecast(schedule(in_order, agents=2))
    assert forecast(schedule(one_by_one, agents=1)).mean_weeks == result.mean_weeks
    # E = 3 + 8; Var = (3^2 + 8^2)(exp(sigma^2) - 1).
    deviation = math.sqrt((9 + 64) * (math.exp(0.25) - 1)) / 5
    assert abs(result.mean_weeks - 11 / 5) < 4 * deviation / math.sqrt(RUNS)
    assert shares(result) == {"a": 1.0, "b": 1.0}
    # P(A + B <= t) has no formula but is one integral over A: here in 2,000 slices of equal probability.
    for weeks, quantile in ((result.p50_weeks, 0.50), (result.p85_weeks, 0.85)):
        slices = [3 * math.exp(-0.125 + 0.5 * NORMAL.inv_cdf((i + 0.5) / 2000)) for i in range(2000)]
        exact = sum(lognormal_cdf(weeks * 5 - first, 8, 0.5) for first in slices) / 2000
        assert abs(exact - quantile) < 4 * share_error(quantile)


def test_two_stories_at_once_end_with_the_later() -> None:
    both = wave("w", story("a", 5), story("b", 8))
    result = forecast(schedule(both, agents=2), claimed="1-2 weeks")
    # P(max <= 10 days) = P(A <= 10) P(B <= 10), since the two are independent.
    expected = lognormal_cdf(10, 5, 0.5) * lognormal_cdf(10, 8, 0.5)
    assert result.probability_within_claim is not None
    assert abs(result.probability_within_claim - expected) < 4 * share_error(expected)
    # P(A > B) = P(ln A - ln B > 0), and the difference is normal around ln(5 / 8) with deviation sigma sqrt(2).
    later = NORMAL.cdf(math.log(5 / 8) / (0.5 * math.sqrt(2)))
    assert abs(shares(result)["a"] - later) < 4 * share_error(later)
    assert sum(shares(result).values()) == pytest.approx(1.0, abs=1e-9)


def test_without_variation_two_stories_take_their_sum_or_the_longer() -> None:
    assert days(schedule(wave("w", story("a", 5), story("b", 8)), agents=2)) == 8
    assert days(schedule(wave("w", story("a", 5), story("b", 8)), agents=1)) == 13
    assert days(schedule(wave("w", story("a", 5), story("b", 8), parallel=False), agents=2)) == 13
    assert days(schedule(wave("w", story("a", 5), story("b", 8, "a")), agents=2)) == 13


def test_a_wave_waits_for_all_of_every_wave_that_it_needs() -> None:
    first = wave("w1", story("a", 2), story("b", 7))
    waves = (first, wave("w2", needs=("w1",)), wave("w3", story("c", 1), needs=("w2",)))
    # c needs neither a nor b, and the wave between has no story: the wait is handed on all the same.
    assert days(schedule(*waves, agents=4)) == 8
    assert shares(forecast(schedule(*waves, agents=4), assumptions=EXACT)) == {"a": 0.0, "b": 1.0, "c": 1.0}
    free = (first, wave("w3", story("c", 1)))
    assert days(schedule(*free, agents=4)) == 7
    # A need of one story of another wave, where the wave itself names none.
    assert days(schedule(first, wave("w3", story("c", 6, "a")), agents=4)) == 8


def test_agents_are_shared_by_all_waves() -> None:
    waves = (wave("w1", story("a", 4), story("b", 2)), wave("w2", story("c", 3), story("d", 1)))
    # Two agents: a 0-4, b 0-2, c 2-5, d 4-5. What ends last is c, which waited for b's agent.
    result = forecast(schedule(*waves, agents=2), assumptions=EXACT)
    assert result.mean_weeks == 1.0
    assert shares(result) in ({"a": 0.0, "b": 1.0, "c": 1.0, "d": 0.0}, {"a": 1.0, "b": 0.0, "c": 0.0, "d": 1.0})


def test_a_wave_in_order_keeps_one_agent_and_leaves_the_others_to_other_waves() -> None:
    waves = (wave("w1", story("a", 5), story("b", 5), parallel=False), wave("w2", story("c", 5), story("d", 5)))
    assert days(schedule(*waves, agents=2)) == 10


def test_the_seed_decides_everything() -> None:
    plan = schedule(wave("w", story("a", 3), story("b", 5), story("c", 8, "a")), agents=2)
    first = canonical(forecast(plan, runs=500))
    assert canonical(forecast(plan, runs=500)) == first
    assert forecast(plan, seed=1, runs=500).p50_weeks != forecast(plan, runs=500).p50_weeks


def test_how_many_runs_are_held_at_once_changes_no_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = schedule(wave("w", story("a", 3), story("b", 5), story("c", 8, "a")), agents=2)
    whole = canonical(forecast(plan, runs=1_000))
    monkeypatch.setattr(module, "CELLS", 4 * 17)
    assert canonical(forecast(plan, runs=1_000)) == whole


def test_a_story_draws_the_same_whatever_stands_around_it() -> None:
    alone = forecast(schedule(wave("w", story("a", 8))), runs=200)
    among = forecast(schedule(wave("w", story("z", 0), story("a", 8), story("y", 0)), agents=3), runs=200)
    assert among.histogram == alone.histogram
    assert forecast(schedule(wave("w", story("b", 8))), runs=200).p50_weeks != alone.p50_weeks


def test_what_the_plan_leaves_out_is_assumed_and_named() -> None:
    plan = schedule(wave("w", story("a", 3), story("b", None), story("c", -4), parallel=False))
    result = forecast(plan, assumptions=Assumptions(sigma=0, points_unstated=2), runs=10)
    assert result.mean_weeks == 1.0
    assert result.unestimated == ("b",)
    words = " ".join(result.stated)
    for said in (
        "10 runs",
        "seed 20260114",
        "1 agent-day(s)",
        "sigma 0",
        "1 here, count as 2 points",
        "not measurements",
    ):
        assert said in words


def test_a_plan_without_any_effort_takes_no_time() -> None:
    result = forecast(schedule(wave("w", story("a", 0), story("b", 0, "a"))), runs=10, claimed="1")
    assert (result.p50_weeks, result.p85_weeks, result.probability_within_claim) == (0.0, 0.0, 1.0)
    assert shares(result) == {"a": 0.0, "b": 0.0}


def test_needs_that_the_plan_lacks_hold_nothing_up() -> None:
    assert days(schedule(wave("w", story("a", 3, "ghost"), needs=("nowhere",)))) == 3


def test_every_run_is_in_the_histogram() -> None:
    for points in (1, 10**18 - 1):
        result = forecast(schedule(wave("w", story("a", points))), runs=1_000)
        assert sum(result.histogram.counts) == 1_000
        assert len(result.histogram.edges) == len(result.histogram.counts) + 1 == 31


def test_what_cannot_be_forecast_is_refused() -> None:
    plan = schedule(wave("w", story("a", 1)))
    for refused in (
        lambda: forecast(Schedule()),
        lambda: forecast(plan, runs=0),
        lambda: forecast(plan, seed=-1),
    ):
        with pytest.raises(ValueError, match="a forecast needs"):
            refused()
    for wrong in ({"sigma": -0.1}, {"sigma": math.nan}, {"days_per_point": 0}, {"days_per_week": 8}):
        with pytest.raises(ValidationError):
            Assumptions.model_validate(wrong)


@pytest.mark.parametrize(
    ("text", "weeks"),
    [
        ("8-12", (8, 12)),
        ("8-12 weeks (with 2-3 agents)", (8, 12)),
        ("**8 – 12 Weeks**", (8, 12)),  # noqa: RUF001
        ("8 weeks to 12 weeks", (8, 12)),
        ("about 10 weeks", (10, 10)),
        ("10", (10, 10)),
        ("1 week", (1, 1)),
        ("2.5 weeks, at most", (2.5, 2.5)),
        ("12-8 weeks", None),
        ("10 days", None),
        ("8-12 months", None),
        ("8 weeks or 12 weeks", None),
        ("8 weeks and 3 days", None),
        ("8-12 story points", None),
        ("2026-01-14", None),
        ("1,000 weeks", None),
        ("1.2.3", None),
        ("-3", None),
        ("soon", None),
        ("", None),
    ],
)
def test_weeks_claimed(text: str, weeks: tuple[float, float] | None) -> None:
    assert weeks_claimed(text) == weeks
    result = forecast(schedule(wave("w", story("a", 5))), runs=10, claimed=text)
    assert (result.probability_within_claim is None) == (weeks is None)


def test_a_claim_holds_up_to_its_upper_end() -> None:
    plan = schedule(wave("w", story("a", 10)))
    for claimed, expected in (("1-2", 1.0), ("2", 1.0), ("3-4", 1.0), ("1-1.9", 0.0)):
        assert forecast(plan, assumptions=EXACT, runs=5, claimed=claimed).probability_within_claim == expected


def test_the_published_plan(real_folder: Path) -> None:
    planning = read_planning(read_sources(real_folder))
    assert planning.execution_plan is not None
    assert planning.execution_plan.meta.estimated_weeks is not None
    compiled, findings = compile_schedule(planning.execution_plan)
    assert compiled is not None
    assert not findings
    result = forecast(compiled, claimed=planning.execution_plan.meta.estimated_weeks.value)
    assert result.claim == (8, 12)
    # 107 points are 21.4 weeks for one agent; the longest chain W1-S2, W2-S1..3, W5-S1..3, W6-S1..4 is 58
    # points, 11.6 weeks. The middle of the runs lies above it, since any chain may turn out the longest.
    assert 11.6 * 0.95 < result.p50_weeks < result.p85_weeks < 21.4
    assert len(result.criticality) == 23
    assert all(0 <= share <= 1 for share in shares(result).values())
    assert sum(shares(result).values()) >= 1
    assert shares(result)["W6-S4"] > 0.9 > shares(result)["W3-S3"]
    assert days(compiled) == pytest.approx(58)


@st.composite
def plans(draw: st.DrawFn) -> tuple[Wave, ...]:
    waves: list[Wave] = []
    names: list[str] = []
    for number in range(draw(st.integers(1, 4))):
        stories: list[Story] = []
        for _ in range(draw(st.integers(0 if waves else 1, 4))):
            needs = draw(st.sets(st.sampled_from(names), max_size=3)) if names else set[str]()
            names.append(f"s{len(names)}")
            stories.append(story(names[-1], draw(st.integers(0, 8)), *sorted(needs)))
        before = [item.id.value for item in waves]
        needed = draw(st.sets(st.sampled_from(before))) if before else set[str]()
        waves.append(wave(f"w{number}", *stories, needs=tuple(sorted(needed)), parallel=draw(st.booleans())))
    return tuple(waves)


def longest_chain(waves: tuple[Wave, ...]) -> int:
    """The end of the plan for any number of agents: an independent walk over waves and stories in file order."""
    ends: dict[str, int] = {}
    done: dict[str, int] = {}
    for item in waves:
        opened = max((done[need.value] for need in item.dependencies), default=0)
        last = opened
        before = opened
        for each in item.stories:
            begin = max([opened, *(ends[need.value] for need in each.dependencies)])
            if item.parallel and not item.parallel.value:
                begin = max(begin, before)
            before = ends[each.id.value] = begin + (each.points.value if each.points else 0)
            last = max(last, before)
        done[item.id.value] = last
    return max(done.values())


@settings(max_examples=60)
@given(plans(), st.integers(1, 5))
def test_no_plan_beats_its_longest_chain_or_exceeds_one_agents_work(waves: tuple[Wave, ...], agents: int) -> None:
    total = sum(each.points.value for item in waves for each in item.stories if each.points)
    chain = longest_chain(waves)
    taken = days(schedule(*waves, agents=agents))
    assert taken >= max(chain, total / agents) - 1e-3
    assert taken <= total + 1e-3
    assert days(schedule(*waves, agents=1)) == pytest.approx(total, abs=1e-3)
    assert days(schedule(*waves, agents=16)) == pytest.approx(chain, abs=1e-3)


@settings(max_examples=30)
@given(plans(), st.integers(1, 4))
def test_the_deciding_chain_accounts_for_the_whole_time(waves: tuple[Wave, ...], agents: int) -> None:
    # Each story of the chain starts when the one before it ends, so without variation its points are the makespan.
    plan = schedule(*waves, agents=agents)
    critical = shares(forecast(plan, assumptions=EXACT, runs=2))
    points = {each.id.value: each.points.value for item in waves for each in item.stories if each.points}
    assert set(critical.values()) <= {0.0, 1.0}
    assert sum(points[name] * share for name, share in critical.items()) == pytest.approx(days(plan), abs=1e-3)
