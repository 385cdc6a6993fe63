"""The audit log: whose request and what became of it; nothing that was said, whatever field it is put into."""

from __future__ import annotations

from pathlib import Path

import pytest

from radeng_assets.execution.agent_policy import SpendingLimits
from radeng_assets.execution.broker.audit import audit_of, line_of
from radeng_assets.execution.broker.relay import Outcome, Turn
from radeng_assets.execution.standin.reply import Reply
from radeng_assets_tests.execution.broker.test_broker import ask, refusal
from radeng_assets_tests.execution.conftest import SCOPE, Start
from radeng_assets_tests.processes import python

CANARIES = ("grace.hopper@example.invalid", "my-prompt-canary", "0049 30 1234567")


def turn_of(name: str, model: str) -> Turn:
    return Turn(
        scope=SCOPE,
        limits=SpendingLimits(),
        name=name,
        digest="",
        headers={},
        body=CANARIES[1].encode(),
        model=model,
        max_tokens=1,
    )


@pytest.mark.parametrize("canary", CANARIES)
def test_words_that_others_choose_are_digests(canary: str) -> None:
    line = line_of(turn_of(canary, canary), Outcome(what="settled", stop_reason=canary), 0.0)
    assert canary not in line.model_dump_json()
    assert line.turn == line.model == line.stop_reason
    assert line.turn.startswith("sha256:")


def test_names_of_ours_are_kept() -> None:
    line = line_of(turn_of("12", "claude-sonnet-5-5"), Outcome(what="settled", stop_reason="end_turn"), 0.0)
    assert (line.turn, line.model, line.stop_reason) == ("12", "claude-sonnet-5-5", "end_turn")


def test_a_brokers_log_holds_no_word_of_what_was_said(start: Start, tmp_path: Path) -> None:
    _, broker = start(lambda _: Reply("reply-canary"))
    line = broker.grant(SCOPE)
    ask(line, CANARIES[0], text=CANARIES[1])
    assert refusal(line, text=CANARIES[1], model=CANARIES[2]) == "radeng_unpriced_model"
    audit = audit_of(tmp_path / "home")
    assert [entry.body["what"] for entry in audit.entries()] == ["settled", "radeng_unpriced_model"]
    assert audit.verify() == ()
    command = ("-m", "radeng_assets.execution.broker.audit", str(tmp_path / "home"))
    done = python(*command, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    written = audit.path.read_text("utf-8")
    assert not [word for word in (*CANARIES, "reply-canary") if word in written]
    audit.path.write_text(written.replace("settled", "refused", 1), encoding="utf-8")
    done = python(*command, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "audit.jsonl:1: record 1 was edited\n")
