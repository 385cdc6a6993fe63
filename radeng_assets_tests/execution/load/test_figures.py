"""The arithmetic of a load test, against its definitions and published values."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.execution.load.figures import CONFIDENCE, at_once, calls_needed, percentile, upper_bound

SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 30)).map(lambda span: (span[0], span[0] + span[1])))


@st.composite
def counts(draw: st.DrawFn) -> tuple[int, int]:
    """(errors, calls) with at least one call that is no error."""
    calls = draw(st.integers(1, 80))
    return draw(st.integers(0, calls - 1)), calls


@given(counts())
def test_at_the_bound_so_few_errors_have_the_probability_that_is_left(count: tuple[int, int]) -> None:
    errors, calls = count
    rate = Fraction(upper_bound(errors, calls))
    exact = sum(math.comb(calls, k) * rate**k * (1 - rate) ** (calls - k) for k in range(errors + 1))
    assert float(exact) == pytest.approx(1 - CONFIDENCE, abs=1e-7)


@given(counts())
def test_more_errors_raise_the_bound_and_more_calls_lower_it(count: tuple[int, int]) -> None:
    errors, calls = count
    assert errors / calls < upper_bound(errors, calls) < upper_bound(errors + 1, calls)
    assert upper_bound(errors, calls + 1) < upper_bound(errors, calls)


@given(st.integers(30, 100_000))
def test_without_an_error_it_is_the_rule_of_three(calls: int) -> None:
    bound = upper_bound(0, calls)
    assert bound == pytest.approx(1 - (1 - CONFIDENCE) ** (1 / calls), abs=1e-9)
    assert 0.95 * 3 / calls < bound < 3 / calls


def test_published_values() -> None:
    assert upper_bound(1, 10) == pytest.approx(0.39416, abs=1e-5)
    assert [calls_needed(rate) for rate in (0.01, 0.02, 0.05)] == [299, 149, 59]
    assert upper_bound(0, 0) == upper_bound(3, 3) == 1.0


@given(st.floats(0.001, 1.0))
def test_as_many_calls_as_needed_and_no_more(rate: float) -> None:
    calls = calls_needed(rate)
    assert upper_bound(0, calls) < rate or calls == 1
    assert calls == 1 or upper_bound(0, calls - 1) >= rate


@given(st.lists(st.floats(0, 100), min_size=1), st.floats(0.01, 1.0))
def test_a_percentile_is_the_smallest_that_covers_its_share(values: list[float], share: float) -> None:
    found = percentile(values, share)
    assert sum(value <= found for value in values) >= share * len(values) - 1e-9
    assert sum(value < found for value in values) < share * len(values)


def test_there_is_no_percentile_of_nothing() -> None:
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 0.5)


@given(SPANS)
def test_at_once_is_what_counting_at_every_moment_gives(spans: list[tuple[int, int]]) -> None:
    most = max((sum(begin <= now < end for begin, end in spans) for now in range(61)), default=0)
    assert at_once([(float(begin), float(end)) for begin, end in spans]) == most


def test_a_slow_ramp_never_has_all_of_a_hundred() -> None:
    assert at_once((float(start), start + 2.5) for start in range(100)) == 3
