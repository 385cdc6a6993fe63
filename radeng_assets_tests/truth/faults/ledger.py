"""The record itself is edited, cut, put in another order, or chained anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pydantic import JsonValue

from radeng_assets.evidence.ledger import Entry
from radeng_assets.evidence.outcomes import GateOutcome, StoryOutcome
from radeng_assets.readiness.signoff import KIND
from radeng_assets_tests.truth.state import State
from radeng_assets_tests.truth.trial import Fault


def _edited(state: State) -> None:
    data = state.ledger.path.read_bytes()
    state.ledger.path.write_bytes(data.replace(b'"attempts":1', b'"attempts":2', 1))


def _without_one(entries: list[Entry]) -> Sequence[Entry]:
    return [*entries[:9], *entries[10:]]


def _swapped(entries: list[Entry]) -> Sequence[Entry]:
    return [*entries[:9], entries[10], entries[9], *entries[11:]]


def _repeated(entries: list[Entry]) -> Sequence[Entry]:
    return [*entries[:9], entries[8], *entries[9:]]


def _without_last_byte(state: State) -> None:
    """Not the line end, which a killed writer may leave out: the last sign-off's own hash."""
    data = state.ledger.path.read_bytes().rstrip(b"\n")
    state.ledger.path.write_bytes(data[:-2] + b"\n")


def _changed(entry: Entry, **fields: JsonValue) -> Entry:
    return entry.model_copy(update={"body": {**entry.body, **fields}})


def _with(kind: str, **fields: JsonValue) -> Callable[[State], None]:
    """Every record of a kind with other fields, the chain made to hold."""

    def edited(entries: list[Entry]) -> Sequence[Entry]:
        return [_changed(entry, **fields) if entry.kind == kind else entry for entry in entries]

    return lambda state: state.rewrite(edited)


def _unsigned(entries: list[Entry]) -> Sequence[Entry]:
    return [entry for entry in entries if entry.kind != KIND]


def _unproved(entries: list[Entry]) -> Sequence[Entry]:
    """A story's criteria are said to hold, and cite what proved the first of them."""
    found: list[Entry] = []
    for entry in entries:
        made = entry
        if entry.kind == "story":
            outcome = StoryOutcome.model_validate(entry.body)
            first = outcome.criteria[0].evidence if outcome.criteria else ()
            borrowed = tuple(item.model_copy(update={"evidence": first}) for item in outcome.criteria)
            made = entry.model_copy(
                update={"body": outcome.model_copy(update={"criteria": borrowed}).model_dump(mode="json")}
            )
        found.append(made)
    return found


def _failed_since(state: State) -> None:
    last = [StoryOutcome.model_validate(entry.body) for entry in state.ledger.entries("story")][-1]
    state.ledger.append("story", last.model_copy(update={"status": "failed", "reason": "it does not hold any more"}))


def _gate_failed_since(state: State) -> None:
    last = [GateOutcome.model_validate(entry.body) for entry in state.ledger.entries("gate")][-1]
    state.ledger.append("gate", last.model_copy(update={"state": "failed", "reason": "post_final failed"}))


FAULTS = (
    Fault("a record is edited", "stories_completed", r"ledger.jsonl:\d+.*edited", _edited),
    Fault(
        "a record is taken out",
        "load_test",
        r"ledger.jsonl:\d+.*follow",
        lambda s: s.rewrite(_without_one, chained=False),
    ),
    Fault(
        "two records change places",
        "ess_integration",
        r"ledger.jsonl:\d+",
        lambda s: s.rewrite(_swapped, chained=False),
    ),
    Fault("a record stands twice", "documentation", r"ledger.jsonl:\d+", lambda s: s.rewrite(_repeated, chained=False)),
    Fault("the last record is damaged", "stakeholder_signoff", r"ledger.jsonl:\d+", _without_last_byte),
    Fault(
        "chained anew after an edit",
        "stakeholder_signoff",
        "ledger before it changed",
        _with("attempt", began="2026-01-01T00:00:00Z"),
    ),
    Fault(
        "chained anew without a record",
        "stakeholder_signoff",
        "ledger before it changed",
        lambda s: s.rewrite(_without_one),
    ),
    Fault("the ledger is gone", "stories_completed", "0 of 6", lambda s: s.ledger.path.unlink()),
    Fault("the sign-offs are cut off", "stakeholder_signoff", "nobody has signed", lambda s: s.rewrite(_unsigned)),
    Fault(
        "outcomes of another plan",
        "stories_completed",
        "another execution plan",
        _with("story", plan="sha256:" + "0" * 64),
    ),
    Fault("outcomes without evidence", "stories_completed", "no evidence that", _with("story", evidence=[])),
    Fault("gates without evidence", "stories_completed", "no evidence that", _with("wave", evidence=[])),
    Fault("a final gate without evidence", "stories_completed", "final gate: no evidence", _with("gate", evidence=[])),
    Fault("criteria that one proof shows all", "stories_completed", "no evidence that", lambda s: s.rewrite(_unproved)),
    Fault("a story failed since", "stories_completed", "failed", _failed_since),
    Fault("the final gate failed since", "stories_completed", "final gate: post_final failed", _gate_failed_since),
)
