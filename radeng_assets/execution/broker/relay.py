"""One turn through the broker: books, limits, the API, and the one place that tries again.

Store and forward: a reply goes to the caller only when it is whole, settled and kept. So a reply that broke off can be
asked for again here and nowhere else, and a caller that was killed or halted gets what was paid without paying again:
what is under way is taken in also when nobody waits for it any more.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx2

from radeng_assets.execution.agent_policy import AgentPolicy, SpendingLimits
from radeng_assets.execution.broker.books import Books, OtherRequest, OverBudget, Paid, Reply
from radeng_assets.execution.broker.breaker import Breaker
from radeng_assets.execution.broker.limiter import Limiter, Ticket
from radeng_assets.execution.broker.line import Refusal, Scope
from radeng_assets.execution.broker.prices import Price, Unpriced, price_of
from radeng_assets.execution.broker.retry_after import retry_after
from radeng_assets.execution.broker.whole import Broken, read_reply

T = TypeVar("T")

PASSED_ON = ("anthropic-version", "anthropic-beta", "content-type", "accept")
"""Request headers that reach the API; a caller's credentials and cookies do not."""

RETRIED = frozenset({408, 409, 429}) | frozenset(range(500, 600))
"""HTTP statuses after which the same request may succeed (the SDK's list)."""

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
TRIES = 6
"""Tries of one turn at most, its pauses doubling from the first to the longest."""


class Refused(Exception):  # noqa: N818  # it is an answer
    """What the broker answers itself. ``kind`` is the error's type; ``status`` the HTTP status."""

    def __init__(self, kind: Refusal, message: str, status: int) -> None:
        self.kind: Refusal = kind
        self.status = status
        super().__init__(message)


class Unbilled(Exception):  # noqa: N818
    """A try that cannot have been billed. ``after`` is how long the API asks to wait, in seconds."""

    def __init__(self, message: str, after: float | None = None) -> None:
        self.after = after
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Turn:
    """One request: whose money, which turn, what is asked. ``digest`` identifies the asking."""

    scope: Scope
    limits: SpendingLimits
    name: str
    digest: str
    headers: Mapping[str, str]
    body: bytes
    model: str
    max_tokens: int


@dataclass
class Outcome:
    """What became of a turn, for the audit. ``tries`` counts requests to the API."""

    what: str = ""
    tries: int = 0
    stop_reason: str = ""


