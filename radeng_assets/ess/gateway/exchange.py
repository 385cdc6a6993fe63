"""What became of one question to the gateway. Every way of getting no answer has its name."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from radeng_assets.ess.gateway.replies import QueryReply
from radeng_assets.record import Record

Outcome = Literal[
    "answered",
    "partial",
    "unavailable",
    "bad_request",
    "unauthorized",
    "forbidden",
    "rate_limited",
    "service_down",
    "unexpected",
    "redirected",
    "timeout",
    "unreachable",
    "cut",
    "garbage",
    "too_large",
    "circuit_open",
]
"""``partial`` is an answer of one of the two stores; ``unavailable`` is the gateway's word for having neither.

``service_down`` is any HTTP status from 500; ``redirected`` is not followed; ``cut`` is a reply that broke off,
``garbage`` one that is not in the contract's words; ``circuit_open`` means that nobody asked.
"""

ANSWERS: frozenset[Outcome] = frozenset({"answered", "partial"})
"""Outcomes that bring an answer."""

RETRIED: frozenset[Outcome] = frozenset({"rate_limited", "service_down", "unreachable", "cut"})
"""Outcomes after which the same question may be answered."""

SOUND: frozenset[Outcome] = frozenset({"answered", "partial", "bad_request", "unauthorized", "forbidden"})
"""Outcomes that show a gateway at work, whatever is wrong with the question or the key."""

HealthState = Literal["healthy", "degraded", "unhealthy", "unreachable"]


class Exchange(Record):
    """One question's end: ``reply`` is there exactly when ``outcome`` is an answer.

    ``status`` is the last HTTP status, ``tries`` counts requests, ``retry_after_s`` is what the gateway last asked to
    wait.
    """

    outcome: Outcome
    reason: str = ""
    status: int | None = None
    tries: int = 0
    retry_after_s: float | None = None
    reply: QueryReply | None = None


class HealthReport(Record):
    """The gateway's health as seen from here. ``services`` are its stores' states by name."""

    state: HealthState
    reason: str = ""
    status: int | None = None
    services: dict[str, str] = Field(default_factory=dict)
