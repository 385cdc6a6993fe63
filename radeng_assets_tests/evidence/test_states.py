"""The algebra: nothing unknown ever combines into a pass."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.evidence.states import STATES, State, combine, is_pass, is_unknown

states = st.sampled_from(STATES)


@given(states, states, states)
def test_it_is_a_semilattice(a: State, b: State, c: State) -> None:
    assert combine([a, combine([b, c])]) == combine([combine([a, b]), c]) == combine([a, b, c])
    assert combine([a, b]) == combine([b, a])
    assert combine([a, a]) == a


@given(st.lists(states))
def test_a_pass_needs_nothing_but_passes_and_at_least_one(many: list[State]) -> None:
    assert is_pass(combine(many)) == (bool(many) and all(item == "passed" for item in many))


@given(st.lists(states), states.filter(is_unknown))
def test_one_unknown_is_enough_not_to_know(many: list[State], unknown: State) -> None:
    assert not is_pass(combine([*many, unknown]))


@given(st.lists(states))
def test_a_failure_absorbs_everything(many: list[State]) -> None:
    assert combine([*many, "failed"]) == "failed"


def test_nothing_shows_nothing() -> None:
    assert combine([]) == "missing"


def test_exactly_one_state_is_a_pass_and_one_a_fail() -> None:
    assert [state for state in STATES if is_pass(state)] == ["passed"]
    assert {state for state in STATES if not is_unknown(state)} == {"passed", "failed"}
