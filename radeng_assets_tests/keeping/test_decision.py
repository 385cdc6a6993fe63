"""What evidence may go, against an oracle that asks as verdicts do: the last record that counts, whatever counts."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.canonical import digest_of
from radeng_assets.evidence.ledger import Entry
from radeng_assets.execution.gates import lock_name
from radeng_assets.keeping.citations import Question, life_of, standing
from radeng_assets.keeping.decision import Facts, may_go
from radeng_assets.keeping.items import DAY_S, Item
from radeng_assets.readiness.circumstances import Target
from radeng_assets.readiness.evidence_set import EvidenceSet
from radeng_assets.readiness.retention_terms import RetentionTerms
from radeng_assets.readiness.signoff import Signoff

NOW = 1_700_000_000.0
COMMITS = ("c1", "c2", "c3")
PLANS = ("p1", "p2")
TERMS = RetentionTerms(days=7, least=1)


def at(days_ago: float) -> str:
    return datetime.fromtimestamp(NOW - days_ago * DAY_S, UTC).isoformat()


def entry(seq: int, kind: str, days_ago: float = 100, **body: Any) -> Entry:
    """A record; it cites one object of its own."""
    return Entry(seq=seq, prev="", kind=kind, at=at(days_ago), body={"evidence": [digest(seq)], **body}, hash="")


def digest(seq: int) -> str:
    return digest_of(["evidence", seq])


def kept_of(digest: str) -> str:
    return digest_of(["artifact of", digest])


def objects(seqs: int) -> dict[str, Item]:
    """The object of each record, and what it keeps, all of them old."""
    names = [name for seq in range(1, seqs + 1) for name in (digest(seq), kept_of(digest(seq)))]
    return {name: Item(kind="evidence", name=name, at=float(number)) for number, name in enumerate(names)}


def gone(entries: list[Entry], *questions: Question, **facts: Any) -> set[int]:
    """The records whose evidence may go; of each, what it keeps may go with it and not before."""
    stored = objects(len(entries))
    # One more that is newer than all: the minimum of the kind.
    stored[digest(0)] = Item(kind="evidence", name=digest(0), at=NOW)
    given = Facts(entries=entries, objects=stored, artifacts=lambda one: (kept_of(one),), questions=questions, **facts)
    names = {item.name for item in may_go(given, TERMS, NOW)}
    found = {e.seq for e in entries if digest(e.seq) in names}
    assert found == {e.seq for e in entries if kept_of(digest(e.seq)) in names}
    return found


records = st.lists(
    st.tuples(
        st.sampled_from(["story", "wave", "gate", "measurement", "showing"]),
        st.sampled_from(["A", "B"]),
        st.sampled_from(PLANS),
        st.sampled_from(COMMITS),
        st.integers(0, 4),
    ),
    max_size=14,
)


def told(drawn: list[tuple[str, str, str, str, int]]) -> list[Entry]:
    found: list[Entry] = []
    for seq, (kind, what, plan, commit, session) in enumerate(drawn, start=1):
        names = {"measurement": {"report": what, "demand": "d"}, "story": {"story": what}, "wave": {"wave": what}}
        body: dict[str, Any] = {
            "plan": plan,
            "commit": commit,
            "tree": commit,
            "session": f"s{session}",
            **names.get(kind, {}),
        }
        found.append(entry(seq, kind, days_ago=100 - seq, **body))
    return found


def asked(entries: list[Entry], plan: str, counting: set[str]) -> set[int]:
    """The records that a verdict reads where these commits count: the last of each subject."""
    last: dict[tuple[str, str], int] = {}
    for one in entries:
        if one.body["commit"] in counting and one.kind != "showing":
            if one.kind == "measurement":
                last[one.kind, str(one.body["report"])] = one.seq
            elif one.body["plan"] == plan:
                last[one.kind, str(one.body.get(one.kind, ""))] = one.seq
    return set(last.values())


@given(records, st.sampled_from(PLANS), st.sampled_from(COMMITS), st.booleans())
def test_nothing_goes_that_a_verdict_can_ask_for(
    drawn: list[tuple[str, str, str, str, int]], plan: str, commit: str, certain: bool
) -> None:
    entries = told(drawn)
    question = Question(execution=plan, commit=commit, tree=commit, certain=certain)
    went = gone(entries, question)
    others = [one for one in COMMITS if one != commit]
    for size in range(len(others) + 1):
        for also in combinations(others, size):
            assert not went & asked(entries, plan, {commit, *also})
    if not certain:
        for size in range(len(COMMITS) + 1):
            for counting in combinations(COMMITS, size):
                assert not went & asked(entries, plan, set(counting))


@given(records, st.sampled_from(PLANS), st.sampled_from(COMMITS))
def test_the_last_session_stays_whole(drawn: list[tuple[str, str, str, str, int]], plan: str, commit: str) -> None:
    entries = told(drawn)
    went = gone(entries, Question(execution=plan, commit=commit, tree=commit))
    if entries:
        last = entries[-1].body["session"]
        assert not [one.seq for one in entries if one.seq in went and one.body["session"] == last]


def test_what_a_later_record_on_the_same_commit_stands_over_goes() -> None:
    about: dict[str, Any] = {"plan": "p1", "story": "A"}
    entries = [
        entry(1, "story", commit="c1", tree="c1", session="s1", **about),
        entry(2, "story", commit="c2", tree="c2", session="s2", **about),
        entry(3, "story", commit="c1", tree="c1", session="s3", **about),
        entry(4, "over", days_ago=1, session="s4"),
    ]
    assert gone(entries, Question(execution="p1", commit="c1", tree="c1")) == {1, 2}
    # Nobody knows the commit, so the last on each may be asked for; no question at all: nothing is.
    assert gone(entries, Question(execution="p1", certain=False)) == {1}
    assert gone(entries) == {1, 2, 3}
    # A record that names the commit and not its tree does not count, and stands over nothing.
    forged = [*entries[:2], entry(3, "story", commit="c1", tree="c2", session="s3", **about), entries[3]]
    assert gone(forged, Question(execution="p1", commit="c1", tree="c1")) == set()


def signed(seq: int, execution: str, target: Target | None) -> Entry:
    shown = EvidenceSet(plan="sha256:p", execution=execution, target=target, final_gate="passed")
    body = Signoff(role="r", name="n", decision="approve", evidence_set=shown, verdict="v", ledger_head="h")
    return Entry(seq=seq, prev="", kind="signoff", at=at(90), body=body.model_dump(mode="json"), hash="")


def test_what_somebody_signed_stays_whatever_came_later() -> None:
    about: dict[str, Any] = {"plan": "p1", "story": "A"}
    entries = [
        entry(1, "story", commit="c1", tree="c1", session="s1", **about),
        signed(2, "p1", Target(commit="c1", tree="c1")),
        entry(3, "story", commit="c1", tree="c1", session="s2", **about),
        entry(4, "story", commit="c1", tree="c1", session="s3", **about),
        entry(5, "over", days_ago=1, session="s4"),
    ]
    assert gone(entries, Question(execution="p1", commit="c1", tree="c1")) - {2} == {3}


def test_trends_transcripts_and_what_is_not_understood_stay() -> None:
    measured: dict[str, Any] = {"report": "coverage", "demand": "d", "plan": "p", "session": "s1", "tree": "t"}
    entries = [
        entry(1, "measurement", commit="c1", **measured),
        entry(2, "measurement", commit="c1", **measured),
        entry(3, "measurement", commit="c2", **measured),
        entry(4, "novelty"),
        entry(5, "attempt", plan="p", story="A", number=1, session="s1"),
        entry(6, "attempt_end", key="p/A/1", transcript=digest(6)),
        entry(7, "attempt", plan="p", story="A", number=2, session="s1"),
        entry(8, "attempt_end", key="p/A/2", transcript=digest(8)),
        entry(9, "over", days_ago=1, session="s9"),
    ]
    assert gone(entries) == {1, 5, 6, 7}


def test_sessions_stay_whole_while_they_can_be_gone_on_with() -> None:
    entries = [
        entry(1, "showing", key="k", session="of a run"),
        entry(2, "showing", key="k", session="of a run that goes"),
        entry(3, "attempt", plan="p", story="A", number=1, session="open"),
        entry(4, "showing", key="k", session="open"),
        entry(5, "showing", key="k", session="forgotten"),
        entry(6, "over", days_ago=1, session="s9"),
    ]
    runs = [Item(kind="runs", name="new", at=NOW - 90 * DAY_S), Item(kind="runs", name="old", at=0.0)]
    sessions = {"new": "of a run", "old": "of a run that goes"}
    assert gone(entries, runs=runs, sessions=sessions) == {2, 5}
    locks = [Item(kind="locks", name=f"locks/{lock_name(name, 'k')}", at=1.0) for name in ("open", "forgotten")]
    facts = Facts(entries=entries, items=[*locks, Item(kind="locks", name="locks/newer.lock", at=NOW)])
    assert [item.name for item in may_go(facts, TERMS, NOW)] == [f"locks/{lock_name('forgotten', 'k')}"]


def test_what_files_cite_and_what_a_run_under_way_may_have_made_stay() -> None:
    entries = [entry(1, "showing", key="k", session="s1"), entry(2, "over", days_ago=1, session="s9")]
    assert gone(entries) == {1}
    assert gone(entries, roots=frozenset({digest(1)})) == set()
    assert gone(entries, busy_since=0.0) == set()


def test_attempts_are_open_until_their_end_is_on_record() -> None:
    life = life_of(
        [
            entry(1, "attempt", plan="p", story="A", number=1, session="s"),
            entry(2, "attempt", plan="p", story="A", number=2, session="s"),
            entry(3, "attempt_end", key="p/A/1"),
            entry(4, "attempt_end", key="p/never/1"),
        ]
    )
    assert life.open == {"p/A/2"}
    assert life.ended.keys() == {"p/A/1"}


@pytest.mark.parametrize("kind", ["ticket", "showing", "attempt", "over", "signoff"])
def test_only_records_of_outcomes_stand(kind: str) -> None:
    assert standing([entry(1, kind, plan="p", commit="c", tree="c")], Question(execution="p", certain=False)) == []
