"""The broker as a process, between real clients and a protocol-true API."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import cast

import anthropic
import psutil
import pytest

from radeng_assets.evidence.ledger import Ledger
from radeng_assets.execution.agent_policy import RateLimits, SpendingLimits
from radeng_assets.execution.broker import forward
from radeng_assets.execution.broker.__main__ import WATCH_S
from radeng_assets.execution.broker.client import Broker, BrokerLine, NoBroker
from radeng_assets.execution.broker.line import TURN_HEADER, Scope
from radeng_assets.execution.standin.reply import Fault, Reply, ToolCall
from radeng_assets.execution.standin.server import Request
from radeng_assets.execution.stop import StopSwitch
from radeng_assets_tests.conftest import ROOT
from radeng_assets_tests.execution.conftest import KEY, POLICY, SCOPE, Start
from radeng_assets_tests.processes import environment


def ask(
    line: BrokerLine, turn: str = "", text: str = "hi", model: str = "claude-sonnet-5-5", most: int = 100
) -> anthropic.types.Message:
    """One turn through the broker, streamed."""

    async def go() -> anthropic.types.Message:
        headers = {TURN_HEADER: turn} if turn else {}
        async with (
            line.client() as client,
            client.messages.stream(
                model=model, max_tokens=most, messages=[{"role": "user", "content": text}], extra_headers=headers
            ) as stream,
        ):
            return await stream.get_final_message()

    return asyncio.run(go())


def refusal(line: BrokerLine, **how: object) -> str:
    """The type of the error that a turn ends with."""
    with pytest.raises(anthropic.APIStatusError) as caught:
        ask(line, **how)  # pyright: ignore[reportArgumentType]
    assert KEY not in str(caught.value.body)
    return error_type(caught.value)


def error_type(error: anthropic.APIStatusError) -> str:
    """What the API, or the broker in its place, calls an error."""
    return str(cast("dict[str, dict[str, object]]", error.body)["error"]["type"])


FIRST_TRY = {
    "429": Fault("status", status=429, headers={"retry-after": "0"}),
    "529": Fault("status", status=529),
    "500": Fault("status", status=500),
    "408": Fault("status", status=408),
    "reset": Fault("reset"),
    "silence": Fault("silence"),
    "stall": Fault("stall", at=3),
    "error event": Fault("error_event", at=3),
    "garbage": Fault("garbage", at=2),
    **{f"cut at event {n}": Fault("cut", at=n) for n in range(7)},
    **{f"reset at event {n}": Fault("reset", at=n) for n in (1, 4, 6)},
}


@pytest.mark.parametrize("name", FIRST_TRY)
def test_a_fault_of_one_try_is_got_over_and_what_may_have_been_billed_is_charged(start: Start, name: str) -> None:
    fault = FIRST_TRY[name]
    policy = POLICY.model_copy(update={"turn_timeout_s": 1.0})
    api, broker = start(lambda request: Reply("hello", fault=fault if request.number == 1 else None), policy)
    line = broker.grant(SCOPE)
    assert ask(line).stop_reason == "end_turn"
    assert len(api.requests) == 2
    billed = Decimal(line.spent().cost_usd)
    plain = Decimal("0.0004")  # 100 tokens in, 20 out
    assert billed == plain if fault.kind == "status" else billed > plain


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault("status", status=529), "radeng_deadline"),
        (Fault("cut", at=4), "radeng_deadline"),
        (Fault("status", status=429, headers={"retry-after": "86400"}), "radeng_deadline"),
        (Fault("status", status=429, headers={"retry-after": "Fri, 01 Jan 2100 00:00:00 GMT"}), "radeng_deadline"),
        (Fault("status", status=400), "invalid_request_error"),
        (Fault("status", status=401), "authentication_error"),
    ],
)
def test_a_fault_that_stays_is_a_named_answer(start: Start, fault: Fault, kind: str) -> None:
    policy = POLICY.model_copy(update={"retry_deadline_s": 1.5})
    _, broker = start(lambda _: Reply("hello", fault=fault), policy)
    assert refusal(broker.grant(SCOPE)) == kind


def test_a_reply_without_usage_costs_the_reservation(start: Start) -> None:
    _, broker = start(lambda _: Reply("hello", fault=Fault("no_usage")))
    line = broker.grant(SCOPE)
    with pytest.raises(AttributeError):  # the SDK cannot read such a reply (FIELD-NOTES 3)
        ask(line)
    assert Decimal(line.spent().cost_usd) > Decimal("0.004")


def test_a_turn_that_was_paid_is_not_paid_again(start: Start, tmp_path: Path) -> None:
    api, broker = start(lambda request: Reply(f"answer {request.number}"))
    line = broker.grant(SCOPE)
    first = ask(line, "1")
    assert ask(line, "1").content == first.content
    assert ask(broker.grant(SCOPE), "1").content == first.content  # another process of the same attempt
    assert len(api.requests) == 1
    assert refusal(line, turn="1", text="something else") == "radeng_upstream"
    broker.end()
    again = Broker.ensure(tmp_path / "home", POLICY, {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": api.url})
    assert ask(again.grant(SCOPE), "1").content == first.content
    assert len(api.requests) == 1
    assert again.spent(plan="p").turns == 1
    again.end()


def test_eight_agents_and_one_dollar(start: Start) -> None:
    """Adversarial usage: everything that a turn can use, nothing reported, and more than it can."""
    usages = [
        {"input_tokens": 100, "output_tokens": 1000, "cache_creation_input_tokens": 1500},
        {"input_tokens": 2000, "output_tokens": 1000},
        {"input_tokens": 1, "output_tokens": 1},
    ]

    def script(request: Request) -> Reply:
        if request.number % 5 == 0:
            return Reply("x", fault=Fault("no_usage"))
        return Reply("x", usage=usages[request.number % 3])

    limits = SpendingLimits(story=Decimal(1), wave=Decimal(1), plan=Decimal(1), day=Decimal(1))
    api, broker = start(script, POLICY.model_copy(update={"spending": limits}))
    lines = [broker.grant(Scope(plan="p", wave="w", story=f"s{n}", attempt=1)) for n in range(8)]

    def spend(line: BrokerLine) -> str:
        for _ in range(1000):
            try:
                ask(line, most=1000)
            except AttributeError:
                continue
            except anthropic.APIStatusError as error:
                return error_type(error)
        return "never"

    with ThreadPoolExecutor(8) as pool:
        ends = list(pool.map(spend, lines))
    assert set(ends) == {"radeng_over_budget"}
    spent = Decimal(broker.spent(plan="p").cost_usd)
    assert Decimal("0.95") < spent <= Decimal(1)
    assert len(api.requests) > 30
    # An own limit of one story stops that story alone.
    policy = POLICY.spending.model_copy(update={"story": Decimal("0.02")})
    other = Broker(broker.socket, broker.admin, POLICY.model_copy(update={"spending": policy}))
    small = other.grant(Scope(plan="q", wave="w", story="a", attempt=1))
    assert spend(small) == "radeng_over_budget"
    assert Decimal(other.spent(plan="q", story="a").cost_usd) <= Decimal("0.02")
    assert ask(other.grant(Scope(plan="q", wave="w", story="b", attempt=1)), most=10)


def test_usage_beyond_the_bound_freezes_the_plan(start: Start) -> None:
    _, broker = start(lambda _: Reply("x", usage={"input_tokens": 10**9, "output_tokens": 10**9}))
    line = broker.grant(SCOPE)
    ask(line)
    assert Decimal(line.spent().cost_usd) < Decimal("0.02")
    assert refusal(line) == "radeng_over_budget"
    assert ask(broker.grant(Scope(plan="another", wave="w", story="s", attempt=1)))


def test_an_unpriced_model_is_refused_before_it_is_asked(start: Start) -> None:
    api, broker = start(lambda _: Reply("x"))
    assert refusal(broker.grant(SCOPE), model="claude-of-my-dreams") == "radeng_unpriced_model"
    assert not api.requests


def test_the_accounts_rate_holds_across_agents(start: Start) -> None:
    rates = RateLimits(requests_per_minute=5, tokens_per_minute=10**9)
    api, broker = start(lambda _: Reply("x"), POLICY.model_copy(update={"rates": rates, "retry_deadline_s": 1.0}))
    lines = [broker.grant(Scope(plan="p", wave="w", story=f"s{n}", attempt=1)) for n in range(8)]

    def go(line: BrokerLine) -> bool:
        try:
            ask(line)
        except anthropic.APIStatusError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(go, lines)) == 5
    assert len(api.requests) == 5


def test_the_kill_switch_halts_what_is_in_flight_within_two_seconds(start: Start, tmp_path: Path) -> None:
    policy = POLICY.model_copy(update={"turn_timeout_s": 600.0, "retry_deadline_s": 600.0})
    api, broker = start(lambda _: Reply("x", fault=Fault("stall", at=2)), policy)
    switch = StopSwitch(tmp_path / "home" / "STOP")
    lines = [broker.grant(Scope(plan="p", wave="w", story=f"s{n}", attempt=1)) for n in range(5)]
    with ThreadPoolExecutor(5) as pool:
        ends = [pool.submit(refusal, line) for line in lines]
        while len(api.requests) < 5:
            time.sleep(0.01)
        switch.pull("a person said so")
        pulled = time.monotonic()
        assert {end.result(10) for end in ends} == {"radeng_stopped"}
        assert time.monotonic() - pulled < 2
    assert Decimal(broker.spent(plan="p").cost_usd) > 0  # it may have been billed
    assert refusal(lines[0]) == "radeng_stopped"
    switch.lift()
    api.script = lambda _: Reply("x")
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            assert ask(lines[0]).stop_reason == "end_turn"
            break
        except anthropic.APIStatusError:
            time.sleep(0.05)
    else:
        pytest.fail("the broker did not go on after the switch was lifted")


def test_a_reply_that_was_under_way_when_all_was_halted_is_taken_in_and_not_paid_again(
    start: Start, tmp_path: Path
) -> None:
    answer = threading.Event()

    def late(_: Request) -> Reply:
        assert answer.wait(20)
        return Reply("worth waiting for")

    api, broker = start(late, POLICY.model_copy(update={"turn_timeout_s": 60.0}))
    line = broker.grant(SCOPE)
    switch = StopSwitch(tmp_path / "home" / "STOP")
    with ThreadPoolExecutor(2) as pool:
        halted = pool.submit(refusal, line, turn="1")
        while not api.requests:
            time.sleep(0.01)
        switch.pull("lunch")
        assert halted.result(5) == "radeng_stopped"
        switch.lift()
        # Whoever asks again joins the turn that is under way: the API is asked once.
        again = pool.submit(ask_when_lifted, line)
        answer.set()
        assert "worth waiting for" in str(again.result(10).content)
    assert "worth waiting for" in str(ask(line, "1").content)
    assert len(api.requests) == 1
    assert broker.spent(plan="p").turns == 1


def ask_when_lifted(line: BrokerLine) -> anthropic.types.Message:
    """Turn 1, asked until the broker has seen that the switch is lifted."""
    deadline = time.monotonic() + 5
    while True:
        try:
            return ask(line, "1")
        except anthropic.APIStatusError:
            assert time.monotonic() < deadline
            time.sleep(0.02)


def process_of(broker: Broker) -> psutil.Process:
    return psutil.Process(int((broker.socket.parent / "pid").read_text("utf-8")))


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_broker_that_dies_in_mid_turn_leaves_whole_books(start: Start, tmp_path: Path, how: signal.Signals) -> None:
    policy = POLICY.model_copy(update={"turn_timeout_s": 600.0, "retry_deadline_s": 600.0})
    api, broker = start(lambda _: Reply("x", fault=Fault("stall", at=2)), policy)
    line = broker.grant(SCOPE)
    ended: list[Exception] = []

    def go() -> None:
        try:
            ask(line, "1")
        except anthropic.APIError as error:
            ended.append(error)

    caller = threading.Thread(target=go)
    caller.start()
    while not api.requests:
        time.sleep(0.01)
    process = process_of(broker)
    process.send_signal(how)
    process.wait(10)
    caller.join(10)
    assert isinstance(ended[0], anthropic.APIConnectionError | anthropic.APIStatusError)
    api.script = lambda _: Reply("x")
    environ = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": api.url}
    again = Broker.ensure(tmp_path / "home", policy, environ)
    charged = Decimal(again.spent(plan="p").cost_usd)
    assert charged > 0  # the turn may have been billed
    assert ask(again.grant(SCOPE), "1").stop_reason == "end_turn"
    assert Decimal(again.spent(plan="p").cost_usd) > charged
    again.end()


def test_nobody_else_gets_anything(start: Start) -> None:
    api, broker = start(lambda _: Reply("x"))
    line = broker.grant(SCOPE)
    assert refusal(BrokerLine(broker, SCOPE, "radeng-guessed")) == "radeng_unknown_capability"
    stranger = Broker(broker.socket, "not the secret", broker.policy)
    with pytest.raises(NoBroker):
        stranger.grant(SCOPE)
    with pytest.raises(NoBroker):
        stranger.spent(plan="p")
    broker.revoke(SCOPE)
    assert refusal(line) == "radeng_unknown_capability"
    assert not api.requests


def test_the_key_is_nowhere(start: Start, tmp_path: Path) -> None:
    api, broker = start(lambda request: Reply("x", fault=Fault("status", status=400) if request.number == 2 else None))
    line = broker.grant(SCOPE)
    ask(line, "1")
    assert api.requests[0].headers["x-api-key"] == KEY
    api.says = f"the key {KEY} is not good"
    with pytest.raises(anthropic.BadRequestError) as caught:
        ask(line, "2")
    assert "the key [key] is not good" in str(caught.value)
    assert KEY not in f"{caught.value} {caught.value.body} {caught.value.response.text}"
    for path in (tmp_path / "home").rglob("*"):
        assert not path.is_file() or KEY.encode() not in path.read_bytes(), path
    assert KEY not in " ".join(process_of(broker).cmdline())
    assert KEY not in str(process_of(broker).environ())
    for disguise in (KEY, KEY[::-1], KEY.encode().hex()):
        assert broker.holds_secret(f"text {disguise} text")
    assert not broker.holds_secret("nothing of that kind")
    audit = list(Ledger(tmp_path / "home" / "broker" / "audit.jsonl").entries("turn"))
    assert [(e.body["what"], e.body["turn"]) for e in audit] == [("settled", "1"), ("status 400", "2")]
    assert "hi" not in json.dumps([e.body for e in audit]).split('"')


def test_without_a_key_there_is_no_broker_and_with_one_there_is_one(start: Start, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(NoBroker, match="ANTHROPIC_API_KEY"):
        Broker.ensure(empty, POLICY, {})
    api, broker = start(lambda _: Reply("x"))
    environ = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": api.url}
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(Broker.ensure, tmp_path / "home", POLICY, environ) for _ in range(4)]
        found = [one.result().identity() for one in asked]
    assert set(found) == {broker.identity()}
    # A process without the key uses the one that is there; another policy replaces it.
    assert Broker.ensure(tmp_path / "home", POLICY, {}).identity() == broker.identity()
    before = process_of(broker).pid
    Broker.ensure(tmp_path / "home", POLICY.model_copy(update={"turns": 7}), environ)
    assert process_of(broker).pid != before


OWNER = """
import os, sys
from pathlib import Path
from radeng_assets.execution.broker.client import Broker
from radeng_assets_tests.execution.conftest import POLICY
Broker.ensure(Path(sys.argv[1]), POLICY, os.environ, idle_s=0.0)
print("ready", flush=True)
sys.stdin.read()
"""


def test_it_stays_as_long_as_whoever_brought_the_key_and_no_longer(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, str(tmp_path)],
        cwd=ROOT,
        env=environment(ANTHROPIC_API_KEY=KEY, ANTHROPIC_BASE_URL="http://127.0.0.1:9"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as owner:
        assert owner.stdin
        assert owner.stdout
        assert owner.stdout.readline() == b"ready\n"
        broker = Broker.ensure(tmp_path, POLICY, {})
        process = process_of(broker)
        began = time.monotonic()
        while time.monotonic() - began < 5 * WATCH_S:  # it has looked several times whether anybody needs it
            assert broker.identity()
        owner.stdin.close()
    process.wait(10)
    assert broker.identity() is None


CALLER = """
import anthropic, sys
client = anthropic.Anthropic(max_retries=0)
asked = [{"role": "user", "content": "hi"}]
with client.messages.stream(model="claude-sonnet-5-5", max_tokens=10, messages=asked) as s:
    print(s.get_final_message().content[0].text)
sys.exit(7)
"""


def test_a_command_reaches_the_api_through_the_forwarder(start: Start) -> None:
    _, broker = start(lambda _: Reply("hello from afar"))
    line = broker.grant(SCOPE)
    done = subprocess.run(
        [sys.executable, str(Path(forward.__file__)), str(broker.socket), "--", sys.executable, "-c", CALLER],
        env=environment(ANTHROPIC_API_KEY=line.token),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (7, "hello from afar\n"), done.stderr
    assert line.spent().turns == 1


def test_a_tool_call_comes_through_as_it_was(start: Start) -> None:
    call = ToolCall("write_file", {"path": "a", "content": "ü\n" * 3000})
    _, broker = start(lambda _: Reply("so", (call,)))
    block = ask(broker.grant(SCOPE)).content[1]
    assert isinstance(block, anthropic.types.ToolUseBlock)
    assert block.input == call.input
