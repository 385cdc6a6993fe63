"""An attempt's line to the Messages API, as an agent sees it: a client without a key, and what was spent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

from radeng_assets.record import Record

if TYPE_CHECKING:
    import anthropic  # a second of import time, which the broker would pay at every start

TURN_HEADER = "x-radeng-turn"
"""Request header: the turn's name within the attempt. A turn that was paid is answered from the broker's books."""

Refusal = Literal[
    "radeng_over_budget",
    "radeng_stopped",
    "radeng_deadline",
    "radeng_circuit_open",
    "radeng_unpriced_model",
    "radeng_unknown_capability",
    "radeng_upstream",
]
"""``error.type`` of what the broker itself answers, in the API's own error form.

``over_budget``: a limit leaves no room for the turn's worst case. ``stopped``: the kill switch. ``deadline``:
limits, retries or ``retry-after`` would take longer than the policy allows. ``circuit_open``: the API keeps failing.
``upstream``: the reply broke off or made no sense, and retrying did not help.
"""


class Scope(Record):
    """Whose money a turn spends: one attempt at one story of one wave of one plan."""

    plan: str
    wave: str
    story: str
    attempt: int


class Spent(Record):
    """What a scope consumed: tokens by class, as the API's final usage gave them, and USD as a decimal text."""

    turns: int = 0
    input: int = 0
    cache_write_5m: int = 0
    cache_write_1h: int = 0
    cache_read: int = 0
    output: int = 0
    cost_usd: str = "0.00"


class Health(Record):
    """What a broker says of itself: which it is, requests that are being answered, whether its circuit is open."""

    identity: str
    in_flight: int = 0
    circuit_open: bool = False


class Line(Protocol):
    """A capability for one attempt."""

    def client(self) -> anthropic.AsyncAnthropic:
        """A client that reaches the API through the broker. It never retries: the broker does."""
        ...

    def spent(self) -> Spent:
        """What this attempt has spent so far."""
        ...
