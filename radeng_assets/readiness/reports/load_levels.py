"""What a load test showed at one number of agents, recounted from its records, and judged against a limit."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from radeng_assets.evidence.formats.load import Request, TargetLevel
from radeng_assets.evidence.states import State
from radeng_assets.execution.load.figures import at_once, percentile, upper_bound
from radeng_assets.execution.load.limits import Limit
from radeng_assets.readiness.reports.assessment import Cell, Issue, issue_digest
from radeng_assets.record import Record

Span = tuple[float, float]

P99 = 0.99


class Shown(Record):
    """One level, counted. ``agents`` is how many were declared, ``requests`` how many different ones are on record.

    ``errors`` are the requests of which any try came to nothing, ``unanswered`` those of them that no try answered:
    what a retry hid is an error still. ``distinct`` are the agents that asked, ``peak`` how many of them had a request
    in flight at once (or, as the fleet counts it, were at work). ``held`` is the fraction of the time in which all were
    at work, ``None`` where a record cannot tell. ``p99_s`` is the nearest-rank percentile, of all requests or of the
    answered ones, whichever is longer: failing fast makes nothing faster. ``begun`` and ``ended`` are seconds of the
    Unix epoch. ``doubts`` are contradictions.
    """

    source: str
    agents: int
    requests: int
    errors: int
    unanswered: int
    attempts: int
    distinct: int
    peak: int
    held: float | None
    p99_s: float | None
    begun: float | None = None
    ended: float | None = None
    doubts: tuple[str, ...] = ()

    @property
    def bound(self) -> float:
        """The highest error rate that these counts allow for, at 95 %: see ``upper_bound``."""
        return upper_bound(self.errors, self.requests)

    def row(self, limit: Limit) -> tuple[Cell, ...]:
        """For the table of ``COLUMNS``."""
        rates = (self.bound, limit.error_rate)
        counts = (self.requests, self.errors, self.unanswered, self.attempts)
        together = (self.distinct, self.peak, None if self.held is None else round(self.held, 3))
        return (self.source, self.agents, *counts, *rates, *together, self.p99_s, limit.p99_s)


COLUMNS = (
    "file",
    "agents",
    "requests",
    "with an error",
    "unanswered",
    "tries",
    "error rate at most (95 %)",
    "limit",
    "agents that asked",
    "at once",
    "time at full number",
    "p99 (s)",
    "limit (s)",
)


def shown(level: TargetLevel, source: str, pause_s: float) -> Shown:
    """Count a target's level. ``pause_s`` is how long an agent may ask nothing and still count as at work."""
    requests = level.requests
    found = Shown(
        source=source,
        agents=level.agents,
        requests=len(_distinct(requests)),
        errors=sum(request.erred for request in requests),
        unanswered=sum(not request.ok for request in requests),
        attempts=sum(request.tries for request in requests),
        distinct=len({request.agent for request in requests}),
        peak=at_once(_busy(requests, 0.0)),
        held=held(_busy(requests, pause_s), level.agents),
        p99_s=_p99(requests),
        begun=min((request.start for request in requests), default=None),
        ended=max((request.end for request in requests), default=None),
    )
    counted = {
        "requests": len(requests),
        "errors": found.unanswered,
        "attempts": found.attempts,
        "agents": found.distinct,
    }
    doubts = [
        f"the summary of {level.agents} agents says {said} {name}, its records hold {counted[name]}"
        for name, said in level.summary.items()
        if said != counted[name]
    ]
    return found.model_copy(update={"doubts": tuple(doubts)})


def _distinct(requests: Sequence[Request]) -> list[Request]:
    """The requests, clean ones that are the very same only once: a copy shows nothing more, and dilutes the errors."""
    return [one for one in requests if one.erred] + list({one: None for one in requests if not one.erred})


def held(spans: Iterable[Span], count: int) -> float:
    """The fraction of the time from the first beginning to the last end in which ``count`` spans or more were open."""
    steps = sorted((at, step) for begin, end in spans for at, step in ((begin, 1), (end, -1)))
    if not steps or steps[-1][0] <= steps[0][0]:
        return 0.0
    full, now, last = 0.0, 0, steps[0][0]
    for at, step in steps:
        if now >= count:
            full += at - last
        now, last = now + step, at
    return full / (steps[-1][0] - steps[0][0])


def states(level: Shown, limit: Limit, held_least: float) -> list[tuple[State, str]]:
    """What of a level is unknown or contradicts itself: nobody can accept any of it."""
    name = f"{level.agents} agents"
    told: list[tuple[State, str]] = [("failed", doubt) for doubt in level.doubts]
    if not level.requests or level.p99_s is None:
        told.append(("missing", f"at {name} no request was answered" if level.requests else f"{name} asked nothing"))
    if level.distinct < level.agents:
        told.append(("missing", f"only {level.distinct} agents asked where {level.agents} are said to"))
    if level.peak < level.agents:
        told.append(("missing", f"at {name} at most {level.peak} were at work at once"))
    if level.held is not None and level.held < held_least:
        told.append(
            ("missing", f"{name} were at work for {level.held:.0%} of the time, at least {held_least:.0%} is demanded")
        )
    if level.errors < limit.error_rate * level.requests and level.bound >= limit.error_rate:
        counted = f"{level.errors} errors of {level.requests} requests"
        told.append(
            ("missing", f"at {name}, {counted} allow for a rate of {level.bound:.4%}: too few to show {_below(limit)}")
        )
    return told


def issues(level: Shown, limit: Limit) -> list[Issue]:
    """The limits that are known to be exceeded."""
    found: list[Issue] = []
    name = f"{level.agents} agents"
    if level.requests and level.errors >= limit.error_rate * level.requests:
        counted = f"{level.errors} of {level.requests} requests had an error ({level.unanswered} were never answered)"
        rate = level.errors / level.requests
        words = f"at {name} {counted}; it must be {_below(limit)}"
        found.append(_issue("load-error-rate", name, words, rate, limit.error_rate))
    if level.p99_s is not None and level.p99_s >= limit.p99_s:
        words = f"at {name} the p99 latency is {level.p99_s:.6g} s; it must be below {limit.p99_s:g} s"
        found.append(_issue("load-latency", name, words, level.p99_s, limit.p99_s))
    return found


def _below(limit: Limit) -> str:
    return f"below {limit.error_rate:.4g} of all"


def _issue(rule: str, subject: str, message: str, measured: float, limit: float) -> Issue:
    """No two load tests measure the same; what is found is how far beyond the limit: twice, four times, eight times."""
    band = 1 << max(1, math.ceil(math.log2(measured / limit))) if limit > 0 else 0
    digest = issue_digest(rule, subject, f"below {band} times {limit:g}")
    return Issue(rule=rule, subject=subject, grade="high", message=message, digest=digest)


def _p99(requests: Sequence[Request]) -> float | None:
    answered = [request.end - request.start for request in requests if request.ok]
    if not answered:
        return None
    return max(percentile(answered, P99), percentile([request.end - request.start for request in requests], P99))


def _busy(requests: Iterable[Request], pause_s: float) -> list[Span]:
    """When each agent was at work: its requests, those joined that overlap or are at most ``pause_s`` apart."""
    by_agent: dict[str, list[Span]] = {}
    for request in requests:
        by_agent.setdefault(request.agent, []).append((request.start, request.end))
    busy: list[Span] = []
    for spans in by_agent.values():
        spans.sort()
        begin, end = spans[0]
        for start, stop in spans[1:]:
            if start - end > pause_s:
                busy.append((begin, end))
                begin, end = start, stop
            else:
                end = max(end, stop)
        busy.append((begin, end))
    return busy
