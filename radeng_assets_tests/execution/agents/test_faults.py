"""Every fault of the API through the agent: each a named outcome, none unhandled, none taken for done."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.execution.agents.agent import Ending
from radeng_assets.execution.agents.claude.conversation import CUTS, REPEATS
from radeng_assets.execution.agents.claude.endings import turn_end
from radeng_assets.execution.standin.reply import Fault, Reply, ToolCall
from radeng_assets.execution.standin.server import StandIn
from radeng_assets_tests.execution.agents.work import BRIEF, POLICY, Desk, Straight
from radeng_assets_tests.execution.models import answered

WRITE = ToolCall("write_file", {"path": "out.txt", "content": "x"})
CALLING = Reply("I write.", (WRITE,))

FAULTS: dict[str, tuple[Reply, Ending, str]] = {
    "429": (Reply(fault=Fault("status", status=429, headers={"retry-after": "86400"})), "failed", "answers 429"),
    "529": (Reply(fault=Fault("status", status=529)), "failed", "answers 529"),
    "500": (Reply(fault=Fault("status", status=500)), "failed", "answers 500"),
    "401": (Reply(fault=Fault("status", status=401)), "refused", "does not accept the key"),
    "400": (Reply(fault=Fault("status", status=400)), "refused", "does not accept the request"),
    "reset before the first byte": (Reply(fault=Fault("reset")), "stopped", "cannot be reached"),
    "silence": (Reply(fault=Fault("silence")), "failed", "deadline"),
    "stall with pings": (Reply("x", fault=Fault("stall", at=3)), "failed", "deadline"),
    "error event": (Reply("x", fault=Fault("error_event", at=3)), "failed", "in the middle"),
    "garbage": (Reply("x", fault=Fault("garbage", at=2)), "failed", "made no sense"),
    "no usage": (Reply("x", fault=Fault("no_usage")), "failed", "made no sense"),
    "malformed tool input": (Reply("x", (WRITE,), fault=Fault("bad_tool_json")), "failed", "made no sense"),
    "refusal": (Reply("no", stop_reason="refusal"), "failed", "declined"),
    "context window": (Reply("x", stop_reason="model_context_window_exceeded"), "failed", "context window is full"),
    "unknown stop reason": (Reply("x", stop_reason="because"), "failed", "'because'"),
    "no stop reason": (Reply("x", stop_reason=None), "failed", "None"),
    "tool_use without a tool": (Reply("x", stop_reason="tool_use"), "failed", "'tool_use'"),
    "end_turn with a tool": (Reply("x", (WRITE,), stop_reason="end_turn"), "failed", "'end_turn'"),
    **{f"cut at event {n}": (Reply("x", (WRITE,), fault=Fault("cut", at=n)), "failed", "turn") for n in range(10)},
    **{
        f"reset at event {n}": (Reply("x", (WRITE,), fault=Fault("reset", at=n)), "failed", "turn 1: the reply")
        for n in range(1, 10)
    },
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_has_a_named_outcome(tmp_path: Path, name: str) -> None:
    reply, ending, reason = FAULTS[name]
    policy = POLICY.model_copy(update={"turn_timeout_s": 0.3, "retry_deadline_s": 0.3})
    with StandIn(lambda _: reply) as api:
        report = Desk(tmp_path, lambda _: Straight(api.url), policy).work()
    assert report.ending == ending
    assert reason in report.reason
    assert not (tmp_path / "tree" / "out.txt").exists()
    assert len(api.requests) == 1  # the agent never asks again: that is the broker's


def test_a_stream_cut_just_before_its_end_is_the_brokers_to_see(tmp_path: Path) -> None:
    # All events but message_stop: to the SDK a whole reply. See broker/whole.py, and its test "cut at event 6".
    with StandIn(lambda request: Reply("x", fault=Fault("cut", at=7)) if request.number == 1 else Reply("x")) as api:
        report = Desk(tmp_path, lambda _: Straight(api.url)).work()
    assert report.ending == "claimed"


def test_max_tokens_in_a_tool_call_runs_nothing_and_says_so(tmp_path: Path) -> None:
    cut = Reply("I write.", (WRITE,), stop_reason="max_tokens", cut_tool_input=True)

    with StandIn(lambda request: cut if answered(request.body) < 1 else Reply("done")) as api:
        report = Desk(tmp_path, lambda _: Straight(api.url)).work()
    assert report.ending == "claimed"
    assert not (tmp_path / "tree" / "out.txt").exists()
    told = str(api.requests[1].body["messages"])
    assert "cut off" in told
    assert "tool_use" not in told
    with StandIn(lambda _: cut) as api:
        report = Desk(tmp_path / "again", lambda _: Straight(api.url)).work()
    assert (report.ending, len(api.requests)) == ("failed", CUTS)


def test_a_loop_without_end_ends(tmp_path: Path) -> None:
    with StandIn(lambda _: CALLING) as api:
        report = Desk(tmp_path, lambda _: Straight(api.url)).work()
    assert report.ending == "failed"
    assert "loop" in report.reason
    assert len(api.requests) == REPEATS


def test_ever_new_calls_end_at_the_policys_number_of_turns(tmp_path: Path) -> None:
    def ever(request: object) -> Reply:
        return Reply("", (ToolCall("read_file", {"path": f"{len(api.requests)}.txt"}),))

    with StandIn(ever) as api:
        report = Desk(tmp_path, lambda _: Straight(api.url)).work()
    assert "more than 20 turns" in report.reason
    assert len(api.requests) == 20


def test_pause_turn_goes_on(tmp_path: Path) -> None:
    with StandIn(lambda r: Reply("x", stop_reason="pause_turn") if r.number == 1 else Reply("done")) as api:
        assert Desk(tmp_path, lambda _: Straight(api.url)).work().ending == "claimed"
    assert len(api.requests) == 2


def test_a_declined_attempt_says_so_for_the_next_to_escalate(tmp_path: Path) -> None:
    with StandIn(lambda _: Reply("no", stop_reason="refusal")) as api:
        assert Desk(tmp_path, lambda _: Straight(api.url)).work().declined


def test_the_kill_switch_ends_a_turn_and_a_command_and_both_go_on(tmp_path: Path) -> None:
    stop = threading.Event()
    turns = [
        Reply("", (ToolCall("run_command", {"command": "touch begun; sleep 600"}, "t0"),)),
        Reply("x", fault=Fault("stall", at=2)),
    ]
    with StandIn(lambda request: turns[min(answered(request.body), 1)]) as api:
        policy = POLICY.model_copy(update={"turn_timeout_s": 60.0})
        desk = Desk(tmp_path, lambda _: Straight(api.url), policy, stopping=stop.is_set)

        def halt_when(seen: object) -> float:
            stop.clear()
            took: list[float] = []

            def pull() -> None:
                deadline = time.monotonic() + 20
                while not seen() and time.monotonic() < deadline:  # pyright: ignore[reportCallIssue]
                    time.sleep(0.01)
                stop.set()
                took.append(time.monotonic())

            puller = threading.Thread(target=pull)
            puller.start()
            report = desk.work()
            ended = time.monotonic()
            puller.join()
            assert report.ending == "stopped"
            return ended - took[0]

        assert halt_when((tmp_path / "tree" / "begun").exists) < 2
        # The command was rolled back and is run again; this time it may end.
        turns[0] = Reply("never asked again")
        (tmp_path / "tree" / "begun").unlink(missing_ok=True)
        assert halt_when((tmp_path / "tree" / "begun").exists) < 2
        assert len(api.requests) == 1


def test_roles_have_their_rights(tmp_path: Path) -> None:
    brief = BRIEF.model_copy(update={"role": "code-reviewer"})
    with StandIn(lambda request: CALLING if request.number == 1 else Reply("done")) as api:
        Desk(tmp_path, lambda _: Straight(api.url), brief=brief).work()
    assert {tool["name"] for tool in api.requests[0].body["tools"]} == {"find_files", "grep", "read_file", "report"}
    assert "no such tool" in str(api.requests[1].body["messages"])
    assert not (tmp_path / "tree" / "out.txt").exists()


def test_requests_keep_their_beginning_for_the_cache(tmp_path: Path) -> None:
    with StandIn(lambda request: CALLING if request.number == 1 else Reply("done")) as api:
        Desk(tmp_path, lambda _: Straight(api.url)).work()
    first, second = (request.body for request in api.requests)
    for part in ("system", "tools", "model", "max_tokens"):
        assert first[part] == second[part]
    assert second["messages"][: len(first["messages"])] == first["messages"]
    assert first["tools"][-1]["cache_control"] == first["system"][-1]["cache_control"] == {"type": "ephemeral"}


@given(st.one_of(st.none(), st.text(), st.sampled_from(["end_turn", "tool_use", "max_tokens"])), st.booleans())
def test_only_a_known_end_is_a_claim(reason: str | None, asks: bool) -> None:
    end = turn_end(reason, asks=asks)
    assert (end == "claim") == (reason in ("end_turn", "stop_sequence") and not asks)
    assert (end == "tools") == (reason == "tool_use" and asks)
