"""The account's rate: never more requests or tokens in any minute than the policy says.

A log of the last minute, not a bucket: a bucket lets through twice its rate in some windows.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from radeng_assets.execution.agent_policy import RateLimits

WINDOW_S = 60.0


@dataclass
class Ticket:
    """One request of the last minute: when it was let through, and its tokens (the bound until they are known)."""

    at: float
    tokens: int


@dataclass
class Limiter:
    """Lets requests through in the order in which they came. ``clock`` gives seconds."""

    rates: RateLimits
    clock: Callable[[], float]
    window_s: float = WINDOW_S
    _log: deque[Ticket] = field(default_factory=deque[Ticket])
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def wait_for(self, tokens: int) -> float:
        """Seconds until a request of so many tokens may go; 0 is now.

        One that is larger than the limit alone goes when nothing else was sent for a whole window.
        """
        now = self.clock()
        while self._log and self._log[0].at <= now - self.window_s:
            self._log.popleft()
        left_requests = self.rates.requests_per_minute - len(self._log)
        used = sum(ticket.tokens for ticket in self._log)
        if left_requests > 0 and (used + tokens <= self.rates.tokens_per_minute or not self._log):
            return 0.0
        gone = 0
        for index, ticket in enumerate(self._log, start=1):
            gone += ticket.tokens
            fits = used - gone + tokens <= self.rates.tokens_per_minute or index == len(self._log)
            if left_requests + index > 0 and fits:
                return max(0.0, ticket.at + self.window_s - now)
        return 0.0

    def let(self, tokens: int) -> Ticket:
        """Record that a request goes now."""
        ticket = Ticket(self.clock(), tokens)
        self._log.append(ticket)
        return ticket

    def recall(self, at: float, tokens: int) -> None:
        """Count a request that another process let through. Called in order of time, before any other call."""
        self._log.append(Ticket(at, tokens))

    async def admit(self, tokens: int, deadline: float) -> Ticket | None:
        """Wait for a request's turn; ``None`` if it would come after ``deadline`` (on ``clock``)."""
        async with self._turn:
            while (wait := self.wait_for(tokens)) > 0:
                if self.clock() + wait > deadline:
                    return None
                await asyncio.sleep(wait)
            return self.let(tokens)
