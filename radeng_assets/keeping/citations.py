"""Which evidence is cited by what can still be asked: pure functions over the ledger's records.

A verdict reads, of all records about one thing, the last one that counts for the commit in question. So only such
records can matter as no later one about the same thing on that very commit stands over. What is kept besides: sessions
that are young, among the last, or can be gone on with; what somebody signed; the points of trends; what is not
understood.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from pydantic import JsonValue, ValidationError

from radeng_assets.evidence.ledger import Entry
from radeng_assets.keeping.items import DAY_S
from radeng_assets.readiness.freshness import moment
from radeng_assets.readiness.page.history import charted
from radeng_assets.readiness.signoff import KIND as SIGNOFF
from radeng_assets.readiness.signoff import Signoff
from radeng_assets.record import Record

KNOWN = frozenset(
    {"ticket", "story", "wave", "gate", "measurement", "showing", "attempt", "attempt_end", "over", SIGNOFF}
)
"""The kinds of records that are understood here. What another kind cites is kept."""

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


class Question(Record):
    """Something that can be asked of the record: where does this execution plan stand on this commit?

    ``commit`` and ``tree`` are ``None`` without a target; not ``certain`` where nobody can say which commit it will be.
    """

    execution: str
    commit: str | None = None
    tree: str | None = None
    certain: bool = True


class Life(Record):
    """The attempts on record: the session of each by key, and when the ended ones ended (seconds since 1970)."""

    sessions: dict[str, str]
    ended: dict[str, float]

    @property
    def open(self) -> frozenset[str]:
        """The attempts that have no end: they are gone on with."""
        return frozenset(self.sessions.keys() - self.ended.keys())


def life_of(entries: Iterable[Entry]) -> Life:
    """The attempts among some records."""
    sessions: dict[str, str] = {}
    ended: dict[str, float] = {}
    for entry in entries:
        if entry.kind == "attempt":
            plan, story, number = (entry.body.get(name) for name in ("plan", "story", "number"))
            sessions[f"{plan}/{story}/{number}"] = str(entry.body.get("session"))
        elif entry.kind == "attempt_end":
            ended[str(entry.body.get("key"))] = time_of(entry)
    return Life(sessions=sessions, ended={key: at for key, at in ended.items() if key in sessions})


def kept_sessions(
    entries: Sequence[Entry], *, days: float, least: int, now: float, runs: Collection[str]
) -> frozenset[str]:
    """The sessions of which everything is kept: young, among the ``least`` last, of a run that is kept, or open."""
    life = life_of(entries)
    last = _last_words(entries, life)
    newest = sorted(last, key=lambda session: (last[session], session))[-least:]
    young = {session for session, at in last.items() if at >= now - days * DAY_S}
    return frozenset({*newest, *young, *runs, *(life.sessions[key] for key in life.open)})


def cited_evidence(
    entries: Sequence[Entry], questions: Iterable[Question], sessions: Collection[str]
) -> frozenset[str]:
    """Every digest that a record cites which can still be asked for, now (``questions``) or by whoever signed."""
    life = life_of(entries)
    kept: dict[int, Entry] = {}

    def keep(some: Iterable[Entry]) -> None:
        kept.update((entry.seq, entry) for entry in some)

    for question in questions:
        keep(standing(entries, question))
    for number, entry in enumerate(entries):
        if entry.kind == SIGNOFF and (question := _signed(entry)):
            keep(standing(entries[:number], question))
    keep(entry for entry, _ in charted(entries))
    keep(_last_ends(entries).values())
    keep(e for e in entries if e.kind not in KNOWN or e.kind == SIGNOFF or _session(e, life) in sessions)
    return frozenset(set[str]().union(*(digests_in(dict(entry.body)) for entry in kept.values())))


def standing(entries: Iterable[Entry], question: Question) -> list[Entry]:
    """The records that the answer to a question can rest on."""
    found: dict[tuple[str, ...], dict[tuple[str, str], Entry]] = {}
    asked = (str(question.commit), str(question.tree))
    for entry in entries:
        subject = _subject(entry, question.execution)
        if subject is None:
            continue
        about = (str(entry.body.get("commit")), str(entry.body.get("tree")))
        if question.certain and about == asked:
            found[subject] = {}  # it counts for certain, so nothing before it can be the last that does
        found.setdefault(subject, {})[about] = entry
    return [entry for of_one in found.values() for entry in of_one.values()]


def digests_in(value: JsonValue) -> set[str]:
    """Every digest that stands anywhere in a record's body."""
    if isinstance(value, str):
        return {value} if _DIGEST.fullmatch(value) else set()
    parts = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return set[str]().union(*map(digests_in, parts))


def time_of(entry: Entry) -> float:
    """When something was recorded, in seconds since 1970; the end of time where the record does not say."""
    try:
        return moment(entry.at).timestamp()
    except ValueError:
        return float("inf")


def _subject(entry: Entry, execution: str) -> tuple[str, ...] | None:
    """What a record is about, as verdicts tell records apart; ``None`` for one that no verdict under a plan reads."""
    body = entry.body
    if entry.kind == "measurement":  # whatever plan it was taken under
        return entry.kind, str(body.get("report")), str(body.get("demand"))
    if body.get("plan") != execution:
        return None
    if entry.kind in ("story", "wave"):
        return entry.kind, str(body.get(entry.kind))
    return (entry.kind,) if entry.kind == "gate" else None


def _signed(entry: Entry) -> Question | None:
    try:
        shown = Signoff.model_validate(entry.body).evidence_set
    except ValidationError:
        return None
    target = shown.target
    return Question(
        execution=shown.execution, commit=target.commit if target else None, tree=target.tree if target else None
    )


def _session(entry: Entry, life: Life) -> str | None:
    session = entry.body.get("session")
    if entry.kind == "attempt_end":
        return life.sessions.get(str(entry.body.get("key")))
    return session if isinstance(session, str) else None


def _last_words(entries: Iterable[Entry], life: Life) -> dict[str, float]:
    """When each session recorded something last."""
    last: dict[str, float] = {}
    for entry in entries:
        session = _session(entry, life)
        if session is not None:
            last[session] = max(last.get(session, 0.0), time_of(entry))
    return last


def _last_ends(entries: Iterable[Entry]) -> dict[str, Entry]:
    """The last attempt's end of each story: a later outcome of the story cites its transcript again."""
    ends: dict[str, Entry] = {}
    for entry in entries:
        if entry.kind == "attempt_end":
            ends[str(entry.body.get("key")).rpartition("/")[0]] = entry
    return ends
