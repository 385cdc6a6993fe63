"""What the stand-in answers: blocks, a stop reason and usage, as the events that the real API streams.

Everything is built with the SDK's own types, so a reply that the SDK cannot represent cannot be made here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from anthropic.types import (
    InputJSONDelta,
    Message,
    MessageDeltaUsage,
    RawContentBlockDeltaEvent,
    RawContentBlockStartEvent,
    RawContentBlockStopEvent,
    RawMessageDeltaEvent,
    RawMessageStartEvent,
    RawMessageStopEvent,
    TextBlock,
    TextDelta,
    ToolUseBlock,
    Usage,
)
from anthropic.types.raw_message_delta_event import Delta
from pydantic import BaseModel

FaultKind = Literal[
    "status",
    "reset",
    "silence",
    "stall",
    "cut",
    "error_event",
    "garbage",
    "no_usage",
    "bad_tool_json",
]
"""``status``: an HTTP error. ``reset``: a TCP reset, before the first byte or after ``at`` events. ``silence``: no
answer. ``stall``: pings and nothing else after ``at`` events. ``cut``: the stream ends cleanly after ``at`` events.
``error_event``: an ``error`` event after ``at`` events of a stream that began with 200. ``garbage``: bytes that are no
text. ``no_usage``: events without usage. ``bad_tool_json``: a tool's input that is no JSON.
"""


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with one reply. ``status`` and ``headers`` are of an HTTP error; ``at`` counts events."""

    kind: FaultKind
    at: int = 0
    status: int = 500
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool that the model asks for."""

    name: str
    input: Mapping[str, Any]
    id: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. ``stop_reason`` is by default ``tool_use`` where a tool is asked for, else ``end_turn``.

    ``usage`` is tokens by the API's field names; ``delay_s`` passes before the first byte; ``cut_tool_input`` ends the
    last tool's input in the middle, as ``max_tokens`` does.
    """

    text: str = ""
    tools: tuple[ToolCall, ...] = ()
    stop_reason: str | None = ""
    usage: Mapping[str, int] = field(default_factory=lambda: {"input_tokens": 100, "output_tokens": 20})
    delay_s: float = 0.0
    fault: Fault | None = None
    cut_tool_input: bool = False

    @property
    def reason(self) -> str | None:
        """The stop reason."""
        return ("tool_use" if self.tools else "end_turn") if self.stop_reason == "" else self.stop_reason


def message(reply: Reply, number: int, model: str) -> dict[str, Any]:
    """The whole message of a reply, as a request without streaming gets it. ``number`` is the request's."""
    whole = Message.model_construct(
        id=f"msg_{number:08}",
        type="message",
        role="assistant",
        model=model,
        content=list(_blocks(reply, number)),
        stop_reason=reply.reason,
        stop_sequence=None,
        usage=Usage.model_construct(None, **reply.usage),
    )
    return _plain(whole)


def events(reply: Reply, number: int, model: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """(name, data) of each event, in the API's order. A fault of content is in them; faults of transport are not."""
    usage = dict(reply.usage)
    begun = Message.model_construct(
        id=f"msg_{number:08}",
        type="message",
        role="assistant",
        model=model,
        content=[],
        stop_reason=None,
        stop_sequence=None,
        usage=Usage.model_construct(None, **{**usage, "output_tokens": min(1, usage.get("output_tokens", 0))}),
    )
    start = _plain(RawMessageStartEvent.model_construct(type="message_start", message=begun))
    without = reply.fault is not None and reply.fault.kind == "no_usage"
    if without:
        del start["message"]["usage"]
    yield "message_start", start
    yield "ping", {"type": "ping"}
    for index, block in enumerate(_blocks(reply, number)):
        last = index == len(reply.tools) + bool(reply.text) - 1
        yield from _block_events(reply, index, block, last=last)
    end = RawMessageDeltaEvent.model_construct(
        type="message_delta",
        delta=Delta.model_construct(stop_reason=reply.reason, stop_sequence=None),
        usage=MessageDeltaUsage.model_construct(None, **usage),
    )
    delta = _plain(end)
    if without:
        del delta["usage"]
    yield "message_delta", delta
    yield "message_stop", _plain(RawMessageStopEvent(type="message_stop"))


def _block_events(
    reply: Reply, index: int, block: TextBlock | ToolUseBlock, *, last: bool
) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(block, TextBlock):
        empty: TextBlock | ToolUseBlock = TextBlock.model_construct(type="text", text="", citations=None)
        deltas: list[Any] = [TextDelta(type="text_delta", text=part) for part in _parts(block.text)]
    else:
        empty = ToolUseBlock.model_construct(type="tool_use", id=block.id, name=block.name, input={})
        text = json.dumps(block.input)
        if last and reply.cut_tool_input:
            text = text[: max(1, len(text) // 2)]
        if reply.fault is not None and reply.fault.kind == "bad_tool_json":
            text = "{not json"
        deltas = [InputJSONDelta(type="input_json_delta", partial_json=part) for part in _parts(text)]
    start = RawContentBlockStartEvent.model_construct(type="content_block_start", index=index, content_block=empty)
    yield "content_block_start", _plain(start)
    for delta in deltas:
        event = RawContentBlockDeltaEvent.model_construct(type="content_block_delta", index=index, delta=delta)
        yield "content_block_delta", _plain(event)
    yield "content_block_stop", _plain(RawContentBlockStopEvent(type="content_block_stop", index=index))


def _blocks(reply: Reply, number: int) -> Iterator[TextBlock | ToolUseBlock]:
    if reply.text:
        yield TextBlock.model_construct(type="text", text=reply.text, citations=None)
    for place, tool in enumerate(reply.tools):
        name = tool.id or f"toolu_{number:08}_{place}"
        yield ToolUseBlock.model_construct(type="tool_use", id=name, name=tool.name, input=dict(tool.input))


def _parts(text: str, size: int = 4000) -> list[str]:
    """A text in pieces, two at least, as a stream brings them."""
    step = max(1, min(size, (len(text) + 1) // 2))
    return [text[start : start + step] for start in range(0, len(text), step)]


def _plain(model: BaseModel) -> dict[str, Any]:
    return model.model_dump(mode="json", by_alias=True, warnings=False)
