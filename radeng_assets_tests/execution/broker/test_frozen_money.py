"""``radeng stop --thaw``: a person lets a plan spend again, while the broker that froze its money is at work."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from radeng_assets.cli.app import app
from radeng_assets.execution.agent_policy import SpendingLimits
from radeng_assets.execution.broker.books import Books, OverBudget
from radeng_assets.execution.broker.frozen_money import thaw_money
from radeng_assets.execution.broker.line import Scope, Spent
from radeng_assets.execution.stop import StopSwitch
from radeng_assets.keeping.inventory import BOOKS

SCOPE = Scope(plan="p", wave="w", story="s", attempt=1)


def reserve(books: Books) -> int:
    return books.reserve(SCOPE, 100, SpendingLimits(), "model", time.time())


def test_what_was_frozen_may_be_spent_again_and_what_was_spent_stays(tmp_path: Path) -> None:
    def thaw(*more: str) -> str:
        done = CliRunner().invoke(app, ["stop", "--thaw", "--home", str(tmp_path), *more])
        assert done.exit_code == 0
        return done.output

    with Books(tmp_path / BOOKS) as books:
        books.settle(reserve(books), 101, Spent(), time.time())
        with pytest.raises(OverBudget, match=r"frozen: .*; see the bill, then `radeng stop --thaw`"):
            reserve(books)
        spent = books.spent(plan="p")
        assert "p may spend again. It was frozen: a reply claims" in thaw()
        assert books.spent(plan="p") == spent
        assert reserve(books)
    assert "No plan's money is frozen" in thaw()
    # It halts nothing, and lifts nothing that somebody else halted.
    switch = StopSwitch(tmp_path / "STOP")
    assert switch.pulled is None
    switch.pull("lunch")
    thaw()
    assert switch.pulled == "lunch"
    thaw("--lift")
    assert switch.pulled is None


def test_where_no_agent_ever_was_nothing_is_frozen(tmp_path: Path) -> None:
    assert thaw_money(tmp_path / BOOKS) == {}
    assert not (tmp_path / BOOKS).exists()
