"""The ESS formula: each fault with its evidence, its price, and what holds for any nodes whatever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.ess.answer import Node, Veracity
from radeng_assets.ess.terms import VeracityTerms
from radeng_assets.ess.veracity import answer_veracity, snapshot_veracity

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TERMS = VeracityTerms()


def ago(**delta: float) -> str:
    return (NOW - timedelta(**delta)).isoformat()


def code(path: str = "src/a.py", changed: str = ago(days=1), neighbours: int = 5, line: int = 1) -> Node:
    return Node(path=path, line=line, name=path, document=False, changed=changed, neighbours=neighbours)


def document(
    changed: str = ago(days=1), describes: tuple[str, ...] = (), neighbours: int = 5, line: int = 1, path: str = "a.md"
) -> Node:
    return Node(
        path=path,
        line=line,
        name=path,
        document=True,
        changed=changed,
        neighbours=neighbours,
        describes=describes,
    )


def of_answer(*nodes: Node, results: int = 5, terms: VeracityTerms = TERMS) -> Veracity:
    return answer_veracity(results, nodes, {node.path: node.changed for node in nodes}, NOW, terms)


def of_snapshot(*nodes: Node, terms: VeracityTerms = TERMS) -> Veracity:
    return snapshot_veracity(nodes, {node.path: node.changed for node in nodes}, NOW, terms)


def types(veracity: Veracity) -> list[str]:
    return [fault.type for fault in veracity.faults]


# --- the faults --------------------------------------------------------------------------------


def test_nothing_wrong_is_a_hundred() -> None:
    assert of_answer(code(), document(describes=("src/a.py",))) == Veracity(score=100)


@pytest.mark.parametrize(("age", "stale"), [({"days": 90}, False), ({"days": 90, "seconds": 1}, True)])
def test_a_document_is_stale_after_more_than_ninety_days(age: dict[str, float], stale: bool) -> None:
    veracity = of_answer(document(ago(**age), line=7))
    assert veracity.score == (85 if stale else 100)
    if stale:
        (fault,) = veracity.faults
        assert (fault.type, fault.path, fault.line) == ("STALE_DOC", "a.md", 7)
        assert "2026-03-03" in fault.message
        assert "90 days" in fault.message


def test_old_code_is_not_stale() -> None:
    assert of_answer(code(changed=ago(days=4000))).score == 100


@pytest.mark.parametrize("changed", ["", "yesterday", "2026-13-01"])
def test_a_document_without_a_date_is_not_taken_for_fresh(changed: str) -> None:
    assert types(of_answer(document(changed))) == ["STALE_DOC"]


@pytest.mark.parametrize(("neighbours", "score"), [(0, 95), (1, 95), (2, 100)])
def test_fewer_than_two_neighbours_is_an_orphan(neighbours: int, score: int) -> None:
    veracity = of_answer(code(neighbours=neighbours, line=12))
    assert veracity.score == score
    assert [(fault.path, fault.line) for fault in veracity.faults] == [("src/a.py", 12)] * (score < 100)


@pytest.mark.parametrize(("days", "seconds", "score"), [(30, 0, 100), (30, 1, 80), (-30, -1, 100)])
def test_a_document_contradicts_code_that_is_more_than_thirty_days_younger(days: int, seconds: int, score: int) -> None:
    older = ago(days=60)
    younger = (datetime.fromisoformat(older) + timedelta(days=days, seconds=seconds)).isoformat()
    veracity = of_answer(document(older, describes=("src/a.py",)), code(changed=younger))
    assert veracity.score == score
    if score < 100:
        (fault,) = veracity.faults
        assert (fault.type, fault.path) == ("CONTRADICTION", "a.md")
        assert "src/a.py" in fault.message


def test_code_that_is_not_among_the_results_can_be_contradicted_too() -> None:
    told = document(ago(days=60), describes=("src/b.py", "src/unknown.py"))
    assert types(answer_veracity(5, [told], {"src/b.py": ago(days=1)}, NOW, TERMS)) == ["CONTRADICTION"]


@pytest.mark.parametrize(("results", "score"), [(0, 90), (4, 90), (5, 100)])
def test_fewer_than_five_results_cover_too_little(results: int, score: int) -> None:
    assert of_answer(code(), results=results).score == score


def test_penalties_add_up_and_end_at_zero() -> None:
    faulty = document(ago(days=100), describes=("src/a.py",), neighbours=0)
    veracity = of_answer(faulty, code(neighbours=1), results=2)
    assert types(veracity) == ["CONTRADICTION", "LOW_COVERAGE", "ORPHANED_NODE", "ORPHANED_NODE", "STALE_DOC"]
    assert veracity.score == 100 - 20 - 10 - 5 - 5 - 15
    assert of_answer(*(code(f"{number}.py", neighbours=0) for number in range(30))).score == 0


def test_two_sections_of_one_stale_document_are_one_fault() -> None:
    sections = [document(ago(days=100), describes=("src/a.py",), line=line) for line in (40, 3, 9)]
    veracity = of_answer(*sections, code())
    assert [(fault.type, fault.line) for fault in veracity.faults] == [("CONTRADICTION", 3), ("STALE_DOC", 3)]
    assert veracity.score == 65


def test_terms_move_every_number() -> None:
    terms = VeracityTerms(
        stale_document=1,
        orphaned_node=2,
        contradiction=3,
        low_coverage=4,
        stale_after_days=5,
        neighbours=6,
        contradiction_after_days=1,
        results=7,
    )
    told = document(ago(days=6), describes=("src/a.py",))
    assert of_answer(told, code(), results=6, terms=terms).score == 100 - 1 - 2 - 2 - 3 - 4


# --- a whole snapshot --------------------------------------------------------------------------


def test_a_snapshot_is_worth_what_an_average_answer_is() -> None:
    orphans = [code(f"{number}.py", neighbours=0) for number in range(20)]
    sound = [code(f"sound{number}.py") for number in range(80)]
    # A fifth of the nodes lacks neighbours: one in an answer of five, for 5 points.
    veracity = of_snapshot(*orphans, *sound)
    assert (veracity.score, len(veracity.faults)) == (95, 20)
    assert of_snapshot(*orphans).score == 75


def test_a_fraction_of_a_point_counts_against_the_snapshot() -> None:
    assert of_snapshot(code(neighbours=0), *(code(f"{number}.py") for number in range(999))).score == 99


def test_a_snapshot_of_few_nodes_covers_too_little() -> None:
    assert types(of_snapshot(*(code(f"{number}.py") for number in range(4)))) == ["LOW_COVERAGE"]
    assert of_snapshot().score == 90
    assert of_snapshot(*(code(f"{number}.py") for number in range(5))).score == 100


# --- what holds for any nodes ------------------------------------------------------------------

PATHS = ("a.md", "b.md", "src/a.py", "src/b.py")
CHANGED = st.one_of(st.just(""), st.integers(0, 200).map(lambda days: ago(days=days)))


@st.composite
def nodes(draw: st.DrawFn) -> list[Node]:
    changed = {path: draw(CHANGED) for path in PATHS}
    drawn = draw(
        st.lists(
            st.tuples(st.sampled_from(PATHS), st.integers(1, 9), st.integers(0, 4), st.sets(st.sampled_from(PATHS)))
        )
    )
    return [
        Node(
            path=path,
            line=line,
            name=f"{path}:{line}",
            document=path.endswith(".md"),
            changed=changed[path],
            neighbours=neighbours,
            describes=tuple(sorted(described)),
        )
        for path, line, neighbours, described in drawn
    ]


@given(nodes(), st.randoms(use_true_random=False), st.integers(0, 9))
def test_the_order_of_nodes_does_not_matter(found: list[Node], random: Random, results: int) -> None:
    mixed = [*found, *found[:2]]
    random.shuffle(mixed)
    assert of_answer(*found, results=results) == of_answer(*mixed, results=results)
    assert of_snapshot(*found) == of_snapshot(*mixed)


@given(nodes(), st.integers(0, 9))
def test_scores_are_of_a_hundred_and_less_for_every_fault(found: list[Node], results: int) -> None:
    for veracity in (of_answer(*found, results=results), of_snapshot(*found)):
        assert 0 <= veracity.score <= 100
        assert (veracity.score == 100) is (not veracity.faults)


@given(nodes(), nodes())
def test_another_node_never_makes_an_answer_better(some: list[Node], more: list[Node]) -> None:
    changed = {node.path: node.changed for node in (*some, *more)}
    few = answer_veracity(5, some, changed, NOW, TERMS)
    many = answer_veracity(5, [*some, *more], changed, NOW, TERMS)
    assert many.score <= few.score
    assert {(fault.type, fault.path, fault.message) for fault in few.faults} <= {
        (fault.type, fault.path, fault.message) for fault in many.faults
    }


@given(nodes(), st.integers(0, 60))
def test_time_never_makes_anything_better(found: list[Node], days: int) -> None:
    changed = {node.path: node.changed for node in found}
    later = NOW + timedelta(days=days)
    now, then = (answer_veracity(5, found, changed, at, TERMS).score for at in (NOW, later))
    assert then <= now
    now, then = (snapshot_veracity(found, changed, at, TERMS).score for at in (NOW, later))
    assert then <= now
