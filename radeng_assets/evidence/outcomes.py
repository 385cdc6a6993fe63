"""What things came to: the bodies of the ledger's records."""

from __future__ import annotations

from typing import Literal

from radeng_assets.evidence.states import State
from radeng_assets.record import Record

StoryStatus = Literal["verified", "already_satisfied", "rehearsed", "failed", "blocked", "not_run"]
GateState = Literal["passed", "failed", "blocked", "not_run", "rehearsed"]

DONE: frozenset[StoryStatus] = frozenset({"verified", "already_satisfied"})
"""The two story statuses that count as done. A rehearsal is never among them."""


class Tokens(Record):
    """What a story's agent consumed."""

    input: int = 0
    output: int = 0


class Ticket(Record):
    """An open wave: what every step of it works on. ``commit`` and ``tree`` are ``None`` in a rehearsal.

    ``plan`` is the digest of the execution plan and its proofs; ``session`` ties the runs of one walk together, and
    ``occasion`` is one of them (empty: the session is the only one). What did not pass is asked anew on another.
    """

    wave: str
    session: str
    mode: str
    plan: str
    commit: str | None = None
    tree: str | None = None
    occasion: str = ""


class CriterionOutcome(Record):
    """One acceptance criterion of a story (``number`` counts from 1): what its proof showed.

    ``already_true``: its proof passed before an agent began too, so it is nobody's work.
    """

    number: int
    text: str
    state: State
    evidence: tuple[str, ...] = ()
    reason: str = ""
    already_true: bool = False


class StoryOutcome(Record):
    """What one story came to. ``cost_usd`` is a decimal text; ``evidence`` are envelope digests.

    ``tokens``, ``cost_usd`` and ``attempts`` are of all attempts ever made at it. ``changed`` is the diff's size in
    git's words, ``transcript`` the last attempt's, in the store; ``sandboxed`` is ``None`` where no agent worked.
    """

    story: str
    wave: str
    status: StoryStatus
    mode: str
    plan: str
    session: str
    commit: str | None = None
    tree: str | None = None
    attempts: int = 0
    tokens: Tokens = Tokens()
    cost_usd: str = "0.00"
    criteria: tuple[CriterionOutcome, ...] = ()
    evidence: tuple[str, ...] = ()
    reason: str = ""
    changed: str = ""
    transcript: str | None = None
    sandboxed: bool | None = None


class WaveOutcome(Record):
    """What one wave came to, with its stories."""

    wave: str
    gate: GateState
    mode: str
    plan: str
    session: str
    commit: str | None = None
    tree: str | None = None
    stories: tuple[StoryOutcome, ...] = ()
    evidence: tuple[str, ...] = ()
    reason: str = ""


class Over(Record):
    """A wave that will not be closed in a session, because its run has ended."""

    wave: str
    session: str


class GateOutcome(Record):
    """What one gate of the whole plan came to (``phase`` is ``post_final``)."""

    phase: str
    state: State
    plan: str
    session: str
    commit: str | None = None
    tree: str | None = None
    evidence: tuple[str, ...] = ()
    reason: str = ""
