"""Which function proves which item: a proof is written beside others of its kind and says what it is for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Ground:
    """Where a proof runs: an empty folder, and what sets the environment for its time."""

    root: Path
    patch: pytest.MonkeyPatch


Proof = Callable[[Ground], None]

PROOFS: dict[str, list[Proof]] = defaultdict(list)


def proves(item: str) -> Callable[[Proof], Proof]:
    """Enter a function as a proof of an item."""

    def enter(proof: Proof) -> Proof:
        PROOFS[item].append(proof)
        return proof

    return enter
