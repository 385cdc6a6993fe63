"""What may go: never what is needed, never the last few of a kind, never what is young; and once is enough."""

from __future__ import annotations

from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.keeping.items import DAY_S, Item, Kind, going
from radeng_assets.readiness.retention_terms import KindTerms, RetentionTerms

NOW = 1_000_000_000.0

KINDS: list[Kind] = [kind for kind in get_args(Kind) if kind != "leftovers"]

items_strategy = st.lists(
    st.builds(
        Item,
        kind=st.sampled_from(KINDS),
        name=st.integers(0, 10**6).map(str),
        at=st.floats(0, 40).map(lambda days: NOW - days * DAY_S),
        group=st.sampled_from(["", "a"]),
        needed=st.sampled_from(["", "", "it is cited"]),
    ),
    max_size=40,
    unique_by=lambda item: (item.kind, item.name),
)
terms_strategy = st.builds(
    RetentionTerms,
    days=st.floats(1, 30),
    least=st.integers(1, 5),
    runs=st.builds(KindTerms, days=st.none() | st.floats(1, 30), least=st.none() | st.integers(1, 5)),
)


@given(items_strategy, terms_strategy)
def test_what_goes_is_old_not_needed_and_not_among_the_last(items: list[Item], terms: RetentionTerms) -> None:
    gone = going(items, terms, NOW)
    for item in gone:
        days, least = terms.of(item.kind)
        assert not item.needed
        assert item.at < NOW - days * DAY_S
        newer = [
            i for i in items if (i.kind, i.group) == (item.kind, item.group) and (i.at, i.name) > (item.at, item.name)
        ]
        assert len(newer) >= least
    # And nothing else stays.
    for item in set(items) - set(gone):
        days, least = terms.of(item.kind)
        newer = [
            i for i in items if (i.kind, i.group) == (item.kind, item.group) and (i.at, i.name) > (item.at, item.name)
        ]
        assert item.needed or item.at >= NOW - days * DAY_S or len(newer) < least


@given(items_strategy, terms_strategy)
def test_once_is_enough_and_order_does_not_matter(items: list[Item], terms: RetentionTerms) -> None:
    gone = going(items, terms, NOW)
    assert going([item for item in items if item not in gone], terms, NOW) == ()
    assert going(list(reversed(items)), terms, NOW) == gone


def test_leftovers_go_at_once_and_runs_go_first() -> None:
    old = [Item(kind=kind, name=str(n), at=n) for kind in ("evidence", "runs") for n in range(4)]
    left = Item(kind="leftovers", name="x", at=NOW)
    gone = going([left, *old], RetentionTerms(), NOW)
    assert [(item.kind, item.name) for item in gone] == [("runs", "0"), ("evidence", "0"), ("leftovers", "x")]
