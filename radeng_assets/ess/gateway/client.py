"""The gateway as the rest of us see it: a question in, a named outcome out, never an exception.

This is the one layer that tries again, inside one deadline. A circuit breaker keeps everybody from a gateway that
keeps failing, but for one probe now and then.
"""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue, SecretStr, ValidationError

from radeng_assets.ess.gateway.deadline import within
from radeng_assets.ess.gateway.exchange import RETRIED, SOUND, Exchange, HealthReport, Outcome
from radeng_assets.ess.gateway.key import KEY, sendable
from radeng_assets.ess.gateway.replies import Health, QueryReply
from radeng_assets.ess.gateway.wire import NoReply, Reply, fetch
from radeng_assets.ess.terms import GatewayTerms
from radeng_assets.execution.broker.breaker import Breaker
from radeng_assets.execution.broker.retry_after import retry_after

FIRST_PAUSE_S = 0.2
"""Pause after the first try; each further one is twice as long, with full jitter."""

GRACE_S = 1.0
"""How long after its deadline a question is given up that cannot be cancelled."""

_REFUSALS: Mapping[int, tuple[Outcome, str]] = {
    400: ("bad_request", "the gateway does not take the question"),
    401: ("unauthorized", f"the gateway wants a key, and {KEY} holds none that it knows"),
    403: ("forbidden", f"the gateway does not take the key in {KEY}"),
    429: ("rate_limited", "the gateway has too many requests"),
}


@dataclass
class Gateway:
    """The gateway at ``address`` (as ``locations.gateway_address`` writes it), asked about ``project`` if one is named.

    ``clock`` gives seconds, ``pause`` waits for some. One object serves many threads, and its breaker counts for all.
    """

    address: str
    terms: GatewayTerms = field(default_factory=GatewayTerms)
    key: SecretStr | None = None
    project: str = ""
    clock: Callable[[], float] = time.monotonic
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep

    def __post_init__(self) -> None:
        self._breaker = Breaker(self.clock, self.terms.failures, self.terms.rest_s)
        self._lock = threading.Lock()

    def health(self) -> HealthReport:
        """Ask once how the gateway is. The key is not sent: health needs none."""
        seconds = self.terms.health_timeout_s
        try:
            reply = within(seconds + GRACE_S, fetch(f"{self.address}/health", seconds))
        except NoReply as none:
            return HealthReport(state="unreachable", reason=str(none))
        except TimeoutError:
            return HealthReport(state="unreachable", reason=f"no answer within {seconds:g} s")
        return _health(reply)

    def ask(self, query: str) -> Exchange:
        """Ask a question, again where that may help, for ``query_timeout_s`` seconds in all."""
        if self.key and not sendable(self.key):
            return Exchange(outcome="unauthorized", reason=f"{KEY} holds characters that no HTTP header can carry")
        seconds = self.terms.query_timeout_s
        caller = object()
        try:
            return within(seconds + GRACE_S, self._ask(query, caller))
        except TimeoutError:
            self._count("timeout", caller)
            return Exchange(outcome="timeout", reason=f"no answer within {seconds:g} s", tries=1)

    async def _ask(self, query: str, caller: object) -> Exchange:
        deadline = self.clock() + self.terms.query_timeout_s
        last = Exchange(outcome="circuit_open", reason="the gateway keeps failing; nobody asks it for a while")
        pause = FIRST_PAUSE_S
        for tries in range(1, self.terms.tries + 1):
            if not self._may_call(caller):
                return last
            last = (await self._once(query, deadline - self.clock(), caller)).model_copy(update={"tries": tries})
            wait = last.retry_after_s
            if wait is None:
                wait = random.uniform(pause / 2, pause)  # noqa: S311  # no secret
            if last.outcome not in RETRIED or tries == self.terms.tries or self.clock() + wait >= deadline:
                return last
            pause *= 2
            await self.pause(wait)
        return last

    async def _once(self, query: str, seconds: float, caller: object) -> Exchange:
        outcome: Outcome | None = None
        try:
            reply = await fetch(f"{self.address}/query", seconds, question=self._question(query), key=self.key)
            exchange = _exchange(reply)
            outcome = exchange.outcome
        except NoReply as none:
            exchange = Exchange(outcome=none.outcome, reason=str(none))
            outcome = none.outcome
        finally:
            self._count(outcome, caller)
        return exchange

    def _question(self, query: str) -> dict[str, JsonValue]:
        # Raw: places in the code are what we can check; a model's summary of them is not.
        question: dict[str, JsonValue] = {"query": query, "mode": "one-shot", "synthesisMode": "raw"}
        return {**question, "project": self.project} if self.project else question

    def _may_call(self, caller: object) -> bool:
        with self._lock:
            return self._breaker.wait(caller) <= 0

    def _count(self, outcome: Outcome | None, caller: object) -> None:
        """Tell the breaker. A gateway that is merely busy, or a question that was cancelled, says nothing about it."""
        with self._lock:
            if outcome in (None, "rate_limited"):
                self._breaker.abandoned(caller)
            elif outcome in SOUND:
                self._breaker.succeeded()
            else:
                self._breaker.failed(caller)


