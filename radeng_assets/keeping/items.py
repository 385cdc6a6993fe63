"""Which of the things that a home holds may go: a pure function of what they are, the policy and the time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

from radeng_assets.readiness.retention_terms import RetentionTerms
from radeng_assets.record import Record

Kind = Literal[
    "runs",
    "evidence",
    "replies",
    "benches",
    "worktrees",
    "setup",
    "plans",
    "index",
    "answers",
    "scanners",
    "load",
    "locks",
    "drafts",
    "leftovers",
]
"""Everything that can go, runs first: while one is there, it can be gone on with, and asks for its evidence.

``leftovers`` are what an earlier collection had decided on and was killed over.
"""

_ORDER: tuple[Kind, ...] = get_args(Kind)

DAY_S = 86_400.0


class Item(Record):
    """One thing. ``name`` is its path below the home, a run's id, or the attempt that replies were paid for.

    ``at`` is when it was used last (seconds since 1970), ``size`` its bytes. ``group`` is within what the newest are
    kept (one job's runs, one target's snapshots). ``needed`` says why it stays whatever its age; empty where nothing
    needs it.
    """

    kind: Kind
    name: str
    at: float
    size: int = 0
    group: str = ""
    needed: str = ""


def going(items: Iterable[Item], terms: RetentionTerms, now: float) -> tuple[Item, ...]:
    """What may go at a time, in order of kind and age. Of equal age, the later name is the newer one."""
    groups: dict[tuple[Kind, str], list[Item]] = {}
    for item in items:
        groups.setdefault((item.kind, item.group), []).append(item)
    found: list[Item] = []
    for (kind, _), members in sorted(groups.items(), key=lambda one: (_ORDER.index(one[0][0]), one[0][1])):
        members.sort(key=lambda item: (item.at, item.name))
        if kind == "leftovers":
            found += members
            continue
        days, least = terms.of(kind)
        oldest = now - days * DAY_S
        found += [item for item in members[:-least] if item.at < oldest and not item.needed]
    return tuple(found)
