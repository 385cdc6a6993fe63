"""How far an index can be trusted: 100 points minus a penalty for each fault, and every fault with its evidence.

The formula, its four faults and their thresholds are those of ESS (veracity-engine/core/veracity.py of
github.com/usorama/engg-support-system), with dates from git instead of a file system's. ESS knows a score for a
query's results only (``validate_veracity``). Taken over every node of a repository, the same sum is 0 as soon as
twenty symbols are orphaned. So a snapshot's score is what the formula gives an *average* answer: as many nodes as a
sound answer has (``results``), each as likely as any other. The sum of their expected penalties is exact (expectation
is linear), and a fraction is rounded against the snapshot.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

from radeng_assets.ess.answer import Fault, FaultType, Node, Veracity
from radeng_assets.ess.terms import VeracityTerms

FULL = 100


def answer_veracity(
    results: int, nodes: Iterable[Node], changed: Mapping[str, str], at: datetime, terms: VeracityTerms
) -> Veracity:
    """The veracity of an answer with so many results, which are about ``nodes``: each fault costs its penalty once.

    ``changed`` has the last change (ISO 8601) of every path that a document may describe; ``at`` is the moment that
    ages are counted to. The order of nodes does not matter, and a fault that several nodes share is one.
    """
    found = [fault for node in set(nodes) for fault in _faults(node, changed, at, terms)]
    faults = _each_once([*found, *_low_coverage(results, terms)])
    return Veracity(score=max(0, FULL - sum(_penalty(fault.type, terms) for fault in faults)), faults=faults)


def snapshot_veracity(
    nodes: Iterable[Node], changed: Mapping[str, str], at: datetime, terms: VeracityTerms
) -> Veracity:
    """The veracity of a whole snapshot: the score of an average answer from it, and all its faults."""
    distinct = set(nodes)
    found = [fault for node in distinct for fault in _faults(node, changed, at, terms)]
    low = list(_low_coverage(len(distinct), terms))
    total = terms.results * sum(_penalty(fault.type, terms) for fault in found)
    expected = -(-total // len(distinct)) if distinct else 0
    points = expected + sum(_penalty(fault.type, terms) for fault in low)
    return Veracity(score=max(0, FULL - points), faults=_each_once([*found, *low]))


def _penalty(fault: FaultType, terms: VeracityTerms) -> int:
    return {
        "STALE_DOC": terms.stale_document,
        "ORPHANED_NODE": terms.orphaned_node,
        "CONTRADICTION": terms.contradiction,
        "LOW_COVERAGE": terms.low_coverage,
    }[fault]


def _faults(node: Node, changed: Mapping[str, str], at: datetime, terms: VeracityTerms) -> Iterator[Fault]:
    """The faults of one node, each of a kind at most once, but for contradictions: one for each path it describes."""
    if node.neighbours < terms.neighbours:
        message = f"{node.name or node.path} has {node.neighbours} neighbours, fewer than {terms.neighbours}"
        yield Fault(type="ORPHANED_NODE", message=message, path=node.path, line=node.line)
    if not node.document:
        return
    written = _moment(node.changed)
    if written is None:
        message = "nothing says when it was last changed"
        yield Fault(type="STALE_DOC", message=message, path=node.path, line=node.line)
        return
    if at - written > timedelta(days=terms.stale_after_days):
        message = f"last changed on {_day(written)}, {(at - written).days} days before {_day(at)}"
        yield Fault(type="STALE_DOC", message=message, path=node.path, line=node.line)
    for path in sorted(set(node.describes) - {node.path}):
        coded = _moment(changed.get(path, ""))
        if coded is not None and coded - written > timedelta(days=terms.contradiction_after_days):
            message = (
                f"last changed on {_day(written)}, {(coded - written).days} days before {path}, "
                f"which it describes ({_day(coded)})"
            )
            yield Fault(type="CONTRADICTION", message=message, path=node.path, line=node.line)


def _low_coverage(count: int, terms: VeracityTerms) -> Iterator[Fault]:
    if count < terms.results:
        yield Fault(type="LOW_COVERAGE", message=f"{count} places, fewer than {terms.results}")


def _each_once(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """In order of type and place. What is so of a whole document is said once, at the first of its places."""
    first: dict[tuple[FaultType, str, str, int], Fault] = {}
    for fault in sorted(faults, key=_order):
        own_line = fault.line or 0 if fault.type == "ORPHANED_NODE" else 0
        first.setdefault((fault.type, fault.path, fault.message, own_line), fault)
    return tuple(first.values())


def _order(fault: Fault) -> tuple[FaultType, str, int, str]:
    return fault.type, fault.path, fault.line or 0, fault.message


def _moment(text: str) -> datetime | None:
    """An ISO 8601 moment, in UTC unless it says otherwise; ``None`` for anything else."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _day(moment: datetime) -> str:
    return moment.astimezone(UTC).date().isoformat()