def _exchange(reply: Reply) -> Exchange:
    status = reply.status
    if status == 200:
        return _answered(reply)
    if status in _REFUSALS:
        outcome, reason = _REFUSALS[status]
    elif status >= 500:
        outcome, reason = "service_down", f"the gateway answers {status}"
    elif 300 <= status < 400:
        outcome, reason = "redirected", f"the gateway answers {status}, and a key is not carried elsewhere"
    else:
        outcome, reason = "unexpected", f"the gateway answers {status}"
    return Exchange(outcome=outcome, reason=reason, status=status, retry_after_s=_asked_wait(reply.headers))


def _answered(reply: Reply) -> Exchange:
    try:
        said = QueryReply.model_validate_json(reply.body)
    except ValidationError as error:
        return Exchange(outcome="garbage", reason=_what_is_wrong(error), status=reply.status)
    if said.status == "unavailable":
        return Exchange(outcome="unavailable", reason="the gateway reaches neither of its stores", status=reply.status)
    if said.status == "partial":
        return Exchange(
            outcome="partial", reason="the gateway reaches one of its stores only", status=reply.status, reply=said
        )
    return Exchange(outcome="answered", status=reply.status, reply=said)


def _health(reply: Reply) -> HealthReport:
    """The worse of what the status code and the body say."""
    if reply.status not in (200, 207, 503):
        return HealthReport(state="unhealthy", reason=f"/health answers {reply.status}", status=reply.status)
    try:
        said = Health.model_validate_json(reply.body)
    except ValidationError as error:
        return HealthReport(state="unhealthy", reason=_what_is_wrong(error), status=reply.status)
    services = {name: service.status for name, service in said.services.items()}
    code = {200: "healthy", 207: "degraded", 503: "unhealthy"}[reply.status]
    ailing = sorted(name for name, state in services.items() if state != "ok")
    state = next((one for one in ("unhealthy", "degraded") if one in (code, said.status)), "healthy")
    if state == "healthy" and ailing:
        state = "degraded"
    reason = "" if state == "healthy" else f"the gateway is {state}: {', '.join(ailing) or 'it does not say what ails'}"
    return HealthReport.model_validate({"state": state, "reason": reason, "status": reply.status, "services": services})


def _what_is_wrong(error: ValidationError) -> str:
    """Where a reply leaves the contract; nothing of what it says there."""
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "the reply"
    return f"the reply is not the contract's: {where[:80]} ({first['type']})"


def _asked_wait(headers: Mapping[str, str]) -> float | None:
    """Seconds that the gateway asks to wait: ``retry-after``, else ``ratelimit-reset`` (express-rate-limit)."""
    asked = retry_after(headers, time.time())
    if asked is None and "ratelimit-reset" in headers:
        return retry_after({"retry-after": headers["ratelimit-reset"]}, time.time())
    return asked
