"""The limiter in every window, and the breaker's single probe."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.execution.agent_policy import RateLimits
from radeng_assets.execution.broker.breaker import Breaker
from radeng_assets.execution.broker.limiter import Limiter


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@given(
    st.integers(1, 6),
    st.integers(10, 100),
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 60)), min_size=1, max_size=40),
)
def test_no_window_holds_more_than_the_rate(requests: int, tokens: int, calls: list[tuple[int, int]]) -> None:
    clock = Clock()
    limiter = Limiter(RateLimits(requests_per_minute=requests, tokens_per_minute=tokens), clock)
    sent: list[tuple[float, int]] = []
    for pause, size in calls:
        clock.now += pause
        while (wait := limiter.wait_for(size)) > 0:
            clock.now += wait
        limiter.let(size)
        sent.append((clock.now, size))
    for at, _ in sent:
        window = [size for when, size in sent if at - 60 < when <= at]
        assert len(window) <= requests
        # One request larger than the limit goes alone; nothing else can be done with it.
        assert sum(window) <= tokens or len(window) == 1


def test_what_was_sent_before_a_restart_counts() -> None:
    clock = Clock()
    limiter = Limiter(RateLimits(requests_per_minute=2, tokens_per_minute=100), clock)
    limiter.recall(clock.now - 30, 50)
    limiter.recall(clock.now - 10, 50)
    assert limiter.wait_for(10) == 30
    clock.now += 30
    assert limiter.wait_for(10) == 0


def test_tokens_that_were_not_needed_are_given_back() -> None:
    limiter = Limiter(RateLimits(requests_per_minute=10, tokens_per_minute=100), Clock())
    ticket = limiter.let(100)
    assert limiter.wait_for(50) == 60
    ticket.tokens = 20
    assert limiter.wait_for(50) == 0


def test_one_probe_of_fifty() -> None:
    clock = Clock()
    breaker = Breaker(clock, failures=3, rest_s=10)
    callers = [object() for _ in range(50)]

    def let_through() -> list[object]:
        return [caller for caller in callers if breaker.wait(caller) == 0]

    for caller in callers[:3]:
        assert breaker.wait(caller) == 0
        breaker.failed(caller)
    assert breaker.wait(callers[0]) == 10
    clock.now += 10
    (probe,) = let_through()
    # Others that were under way before end now; none of them makes room for a second probe.
    breaker.abandoned(object())
    assert let_through() == []
    breaker.failed(probe)
    assert breaker.wait(probe) == 10
    clock.now += 10
    (probe,) = let_through()
    breaker.abandoned(probe)
    assert len(let_through()) == 1
    breaker.succeeded()
    assert let_through() == callers


def test_a_success_in_between_keeps_the_circuit_closed() -> None:
    breaker = Breaker(Clock(), failures=2)
    for _ in range(10):
        breaker.failed(breaker)
        breaker.succeeded()
    assert breaker.wait(breaker) == 0
