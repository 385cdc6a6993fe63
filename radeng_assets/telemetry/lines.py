"""Log lines: one JSON object for each event. Its fields are a closed list, and none of them holds prose.

No line has a reason, a command, a path, an output or a prompt: these stay in the record, behind its own doors. Lines
are read from the record, so nothing is written twice and nothing rotates: whoever keeps logs keeps what `radeng logs`
prints.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from radeng_assets.record import Record
from radeng_assets.telemetry.activity import Activity, ActivityKind, written
from radeng_assets.telemetry.identity import span_hex, trace_hex

Level = Literal["info", "warning"]

GOOD = frozenset(
    {"", "merged", "verified", "already_satisfied", "rehearsed", "passed", "settled", "done", "taken", "approve"}
)
"""States that nobody need look at; any other makes a line a ``warning``."""

_NAMED: dict[ActivityKind, str] = {
    "attempt": "tier",
    "call": "model",
    "tool": "tool",
    "gate": "gate",
    "proof": "proof",
    "measurement": "report",
    "signoff": "role",
}


class LogLine(Record):
    """One line: every field that there is. ``at`` is when it happened, in UTC.

    ``event`` is ``wave.opened``, ``attempt.began``, or ``<kind>.ended``. ``run`` is the session, ``attempt`` the
    attempt's number at its story. Tokens by class, as the API counted them.
    """

    at: str
    level: Level
    event: str
    run: str | None = None
    wave: str | None = None
    story: str | None = None
    attempt: int | None = None
    criterion: int | None = None
    trace_id: str | None = None
    span_id: str | None = None
    mode: str | None = None
    tier: str | None = None
    model: str | None = None
    tool: str | None = None
    gate: str | None = None
    proof: str | None = None
    report: str | None = None
    role: str | None = None
    state: str | None = None
    duration_ms: int | None = None
    turns: int | None = None
    input_tokens: int | None = None
    cache_write_5m_tokens: int | None = None
    cache_write_1h_tokens: int | None = None
    cache_read_tokens: int | None = None
    output_tokens: int | None = None
    cost_usd: str | None = None

    def text(self) -> str:
        """The line, without its end."""
        return self.model_dump_json(exclude_none=True)


def lines_of(course: Iterable[Activity]) -> list[LogLine]:
    """The lines of a course, in the order in which things happened."""
    return sorted((line for activity in course for line in _lines(activity)), key=lambda line: line.at)


def _lines(activity: Activity) -> Iterator[LogLine]:
    if activity.opened:
        what = "attempt.began" if activity.kind == "attempt" else f"{activity.kind}.opened"
        yield _line(activity, what, activity.began, "info")
    if activity.over:
        level: Level = "info" if activity.state in GOOD else "warning"
        line = _line(activity, f"{activity.kind}.ended", activity.latest, level)
        yield line.model_copy(update=_results(activity))


def _line(activity: Activity, event: str, at: int, level: Level) -> LogLine:
    named = _NAMED.get(activity.kind)
    return LogLine.model_validate(
        {
            "at": written(at),
            "level": level,
            "event": event,
            "run": activity.run or None,
            "wave": activity.wave or None,
            "story": activity.story or None,
            "attempt": activity.attempt,
            "criterion": activity.criterion,
            "trace_id": trace_hex(activity) or None,
            "span_id": span_hex(activity) or None,
            "mode": activity.mode or None,
            **({named: activity.name} if named else {}),
        }
    )


def _results(activity: Activity) -> dict[str, object]:
    facts: dict[str, object] = {
        "state": activity.state,
        "duration_ms": activity.latest - activity.began,
        "turns": activity.turns,
        "cost_usd": activity.cost_usd,
    }
    if activity.tokens is not None:
        facts |= {"input_tokens": activity.tokens.input, "output_tokens": activity.tokens.output}
    if activity.used is not None:
        used = activity.used
        facts |= {
            "input_tokens": used.input,
            "cache_write_5m_tokens": used.cache_write_5m,
            "cache_write_1h_tokens": used.cache_write_1h,
            "cache_read_tokens": used.cache_read,
            "output_tokens": used.output,
            "cost_usd": used.cost_usd,
        }
    return facts
