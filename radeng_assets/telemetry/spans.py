"""Spans: what a course looks like as traces, one for each run. OpenTelemetry's names, without OpenTelemetry.

Attributes of models and tools follow the GenAI semantic conventions (``gen_ai.*``); ours begin with ``radeng.``. There
is no content among them: no prompt, no reply, no argument, no result.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from radeng_assets.telemetry.activity import Activity, ActivityKind
from radeng_assets.telemetry.identity import span_id, trace_id
from radeng_assets.telemetry.lines import GOOD

Value = str | int | float | bool

_TITLES: dict[ActivityKind, str] = {
    "run": "run",
    "wave": "wave {0.wave}",
    "story": "story {0.story}",
    "attempt": "invoke_agent {0.story}",
    "call": "chat {0.name}",
    "tool": "execute_tool {0.name}",
    "gate": "gate {0.name}",
    "proof": "proof {0.name}",
    "measurement": "measurement {0.name}",
}

_OPERATIONS: dict[ActivityKind, str] = {"attempt": "invoke_agent", "call": "chat", "tool": "execute_tool"}
"""``gen_ai.operation.name``."""


@dataclass(frozen=True, slots=True)
class Span:
    """One span. ``began`` and ``ended`` are ns since 1970; ``client`` says that somebody else's service was asked."""

    name: str
    trace: int
    id: int
    parent: int | None
    began: int
    ended: int
    attributes: dict[str, Value]
    failed: str = ""
    client: bool = False


def spans_of(course: Iterable[Activity]) -> tuple[Span, ...]:
    """The spans of all activities that belong to a run; of those that are not over, what is known so far."""
    return tuple(_span(activity) for activity in course if activity.run and activity.kind in _TITLES)


def _span(activity: Activity) -> Span:
    return Span(
        name=_TITLES[activity.kind].format(activity),
        trace=trace_id(activity.run),
        id=span_id(activity.key),
        parent=span_id(activity.parent) if activity.parent else None,
        began=activity.began * 1_000_000,
        ended=activity.latest * 1_000_000,
        attributes=_attributes(activity),
        failed="" if activity.state in GOOD else activity.state,
        client=activity.kind == "call",
    )


def _attributes(activity: Activity) -> dict[str, Value]:
    found: dict[str, Value] = {
        "radeng.kind": activity.kind,
        **_there("radeng.run", activity.run),
        **_there("radeng.wave", activity.wave),
        **_there("radeng.story", activity.story),
        **_there("radeng.attempt", activity.attempt),
        **_there("radeng.criterion", activity.criterion),
        **_there("radeng.mode", activity.mode),
        **_there("radeng.state", activity.state),
        **_there("radeng.turns", activity.turns),
        **_there("radeng.cost_usd", activity.cost_usd),
        **_there("gen_ai.operation.name", _OPERATIONS.get(activity.kind)),
    }
    if activity.kind != "run" and not activity.over:
        found["radeng.open"] = True
    if activity.kind == "attempt":
        # What it consumed is said by its calls alone: whoever adds usage up over spans counts it once.
        found["gen_ai.agent.name"] = f"radeng/{activity.name or '?'}"
    elif activity.kind == "tool":
        found |= {"gen_ai.tool.name": activity.name, "gen_ai.tool.type": "function"}
    elif activity.kind == "call":
        found |= _call(activity)
    elif activity.name:
        found[f"radeng.{_NAMES[activity.kind]}"] = activity.name
    return found


_NAMES: dict[ActivityKind, str] = {"gate": "gate", "proof": "proof", "measurement": "report"}


def _call(activity: Activity) -> dict[str, Value]:
    found: dict[str, Value] = {"gen_ai.provider.name": "anthropic", "gen_ai.request.model": activity.name}
    if activity.used is not None:
        used = activity.used
        written = used.cache_write_5m + used.cache_write_1h
        found |= {
            # By the conventions all input, however it was billed; the API leaves what was cached out.
            "gen_ai.usage.input_tokens": used.input + written + used.cache_read,
            "gen_ai.usage.cache_creation.input_tokens": written,
            "gen_ai.usage.cache_read.input_tokens": used.cache_read,
            "gen_ai.usage.output_tokens": used.output,
            "radeng.cost_usd": used.cost_usd,
        }
    return found


def _there(name: str, value: Value | None) -> dict[str, Value]:
    return {} if value in (None, "") else {name: value}  # pyright: ignore[reportReturnType]
