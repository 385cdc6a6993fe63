"""Is a reply whole, and what does it say it used? A stream that ends early raises nothing; here it is looked at."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import cast

from pydantic import JsonValue

from radeng_assets.execution.broker.line import Spent
from radeng_assets.execution.broker.prices import usage_of


class Broken(Exception):  # noqa: N818  # named for what was found
    """A reply with status 200 that is not whole; the message says how."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole reply: its stop reason, and its usage (``None`` where it says nothing of it)."""

    stop_reason: str
    used: Spent | None


def read_reply(kind: str, body: bytes) -> Whole:
    """Look at a reply by its content type: one JSON message, or a stream of events. Raises ``Broken``."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise Broken("it is no text") from None
    message = _streamed(text) if kind.startswith("text/event-stream") else _json(text)
    reason = message.get("stop_reason")
    if not isinstance(reason, str) or not reason:
        raise Broken("it has no stop reason")
    usage = message.get("usage")
    return Whole(reason, usage_of(usage) if isinstance(usage, dict) else None)


def _streamed(text: str) -> dict[str, JsonValue]:
    """The message that a stream's events make up, as far as money and the ending go."""
    usage: dict[str, JsonValue] = {}
    message: dict[str, JsonValue] | None = None
    ended = False
    for block in text.replace("\r\n", "\n").split("\n\n"):
        data = "".join(line[5:].strip() for line in block.split("\n") if line.startswith("data:"))
        if not data:
            continue
        event = _json(data)
        name = event.get("type")
        if name == "error":
            error = event.get("error")
            what = error.get("type") if isinstance(error, dict) else error
            raise Broken(f"an error came in the middle of it: {what}")
        if name == "message_start":
            begun = event.get("message")
            message = {}
            if isinstance(begun, dict) and isinstance(begun.get("usage"), dict):
                usage.update(cast("dict[str, JsonValue]", begun["usage"]))
        elif name == "message_delta" and message is not None:
            delta = event.get("delta")
            if isinstance(delta, dict):
                message["stop_reason"] = delta.get("stop_reason")
            last = event.get("usage")
            if isinstance(last, dict):
                # Cumulative: the last one has the totals, and null where it says nothing new.
                usage.update({name: count for name, count in last.items() if count is not None})
        elif name == "message_stop":
            ended = True
    if message is None:
        raise Broken("it ended before it began")
    if not ended:
        raise Broken("it was cut off")
    return {**message, "usage": usage}


def _json(text: str) -> dict[str, JsonValue]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise Broken("it is no JSON") from None
    if not isinstance(value, dict):
        raise Broken("it is no message")
    return cast("dict[str, JsonValue]", value)
