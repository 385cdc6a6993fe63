"""The suite: every item of the OWASP Top 10 for LLM applications (2025) is proved, by one test at least."""

from __future__ import annotations

from pathlib import Path

import pytest

from radeng_assets.planning.rules.intent.outdated_standard import CURRENT, EDITIONS
from radeng_assets_tests.conftest import ROOT
from radeng_assets_tests.execution.owasp import boundary, deliveries
from radeng_assets_tests.execution.owasp.items import ITEMS
from radeng_assets_tests.execution.owasp.proofs import PROOFS, Ground, Proof

assert boundary
assert deliveries


def untested(_: Ground) -> None:
    """What stands for an item that nothing proves."""
    pytest.fail("no test proves this item")


CASES = [
    pytest.param(proof, id=f"{item.id}-{proof.__name__}") for item in ITEMS for proof in PROOFS.get(item.id, [untested])
]


@pytest.mark.parametrize("proof", CASES)
def test_item(proof: Proof, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    proof(Ground(tmp_path, monkeypatch))


def test_the_items_are_those_of_2025() -> None:
    assert tuple(item.name for item in ITEMS) == EDITIONS[CURRENT]
    assert [item.id for item in ITEMS] == [f"LLM{number:02}" for number in range(1, 11)]
    assert set(PROOFS) == {item.id for item in ITEMS}


def test_every_item_of_2023_is_tested_under_its_new_name() -> None:
    old = sorted(name for item in ITEMS for name in item.of_2023)
    assert old == sorted(f"LLM{number:02} {name}" for number, name in enumerate(EDITIONS["2023"], start=1))


def test_the_page_has_this_table() -> None:
    page = (ROOT / "docs" / "reports.md").read_text("utf-8")
    for item in ITEMS:
        names = ", ".join(item.of_2023) or "(new in 2025)"
        proofs = ", ".join(f"`{proof.__name__}`" for proof in PROOFS[item.id])
        assert f"| {item.id} {item.name} | {names} | {item.claim} | {proofs} |" in page