@dataclass
class Relay:
    """Carries turns to the API at ``base_url`` with the key, under the policy."""

    key: str
    base_url: str
    policy: AgentPolicy
    books: Books
    stopped: Callable[[], str | None]
    clock: Callable[[], float] = time.time
    ending: bool = False
    _halt: asyncio.Event = field(default_factory=asyncio.Event)
    _under_way: dict[tuple[Scope, str], asyncio.Task[Paid]] = field(
        default_factory=dict[tuple[Scope, str], "asyncio.Task[Paid]"]
    )

    def __post_init__(self) -> None:
        self.limiter = Limiter(self.policy.rates, self.clock)
        for at, tokens in sorted(self.books.since(self.clock() - self.limiter.window_s)):
            self.limiter.recall(at, tokens)
        self.breaker = Breaker(self.clock)
        limits = httpx2.Limits(max_connections=None, max_keepalive_connections=100)
        self._api = httpx2.AsyncClient(timeout=httpx2.Timeout(self.policy.turn_timeout_s, connect=30), limits=limits)

    @property
    def under_way(self) -> int:
        """How many requests the API has not answered yet."""
        return len(self._under_way)

    async def close(self) -> None:
        """Give up what is under way (it is charged: it may have been billed) and end all connections."""
        tasks = tuple(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._api.aclose()

    def halt(self) -> None:
        """Let nobody wait any longer and nothing through again: the process ends."""
        self.ending = True
        self._halt.set()

    def pause(self) -> None:
        """Let nobody wait any longer: the kill switch. What is under way still comes in, for whoever asks later."""
        self._halt.set()

    def resume(self) -> None:
        """Let turns go through again."""
        if self._halt.is_set() and not self.ending:
            self._halt = asyncio.Event()

    async def count(self, body: bytes, headers: Mapping[str, str]) -> Paid:
        """Pass a token count on; what goes wrong is an answer too."""
        try:
            url = f"{self.base_url}/v1/messages/count_tokens"
            answer = await self._api.post(url, headers={**headers, "x-api-key": self.key}, content=body)
        except httpx2.HTTPError as error:
            raise Refused("radeng_upstream", type(error).__name__, 502) from None
        return Paid(answer.status_code, answer.headers.get("content-type", ""), answer.content)

    async def carry(self, turn: Turn, outcome: Outcome) -> Paid:
        """The reply to a turn. Raises ``Refused``."""
        self._check_stop()
        known = await self._known(turn) if turn.name else None
        if known is not None:
            outcome.what = "kept"
            return known
        try:
            price = price_of(turn.model)
        except Unpriced as unpriced:
            raise Refused("radeng_unpriced_model", str(unpriced), 400) from None
        return await self._try_until(turn, price, self.clock() + self.policy.retry_deadline_s, outcome)

    async def _known(self, turn: Turn) -> Paid | None:
        """The reply that was paid for a turn, one that is still coming in for a caller who is gone among them."""
        coming = self._under_way.get((turn.scope, turn.name))
        if coming is not None:
            await self._unless_halted(asyncio.wait({coming}))
        try:
            return self.books.kept(turn.scope, turn.name, turn.digest)
        except OtherRequest as other:
            raise Refused("radeng_upstream", str(other), 409) from None

    async def _try_until(self, turn: Turn, price: Price, deadline: float, outcome: Outcome) -> Paid:
        pause = FIRST_PAUSE_S
        why = ""
        for outcome.tries in range(1, TRIES + 1):
            self._check_stop()
            await self._await_circuit(turn, deadline)
            reservation, ticket = await self._admitted(turn, price, deadline)
            coming = asyncio.ensure_future(self._take_in(turn, price, reservation, ticket, outcome))
            self._track(turn, coming)
            await self._unless_halted(asyncio.wait({coming}))
            try:
                return coming.result()
            except Broken as broken:
                why, after = f"the reply broke off: {broken}", None
            except Unbilled as unbilled:
                why, after = str(unbilled), unbilled.after
            # Full jitter (AWS architecture blog, 2015): callers that failed together do not return together.
            wait = after if after is not None else random.uniform(pause / 2, pause)  # noqa: S311  # no secret
            pause = min(2 * pause, LONGEST_PAUSE_S)
            if self.clock() + wait > deadline:
                raise Refused(
                    "radeng_deadline", f"{why}; the next try would be in {wait:.0f} s, over the deadline", 503
                )
            if outcome.tries < TRIES:
                await self._pause(wait)
        raise Refused("radeng_upstream", f"{why} ({outcome.tries} tries)", 502)

    def _track(self, turn: Turn, coming: asyncio.Task[Paid]) -> None:
        # A turn without a name cannot be asked for again, but it is under way all the same.
        name = (turn.scope, turn.name or f"(unnamed {id(coming)})")
        self._under_way[name] = coming

        def ended(task: asyncio.Task[Paid]) -> None:
            self._under_way.pop(name, None)
            if not task.cancelled():
                task.exception()  # looked at, also where nobody waits any more

        coming.add_done_callback(ended)

    async def _admitted(self, turn: Turn, price: Price, deadline: float) -> tuple[int, Ticket]:
        """Reserve the turn's worst case and wait for the account's limits."""
        amount = price.worst(len(turn.body), turn.max_tokens)
        try:
            reservation = self.books.reserve(turn.scope, amount, turn.limits, turn.model, self.clock(), turn.name)
        except OverBudget as over:
            self.breaker.abandoned(turn)
            raise Refused("radeng_over_budget", str(over), 402) from None
        try:
            admitted = await self._unless_halted(self.limiter.admit(len(turn.body) + turn.max_tokens, deadline))
        except BaseException:
            self._give_back(turn, reservation)
            raise
        if admitted is None:
            self._give_back(turn, reservation)
            raise Refused("radeng_deadline", "the account's rate limits leave no room before the deadline", 503)
        return reservation, admitted

    def _give_back(self, turn: Turn, reservation: int) -> None:
        self.books.release(reservation)
        self.breaker.abandoned(turn)

    async def _take_in(self, turn: Turn, price: Price, reservation: int, ticket: Ticket, outcome: Outcome) -> Paid:
        """Ask the API once, settle what it cost, keep the reply. Raises ``Broken`` and ``Unbilled``."""
        try:
            paid = await self._ask(turn)
            whole = read_reply(paid.kind, paid.body) if paid.status == 200 else None
        except Unbilled:
            self.books.release(reservation)
            self.breaker.failed(turn)
            raise
        except Broken:
            self.books.charge(reservation, self.clock())
            self.breaker.failed(turn)
            raise
        except asyncio.CancelledError:
            # Under way when the process ended: it may have been billed.
            self.books.charge(reservation, self.clock())
            self.breaker.abandoned(turn)
            raise
        self.breaker.succeeded()  # it answers, be it that the request is what is wrong
        if whole is None:
            self.books.release(reservation)
            outcome.what = f"status {paid.status}"
            return paid
        outcome.stop_reason = whole.stop_reason
        reply = Reply(turn.scope, turn.name, turn.digest, paid) if turn.name else None
        used = whole.used
        if used is None:
            self.books.charge(reservation, self.clock(), reply)
            outcome.what = "no usage: charged the reservation"
            return paid
        total = used.input + used.cache_write_5m + used.cache_write_1h + used.cache_read + used.output
        ticket.tokens = min(ticket.tokens, total)
        self.books.settle(reservation, price.cost(used), used, self.clock(), reply)
        outcome.what = "settled"
        return paid

    async def _ask(self, turn: Turn) -> Paid:
        """One request. A failure in which nothing can have been billed is ``Unbilled``, another ``Broken``."""
        headers = {**turn.headers, "x-api-key": self.key}
        try:
            async with asyncio.timeout(self.policy.turn_timeout_s):
                answer = await self._api.post(f"{self.base_url}/v1/messages", headers=headers, content=turn.body)
        except httpx2.ConnectError as error:
            raise Unbilled(f"the API cannot be reached ({type(error).__name__})") from None
        except TimeoutError:
            raise Broken(f"no whole reply within {self.policy.turn_timeout_s:g} s") from None
        except httpx2.HTTPError as error:
            raise Broken(type(error).__name__) from None
        if answer.status_code in RETRIED:
            raise Unbilled(f"the API answers {answer.status_code}", retry_after(answer.headers, self.clock()))
        body = answer.content.replace(self.key.encode(), b"[key]") if self.key else answer.content
        return Paid(answer.status_code, answer.headers.get("content-type", ""), body)

    async def _await_circuit(self, turn: Turn, deadline: float) -> None:
        while (wait := self.breaker.wait(turn)) > 0:
            if self.clock() + wait > deadline:
                raise Refused("radeng_circuit_open", "the API keeps failing; nobody calls it for a while", 503)
            await self._pause(wait)

    async def _pause(self, seconds: float) -> None:
        await self._unless_halted(asyncio.sleep(seconds))

    async def _unless_halted(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait for work, or give it up when everything is halted. Raises ``Refused``."""
        task = asyncio.ensure_future(work)
        halt = asyncio.ensure_future(self._halt.wait())
        try:
            await asyncio.wait({task, halt}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
            raise Refused("radeng_stopped", self.stopped() or "the broker ends", 503)
        finally:
            for waiting in (task, halt):
                waiting.cancel()
            await asyncio.gather(task, halt, return_exceptions=True)

    def _check_stop(self) -> None:
        why = self.stopped()
        if why is not None or self._halt.is_set():
            raise Refused("radeng_stopped", why or "the broker ends", 503)
