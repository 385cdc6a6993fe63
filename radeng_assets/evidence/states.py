"""The pass/fail algebra: one pass, one fail, and the many ways of not knowing.

``combine`` is a meet on a chain: the worst state wins, so it is associative, commutative and
idempotent, a failure absorbs everything, and nothing unknown ever combines into a pass.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

State = Literal[
    "failed",
    "timeout",
    "no_runner",
    "missing",
    "skipped",
    "stale",
    "human_needed",
    "rehearsed",
    "passed",
]
"""What is known of one check, from worst to best."""

STATES: tuple[State, ...] = get_args(State)
_RANK = {state: rank for rank, state in enumerate(STATES)}


def combine(states: Iterable[State]) -> State:
    """The state of all of them together: the worst one; ``missing`` where there is none."""
    known = list(states)
    return min(known, key=_RANK.__getitem__) if known else "missing"


def is_pass(state: State) -> bool:
    """Whether a state counts as shown to hold. Exactly one does."""
    return state == "passed"


def is_unknown(state: State) -> bool:
    """Whether a state says neither that it holds nor that it does not."""
    return state not in ("passed", "failed")
