"""What may go of a home, all kinds together: a pure function of what is there and on record, the policy, the time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from radeng_assets.evidence.ledger import Entry
from radeng_assets.execution.gates import lock_name
from radeng_assets.keeping.citations import Question, cited_evidence, kept_sessions
from radeng_assets.keeping.items import Item, going
from radeng_assets.readiness.retention_terms import RetentionTerms


@dataclass(frozen=True)
class Facts:
    """A home at one moment.

    ``items`` are the things that lie there, ``runs`` the runs of the instance, with the ``sessions`` that they are part
    of. ``objects`` are the evidence, each with its digest; ``artifacts`` says what an envelope keeps. ``roots`` are
    digests that something else than the ledger cites. ``busy_since`` is when the first of the runs that have not ended
    began (seconds since 1970).
    """

    entries: Sequence[Entry] = ()
    items: Sequence[Item] = ()
    runs: Sequence[Item] = ()
    sessions: Mapping[str, str] = field(default_factory=dict[str, str])
    objects: Mapping[str, Item] = field(default_factory=dict[str, Item])
    artifacts: Callable[[str], Iterable[str]] = lambda _: ()
    questions: Sequence[Question] = ()
    roots: frozenset[str] = frozenset()
    busy_since: float = float("inf")


def may_go(facts: Facts, terms: RetentionTerms, now: float) -> tuple[Item, ...]:
    """Everything that may go at a time (seconds since 1970), in the order in which it may."""
    gone = {item.name for item in going(facts.runs, terms, now)}
    kept = {session for run, session in facts.sessions.items() if run not in gone}
    days, least = terms.of("evidence")
    sessions = kept_sessions(facts.entries, days=days, least=least, now=now, runs=kept)
    needed = _with_artifacts(cited_evidence(facts.entries, facts.questions, sessions) | facts.roots, facts)
    settled = _settled_locks(facts.entries, sessions)
    lying = (_locked(item, settled) if item.kind == "locks" else item for item in facts.items)
    return going((*facts.runs, *lying, *_evidence(facts, needed)), terms, now)


def _locked(item: Item, settled: frozenset[str]) -> Item:
    return _but(item, "its session can be gone on with", item.name.rpartition("/")[2] not in settled)


def _evidence(facts: Facts, needed: frozenset[str]) -> Iterator[Item]:
    for digest, item in facts.objects.items():
        young = _but(item, "a run is under way that may have made it", item.at >= facts.busy_since)
        yield _but(young, "it is cited", digest in needed)


def _but(item: Item, reason: str, so: bool) -> Item:
    return item.model_copy(update={"needed": reason}) if so else item


def _with_artifacts(digests: frozenset[str], facts: Facts) -> frozenset[str]:
    """The digests and all that their envelopes keep."""
    there = [digest for digest in digests if digest in facts.objects]
    return digests.union(*(facts.artifacts(digest) for digest in there))


def _settled_locks(entries: Iterable[Entry], sessions: frozenset[str]) -> frozenset[str]:
    """The names of locks for questions of sessions that nobody goes on with."""
    names: set[str] = set()
    for entry in entries:
        key = entry.body.get({"showing": "key", "measurement": "demand"}.get(entry.kind, ""))
        session = entry.body.get("session")
        if isinstance(key, str) and isinstance(session, str) and session not in sessions:
            names.add(lock_name(session, key))
    return frozenset(names)
