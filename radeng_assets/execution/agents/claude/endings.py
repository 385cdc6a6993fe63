"""What a turn came to: every stop reason and every way in which a stream can fail, by name."""

from __future__ import annotations

import asyncio
from typing import Literal, NamedTuple, cast, get_args

import anthropic
import httpx2

from radeng_assets.execution.agents.agent import Ending
from radeng_assets.execution.broker.line import Refusal

TurnEnd = Literal["claim", "tools", "cut", "go_on", "refusal", "full", "failed"]
"""``claim``: it says it is done. ``tools``: it asks for tools. ``cut``: the reply was cut off, its tool calls are not
run. ``go_on``: it wants another turn. ``refusal``: the model declines. ``full``: the context window is. ``failed``:
anything else.
"""

_STOPS: dict[str, TurnEnd] = {
    "end_turn": "claim",
    "stop_sequence": "claim",
    "tool_use": "tools",
    "max_tokens": "cut",
    "pause_turn": "go_on",
    "compaction": "go_on",
    "refusal": "refusal",
    "model_context_window_exceeded": "full",
}


class Failure(NamedTuple):
    """A turn that failed: how the attempt ends, and why."""

    ending: Ending
    reason: str


def turn_end(stop_reason: str | None, *, asks: bool) -> TurnEnd:
    """What a stop reason means; ``asks`` says whether the reply has tool calls. Unknown or none is a failed turn."""
    end = _STOPS.get(stop_reason or "", "failed")
    if end == "tools" and not asks:
        return "failed"  # a reply that stops for tools and names none was cut off
    if end == "claim" and asks:
        return "failed"
    return end


_BROKER: dict[Refusal, Ending] = {
    "radeng_over_budget": "refused",
    "radeng_unpriced_model": "refused",
    "radeng_stopped": "stopped",
    "radeng_deadline": "failed",
    "radeng_circuit_open": "failed",
    "radeng_upstream": "failed",
    "radeng_unknown_capability": "refused",
}


def failure_of(error: Exception) -> Failure:
    """How an attempt ends after an exception that a turn raised."""
    if isinstance(error, anthropic.APIStatusError):
        return _status(error)
    if isinstance(error, anthropic.APIConnectionError | httpx2.ConnectError):
        # The broker owns every deadline and retry: where it does not answer, it is gone, and nothing is lost.
        return Failure("stopped", f"the broker cannot be reached ({type(error).__name__})")
    if isinstance(error, TimeoutError | asyncio.TimeoutError | httpx2.TimeoutException):
        return Failure("failed", "the turn did not end before its deadline")
    if isinstance(error, httpx2.HTTPError):
        return Failure("failed", f"the reply broke off ({type(error).__name__})")
    # What the SDK lets through where a stream makes no sense (FIELD-NOTES 3).
    return Failure("failed", f"the reply made no sense ({type(error).__name__})")


def _status(error: anthropic.APIStatusError) -> Failure:
    body = error.body
    inner = cast("dict[str, object]", body).get("error") if isinstance(body, dict) else None
    detail = cast("dict[str, object]", inner) if isinstance(inner, dict) else {}
    kind = detail.get("type")
    message = str(detail.get("message") or "")[:300]
    if kind in get_args(Refusal):
        refusal = cast("Refusal", kind)
        return Failure(_BROKER[refusal], f"{refusal.removeprefix('radeng_').replace('_', ' ')}: {message}")
    if error.status_code == 200:
        return Failure("failed", f"an error came in the middle of the reply ({kind})")
    if error.status_code in (401, 403):
        return Failure("refused", f"the API does not accept the key ({error.status_code})")
    if error.status_code in (400, 404, 413, 422):
        return Failure("refused", f"the API does not accept the request ({error.status_code} {kind}): {message}")
    return Failure("failed", f"the API answers {error.status_code} ({kind})")
