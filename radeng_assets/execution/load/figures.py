"""The arithmetic of a load test: bounds on an error rate, percentiles, how many were at work at once. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

CONFIDENCE = 0.95
"""How sure an upper bound is, one-sided."""


def upper_bound(errors: int, calls: int) -> float:
    """The highest error rate that is compatible with ``errors`` of ``calls``, at ``CONFIDENCE``; 1 without a call.

    Clopper and Pearson's exact bound, one-sided (Biometrika 26, 1934): the rate at which so few errors, or fewer, have
    the probability ``1 - CONFIDENCE``. For no error it is ``1 - (1 - CONFIDENCE) ** (1 / calls)``, about 3 / calls.
    """
    if errors >= calls:
        return 1.0
    low, high = errors / calls, 1.0
    while high - low > 1e-12:
        middle = (low + high) / 2
        if _at_most(errors, calls, middle) > 1 - CONFIDENCE:
            low = middle
        else:
            high = middle
    return high


def calls_needed(rate: float) -> int:
    """How many calls without an error show a rate below ``rate`` (a fraction above 0) at ``CONFIDENCE``."""
    if rate >= 1:
        return 1
    calls = math.ceil(math.log(1 - CONFIDENCE) / math.log1p(-rate))
    while upper_bound(0, calls) >= rate:
        calls += 1
    return calls


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that ``share`` (a fraction) of all do not exceed: the nearest rank. Raises ``ValueError``."""
    if not values:
        raise ValueError("there is no percentile of nothing")
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def at_once(spans: Iterable[tuple[float, float]]) -> int:
    """How many spans (begin, end) there were at once at most. One that begins when another ends is not beside it."""
    steps = sorted((at, step) for begin, end in spans for at, step in ((begin, 1), (end, -1)))
    most = now = 0
    for _, step in steps:
        now += step
        most = max(most, now)
    return most


def _at_most(errors: int, calls: int, rate: float) -> float:
    """The probability of at most so many errors: a binomial sum, its terms by logarithms."""
    if not 0 < rate < 1:
        return 1.0 if rate <= 0 else 0.0
    return math.fsum(
        math.exp(
            math.lgamma(calls + 1)
            - math.lgamma(k + 1)
            - math.lgamma(calls - k + 1)
            + k * math.log(rate)
            + (calls - k) * math.log1p(-rate)
        )
        for k in range(errors + 1)
    )
