"""Ledgers that hypothesis makes up: whole sessions with waves, stories, attempts, showings, and prose everywhere."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from pydantic import JsonValue

from radeng_assets.evidence.ledger import GENESIS, Entry
from radeng_assets.evidence.outcomes import CriterionOutcome, Over, StoryOutcome, Ticket, Tokens, WaveOutcome
from radeng_assets.execution.attempts import Attempt, AttemptEnd
from radeng_assets.execution.broker.calls import Call
from radeng_assets.execution.broker.line import Scope, Spent
from radeng_assets.execution.gates import Showing
from radeng_assets.record import Record
from radeng_assets.telemetry.activity import written
from radeng_assets.telemetry.chronicle import Chronicle, ToolUse

PROSE = 'canary "prose"\n<b>{{brief}}</b> sk-ant-canary'
"""What stands in every field that somebody writes."""

BEGAN = 1_790_000_000_000

RUNS = ("r1", "r2")
WAVES = ("wave-1", "wave-2")
STORIES = ("A-1", "A-2")

COUNTED = {
    "wave": "radeng_wave_outcomes_total",
    "story": "radeng_story_outcomes_total",
    "attempt": "radeng_attempts_total",
    "call": "radeng_turns_total",
    "gate": "radeng_gate_duration_seconds_count",
    "proof": "radeng_proof_duration_seconds_count",
}
"""Kinds of activities, and the metric that counts each."""


def entry(seq: int, kind: str, body: Record | dict[str, JsonValue], at: int) -> Entry:
    """A record as a ledger gives it; the chain is not what is looked at here."""
    plain = body.model_dump(mode="json") if isinstance(body, Record) else body
    return Entry(seq=seq, prev=GENESIS, kind=kind, at=written(at), body=plain, hash=GENESIS)


def _bodies(run: str, wave: str, story: str, number: int, pick: int, at: int) -> tuple[str, Record]:
    """One of the records that a session writes."""
    attempt = Attempt(
        plan="p", execution=PROSE, story=story, wave=wave, session=run, number=number, base=PROSE,
        began=written(at), occasion=PROSE,
    )  # fmt: skip
    common: dict[str, Any] = {"mode": "claude", "plan": PROSE, "session": run, "reason": PROSE}
    criterion = CriterionOutcome(number=1, text=PROSE, state="passed", reason=PROSE)
    showing = Showing(key=PROSE, session=run, state="failed", reason=PROSE, wave=wave, began=written(at - 40))
    choices: tuple[tuple[str, Record], ...] = (
        ("ticket", Ticket(wave=wave, session=run, mode="claude", plan=PROSE, commit=PROSE)),
        ("attempt", attempt),
        ("attempt_end", AttemptEnd(
            key=attempt.key, ending="failed", reason=PROSE, changed=PROSE, turns=number, tokens=Tokens(input=7),
            transcript=PROSE,
        )),
        ("showing", showing.model_copy(update={"kind": "gate:post_story", "about": story})),
        ("showing", showing.model_copy(update={"kind": "criterion", "about": f"{story}#2", "state": "passed"})),
        ("showing", showing.model_copy(update={"kind": "gate:post_wave", "about": "post_wave"})),
        ("story", StoryOutcome(story=story, wave=wave, status="verified", criteria=(criterion,), **common)),
        ("wave", WaveOutcome(wave=wave, gate="failed", **common)),
        ("over", Over(wave=wave, session=run)),
    )  # fmt: skip
    return choices[pick]


def chronicles() -> st.SearchStrategy[Chronicle]:
    """Records in any order, sensible or not, with the calls and tools of some attempts."""
    record = st.tuples(
        st.sampled_from(RUNS), st.sampled_from(WAVES), st.sampled_from(STORIES), st.integers(1, 2), st.integers(0, 8)
    )
    call = st.tuples(st.sampled_from(STORIES), st.integers(1, 3), st.integers(0, 5000), st.booleans())
    return st.builds(_chronicle, st.lists(record, max_size=24), st.lists(call, max_size=6))


def _chronicle(
    records: list[tuple[str, str, str, int, int]], calls: list[tuple[str, int, int, bool]]
) -> Chronicle:  # fmt: skip
    entries = tuple(
        entry(seq, *_bodies(*record, at=BEGAN + 100 * seq), at=BEGAN + 100 * seq)
        for seq, record in enumerate(records, start=1)
    )
    return Chronicle(
        entries=entries,
        calls=tuple(
            Call(
                id=number,
                scope=Scope(plan="p", wave="wave-1", story=story, attempt=attempt),
                model="claude-sonnet-5-5",
                turn=PROSE,
                began=(BEGAN + at) / 1000,
                ended=(BEGAN + at + 50) / 1000 if ended else None,
                used=Spent(turns=1, input=100 * ended, output=10 * ended, cost_usd="0.01"),
            )
            for number, (story, attempt, at, ended) in enumerate(calls, start=1)
        ),
        tools=tuple(
            ToolUse(
                attempt=f"p/{story}/{attempt}", number=number, name="read_file" if ended else PROSE,
                began=written(BEGAN + at), ended=written(BEGAN + at + 5), failed=not ended,
            )
            for number, (story, attempt, at, ended) in enumerate(calls, start=1)
        ),
    )  # fmt: skip
