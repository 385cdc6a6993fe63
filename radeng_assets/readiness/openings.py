"""Which waves may be opened without anybody asking: predecessors' gates passed, and no person holds them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from radeng_assets.evidence.ledger import Entry
from radeng_assets.evidence.outcomes import GateState, Ticket, WaveOutcome
from radeng_assets.planning.chains import waves_before
from radeng_assets.planning.schedule import Schedule
from radeng_assets.record import Record


class Standing(Record):
    """Where the waves stand: the gates of those that are closed, and those that were opened before."""

    gates: dict[str, GateState]
    opened: frozenset[str] = frozenset()


def standing_of(
    entries: Iterable[Entry], plan: str, commit: str | None, *, once: bool, counts: Callable[[str | None], bool]
) -> Standing:
    """Where the waves stand, by the ledger, under an execution plan (its digest) and on the commit in question.

    ``counts`` says of what was shown on a commit whether it opens the way on the one in question. ``once``: a wave
    that was opened on any commit is not opened again, since what agents did to it has a price and a person looks at
    what came of it. Else every commit is asked anew.
    """
    gates: dict[str, GateState] = {}
    opened: set[str] = set()
    for entry in entries:
        if entry.kind == "ticket":
            ticket = Ticket.model_validate(entry.body)
            if ticket.plan == plan and (once or ticket.commit == commit):
                opened.add(ticket.wave)
        elif entry.kind == "wave":
            outcome = WaveOutcome.model_validate(entry.body)
            if outcome.plan == plan and counts(outcome.commit):
                gates[outcome.wave] = outcome.gate
    return Standing(gates=gates, opened=frozenset(opened))


def waiting(
    schedule: Schedule, standing: Standing, *, held: Iterable[str], busy: Iterable[str], rehearsal: bool
) -> Mapping[str, str]:
    """Every wave that was not opened yet → why it may not be opened now; an empty text where it may.

    ``busy`` are waves that a run is about to open, or has. A rehearsal walks on over what was rehearsed.
    """
    before, holds, runs = waves_before(schedule), set(held), set(busy)
    pass_on = {"passed", "rehearsed"} if rehearsal else {"passed"}
    answers: dict[str, str] = {}
    for wave in schedule.waves:
        if wave.id in standing.opened:
            continue
        needs = [*dict.fromkeys((*wave.needs, *sorted(before[wave.id])))]
        short = [need for need in needs if standing.gates.get(need) not in pass_on]
        if wave.id in runs:
            answers[wave.id] = "a run of it is on"
        elif short:
            answers[wave.id] = f"waits for {', '.join(short)}"
        elif wave.id in holds:
            answers[wave.id] = "a person opens it (readiness.yaml: waves: hold)"
        else:
            answers[wave.id] = ""
    return answers
