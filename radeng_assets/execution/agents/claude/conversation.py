"""The conversation as the journal has it: the messages of the next request, and what is to be done next. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from pydantic import JsonValue

from radeng_assets.execution.agents.claude.endings import turn_end
from radeng_assets.execution.agents.claude.journal import Note
from radeng_assets.execution.agents.claude.memory import Budgets, estimate

CUT_OFF = "Your reply was cut off at the token limit; its tool calls were not run. Go on in smaller steps."
GO_ON = "Go on."
ELIDED = "[an older result, left out; ask again if you need it]"

REPORT = "report"
"""The tool by which an agent says that a task has ended."""

CUTS = 3
"""Cut-off replies in a row after which an attempt fails."""

REPEATS = 4
"""Times that the very same tool call may stand in a row: more is a loop without end."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Send a turn; ``again`` where it was sent before a kill and no answer was written down."""

    turn: int
    again: bool = False


@dataclass(frozen=True, slots=True)
class Do:
    """Run a tool call; ``snapshot`` is what the workspace was before, where it was begun before a kill."""

    call: dict[str, JsonValue]
    snapshot: str | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class End:
    """Nothing is left to do: ``claim``, ``refusal``, ``full`` or ``failed``, and why."""

    what: str
    reason: str = ""


def next_step(notes: Sequence[Note]) -> Ask | Do | End:
    """What is to be done after these records, whether they were written by this process or one that was killed."""
    turns = sum(note.kind == "answered" for note in notes)
    for place in range(len(notes) - 1, -1, -1):
        note = notes[place]
        if note.kind == "asking":
            return Ask(turns + 1, again=True)
        if note.kind == "doing":
            snapshot = note.body.get("snapshot")
            call = cast("dict[str, JsonValue]", note.body["call"])
            return Do(call, snapshot if isinstance(snapshot, str) else None, again=True)
        if note.kind in ("answered", "done"):
            return _after_answer(notes, turns)
    return Ask(turns + 1)


def _after_answer(notes: Sequence[Note], turns: int) -> Ask | Do | End:
    answer = next(note.body for note in reversed(notes) if note.kind == "answered")
    calls = calls_of(answer)
    reason = answer.get("stop_reason")
    end = turn_end(reason if isinstance(reason, str) else None, asks=bool(calls))
    if end in ("claim", "refusal", "full"):
        return End(end, str(answer.get("details") or ""))
    if end == "failed":
        return End("failed", f"the turn ended with the stop reason {reason!r}")
    if end == "tools":
        done = {str(note.body["id"]) for note in notes if note.kind == "done"}
        waiting = [call for call in calls if str(call["id"]) not in done]
        if waiting:
            return Do(waiting[0])
        if _looping(notes):
            return End("failed", f"the same tool call came {REPEATS} times in a row: a loop without end")
    if end == "cut" and _cuts(notes) >= CUTS:
        return End("failed", f"{CUTS} replies in a row were cut off at the token limit")
    return Ask(turns + 1)


def calls_of(answer: dict[str, JsonValue]) -> list[dict[str, JsonValue]]:
    """The tool calls of an answer, in order."""
    content = cast("list[dict[str, JsonValue]]", answer.get("content") or [])
    return [block for block in content if block.get("type") == "tool_use"]


def messages_of(notes: Sequence[Note], budgets: Budgets) -> list[dict[str, Any]]:
    """The messages of the next request.

    Every tool call has its result; of old results, the local budget's tokens are kept. They are left out in batches:
    the text in front must stay the same for as many turns as possible, or no cache holds.
    """
    opened = next(note.body for note in notes if note.kind == "opened")
    results = {str(note.body["id"]): note.body for note in notes if note.kind == "done"}
    answers = [note.body for note in notes if note.kind == "answered"]
    turns = [calls_of(answer) for answer in answers]
    elided = _elided(turns, results, budgets)
    messages: list[dict[str, Any]] = [{"role": "user", "content": opened["first"]}]
    for answer in answers:
        reason = answer.get("stop_reason")
        calls = calls_of(answer)
        end = turn_end(reason if isinstance(reason, str) else None, asks=bool(calls))
        content = cast("list[dict[str, Any]]", answer.get("content") or [])
        if end == "tools":
            messages.append({"role": "assistant", "content": content})
            messages.append({"role": "user", "content": [_result(call, results, elided) for call in calls]})
        else:
            # A call that was cut off has no result, so it may not stand in the conversation.
            said = [block for block in content if block.get("type") != "tool_use"]
            messages.append({"role": "assistant", "content": said or [{"type": "text", "text": "(nothing)"}]})
            messages.append({"role": "user", "content": [{"type": "text", "text": CUT_OFF if end == "cut" else GO_ON}]})
    return messages


def _result(call: dict[str, JsonValue], results: dict[str, dict[str, JsonValue]], elided: set[str]) -> dict[str, Any]:
    name = str(call["id"])
    done = results[name]
    text = ELIDED if name in elided else done["text"]
    return {"type": "tool_result", "tool_use_id": name, "content": text, "is_error": done["is_error"]}


def _elided(
    turns: list[list[dict[str, JsonValue]]], results: dict[str, dict[str, JsonValue]], budgets: Budgets
) -> set[str]:
    """The results that are left out: all but the newest within the local budget, each time that there is a reason.

    A reason is a task that ended (the agent reported), where the plan compresses then, or twice the budget. The results
    of the last turn stay in any case.
    """
    elided: set[str] = set()
    kept: list[tuple[str, int]] = []
    ended = False
    for calls in turns:
        if ended or sum(size for _, size in kept) > 2 * budgets.local:
            room = budgets.local
            for name, size in reversed(kept):
                room -= size
                if room < 0:
                    elided.add(name)
            kept = [(name, size) for name, size in kept if name not in elided]
        names = [str(call["id"]) for call in calls]
        kept += [(name, estimate(str(results[name]["text"]))) for name in names if name in results]
        ended = budgets.compress_tasks and any(call["name"] == REPORT for call in calls)
    return elided


def _looping(notes: Sequence[Note]) -> bool:
    calls = [[(c["name"], c["input"]) for c in calls_of(note.body)] for note in notes if note.kind == "answered"]
    last = calls[-REPEATS:]
    return len(last) == REPEATS and all(turn == last[0] for turn in last)


def _cuts(notes: Sequence[Note]) -> int:
    reasons = [note.body.get("stop_reason") for note in notes if note.kind == "answered"]
    count = 0
    for reason in reversed(reasons):
        if reason != "max_tokens":
            break
        count += 1
    return count
