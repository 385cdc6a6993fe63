"""The gateway's contract, against a loopback gateway: every reply, and every way of not getting one, has its name."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Protocol

import pytest
from pydantic import SecretStr

from radeng_assets.ess.gateway.client import Gateway
from radeng_assets.ess.gateway.exchange import ANSWERS, Exchange
from radeng_assets.ess.gateway.wire import MAX_BYTES
from radeng_assets.ess.terms import GatewayTerms
from radeng_assets_tests.ess.loopback import (
    KEY,
    Answer,
    LoopbackGateway,
    Request,
    Reset,
    Script,
    Wait,
    health,
    http,
    match,
    reply,
    speaking,
)

ONE_TRY = GatewayTerms(tries=1)
SHORT = GatewayTerms(query_timeout_s=0.3, health_timeout_s=0.3)
CHUNKED = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
GOOD = http(200, reply(match("src/a.ts", 1, 4)))


class Serve(Protocol):
    """Starts a gateway with a script, which may demand a key."""

    def __call__(self, script: Script, key: str = "") -> LoopbackGateway: ...


@dataclass
class Clock:
    """A clock that only pauses move on; ``pauses`` are those that were made."""

    now: float = 1000.0
    pauses: list[float] = field(default_factory=list[float])

    def __call__(self) -> float:
        return self.now

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


@pytest.fixture
def serve() -> Iterator[Serve]:
    with ExitStack() as stack:

        def begin(script: Script, key: str = "") -> LoopbackGateway:
            return stack.enter_context(LoopbackGateway(script, key))

        yield begin


@pytest.fixture
def clock() -> Clock:
    return Clock()


def asked(server: LoopbackGateway, clock: Clock, terms: GatewayTerms | None = None, key: str = "") -> Exchange:
    gateway = Gateway(
        server.url,
        terms or GatewayTerms(),
        key=SecretStr(key) if key else None,
        clock=clock,
        pause=clock.pause,
    )
    return gateway.ask("where is the limiter?")


# --- answers -----------------------------------------------------------------------------------


def test_an_answer_with_fields_that_nobody_knows(serve: Serve, clock: Clock) -> None:
    server = serve(speaking(http(200, reply(match("src/a.ts", 3, 9, language="ts"), novelty=1))))
    exchange = asked(server, clock)
    assert (exchange.outcome, exchange.status, exchange.tries, exchange.reason) == ("answered", 200, 1, "")
    assert exchange.reply is not None
    (found,) = exchange.reply.results.semantic.matches
    assert (found.source, found.line_start, found.line_end) == ("src/a.ts", 3, 9)


def test_the_question_is_the_contracts_and_carries_the_key(serve: Serve, clock: Clock) -> None:
    server = serve(speaking(GOOD), KEY)
    gateway = Gateway(server.url, key=SecretStr(KEY), project="rad", clock=clock, pause=clock.pause)
    assert gateway.ask("wö?").outcome == "answered"
    (request,) = server.requests
    assert (request.method, request.path) == ("POST", "/query")
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert json.loads(request.body) == {"query": "wö?", "mode": "one-shot", "synthesisMode": "raw", "project": "rad"}


def test_a_partial_answer_is_an_answer_and_says_so(serve: Serve, clock: Clock) -> None:
    body = reply(match("src/a.ts", 1, 1), status="partial", warnings=["Neo4j is away"])
    exchange = asked(serve(speaking(http(200, body))), clock)
    assert exchange.outcome == "partial"
    assert exchange.outcome in ANSWERS
    assert exchange.reason
    assert exchange.reply is not None
    assert exchange.reply.warnings == ("Neo4j is away",)


def test_unavailable_with_status_200_is_no_answer(serve: Serve, clock: Clock) -> None:
    server = serve(speaking(http(200, reply(status="unavailable", fallbackMessage="Try later"))))
    exchange = asked(server, clock)
    assert (exchange.outcome, exchange.status, exchange.reply) == ("unavailable", 200, None)
    assert len(server.requests) == 1


@pytest.mark.parametrize("missing", ["requestId", "status", "timestamp", "queryType", "results", "meta"])
def test_a_reply_that_lacks_a_field_is_garbage_and_says_which(missing: str, serve: Serve, clock: Clock) -> None:
    body = reply(match("src/a.ts", 1, 1))
    del body[missing]
    exchange = asked(serve(speaking(http(200, body))), clock)
    assert (exchange.outcome, exchange.reply) == ("garbage", None)
    assert missing in exchange.reason


# --- refusals and failures ---------------------------------------------------------------------

FAILURES: dict[str, tuple[Answer, str, int]] = {
    "400": (http(400, {"error": "Missing required field: query"}), "bad_request", 1),
    "404": (http(404, {"error": "no such place"}), "unexpected", 1),
    "207": (http(207, reply()), "unexpected", 1),
    "500": (http(500, {"error": "Internal server error"}), "service_down", 3),
    "503 without authentication": (http(503, {"message": "API authentication not configured"}), "service_down", 3),
    "redirect": (http(307, {}, {"location": "http://127.0.0.1:9/query"}), "redirected", 1),
    "no JSON": (http(200, b"<html>\xff\xfe"), "garbage", 1),
    "another JSON": (http(200, [1, 2]), "garbage", 1),
    "infinite score": (http(200, reply(match("a", 1, 1, score=float("inf")))), "garbage", 1),
    "deep": (http(200, b"[" * 100_000), "garbage", 1),
    "a conversation": (http(200, {"type": "conversation", "conversationId": "c", "round": 1}), "garbage", 1),
    "compressed": (http(200, gzip.compress(b"{}"), {"content-encoding": "gzip"}), "garbage", 1),
    "no HTTP": ([b"SSH-2.0-OpenSSH_9.2\r\n"], "cut", 3),
    "closed at once": ([], "cut", 3),
    "reset": ([b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{", Reset()], "cut", 3),
    "cut in the body": ([GOOD[0][:-20]], "cut", 3),  # type: ignore[index]
    "cut in a chunk": ([CHUNKED, b"40\r\n{"], "cut", 3),
    "huge": (http(200, b" " * (MAX_BYTES + 1)), "too_large", 1),
    "huge without a length": ([CHUNKED, *[b"100000\r\n" + b" " * 0x100000 + b"\r\n"] * 5], "too_large", 1),
}


@pytest.mark.parametrize("name", FAILURES)
def test_every_failure_has_its_name_and_only_some_are_tried_again(name: str, serve: Serve, clock: Clock) -> None:
    answer, outcome, tries = FAILURES[name]
    server = serve(speaking(answer))
    exchange = asked(server, clock)
    assert (exchange.outcome, exchange.reply, exchange.tries) == (outcome, None, tries)
    assert exchange.reason
    assert len(server.requests) == tries
    assert len(clock.pauses) == tries - 1


def test_a_key_that_is_missing_or_wrong(serve: Serve, clock: Clock) -> None:
    server = serve(speaking(GOOD), KEY)
    assert asked(server, clock).outcome == "unauthorized"
    assert asked(server, clock, key="another").outcome == "forbidden"
    assert asked(server, clock, key=KEY).outcome == "answered"
    assert len(server.requests) == 3


def test_an_empty_question_is_refused_by_the_gateway(serve: Serve, clock: Clock) -> None:
    gateway = Gateway(serve(speaking(GOOD)).url, clock=clock, pause=clock.pause)
    assert gateway.ask("").outcome == "bad_request"


@pytest.mark.parametrize("key", ["with\nnewline", "schlüssel", "two words"])
def test_a_key_that_no_header_can_carry_is_not_sent(key: str, serve: Serve, clock: Clock) -> None:
    server = serve(speaking(GOOD))
    exchange = asked(server, clock, key=key)
    assert exchange.outcome == "unauthorized"
    assert key not in exchange.reason
    assert server.requests == []


def test_nobody_listens(serve: Serve, clock: Clock) -> None:
    with LoopbackGateway(speaking(GOOD)) as server:
        url = server.url
    exchange = Gateway(url, clock=clock, pause=clock.pause).ask("q")
    assert (exchange.outcome, exchange.tries) == ("unreachable", 3)


@pytest.mark.parametrize("address", [f"http://{'a' * 70}.test:1", "http://[::1:3001", "http://exa mple:1"])
def test_an_address_that_cannot_be_one_is_unreachable(address: str, clock: Clock) -> None:
    assert Gateway(address, ONE_TRY, clock=clock).ask("q").outcome == "unreachable"


SLOW: dict[str, Answer] = {
    "silent": [Wait()],
    "silent after the head": [CHUNKED, Wait()],
    "silent in the body": [GOOD[0][:-20], Wait()],  # type: ignore[index]
}


@pytest.mark.parametrize("name", SLOW)
def test_a_slow_reply_ends_with_the_deadline(name: str, serve: Serve) -> None:
    server = serve(speaking(SLOW[name]))
    assert Gateway(server.url, SHORT).ask("q").outcome == "timeout"


def test_a_reply_that_trickles_ends_with_the_deadline_too(serve: Serve) -> None:
    ended: list[bool] = []

    class Trickle(list[bytes]):
        def __iter__(self) -> Iterator[bytes]:
            yield CHUNKED
            while not ended:
                yield b"1\r\n \r\n"

    server = serve(speaking(Trickle()))
    terms = GatewayTerms(query_timeout_s=0.3)
    outcome = Gateway(server.url, terms).ask("q").outcome
    ended.append(True)
    # One byte after another is either too slow or, in the end, too much.
    assert outcome in ("timeout", "too_large")


def test_asking_works_inside_a_running_event_loop(serve: Serve) -> None:
    gateway = Gateway(serve(speaking(GOOD)).url)

    async def inside() -> Exchange:
        return gateway.ask("q")

    assert asyncio.run(inside()).outcome == "answered"


# --- trying again ------------------------------------------------------------------------------


def in_turn(*answers: Answer) -> Script:
    left = list(answers)

    def script(request: Request) -> Answer:
        return left.pop(0)

    return script


def test_what_may_pass_is_tried_again(serve: Serve, clock: Clock) -> None:
    server = serve(in_turn(http(503, {}), [], GOOD))
    exchange = asked(server, clock)
    assert (exchange.outcome, exchange.tries) == ("answered", 3)
    assert clock.pauses == [pytest.approx(0.15, abs=0.05), pytest.approx(0.3, abs=0.1)]


@pytest.mark.parametrize("headers", [{"retry-after": "3"}, {"ratelimit-reset": "3", "ratelimit-remaining": "0"}])
def test_a_rate_limit_is_waited_for(headers: dict[str, str], serve: Serve, clock: Clock) -> None:
    server = serve(in_turn(http(429, {"error": "Rate limited"}, headers), GOOD))
    assert asked(server, clock).outcome == "answered"
    assert clock.pauses == [3.0]


@pytest.mark.parametrize("after", ["60", "86400", "Fri, 31 Dec 2199 23:59:59 GMT"])
def test_a_rate_limit_over_the_deadline_is_not_waited_for(after: str, serve: Serve, clock: Clock) -> None:
    server = serve(speaking(http(429, {"retryAfter": 60}, {"retry-after": after})))
    exchange = asked(server, clock)
    assert (exchange.outcome, exchange.tries, clock.pauses) == ("rate_limited", 1, [])
    assert exchange.retry_after_s is not None
    assert exchange.retry_after_s >= 60


@pytest.mark.parametrize("after", ["soon", "nan", "inf", ""])
def test_a_wait_that_says_nothing_is_ours_to_choose(after: str, serve: Serve, clock: Clock) -> None:
    server = serve(in_turn(http(429, {}, {"retry-after": after}), GOOD))
    assert asked(server, clock).outcome == "answered"
    assert clock.pauses == [pytest.approx(0.15, abs=0.05)]


# --- the breaker -------------------------------------------------------------------------------


def test_the_breaker_opens_lets_one_probe_through_and_closes(serve: Serve, clock: Clock) -> None:
    answers: list[Answer] = [http(500, {})]
    server = serve(lambda request: answers[0])
    terms = GatewayTerms(tries=1, failures=3, rest_s=30)
    gateway = Gateway(server.url, terms, clock=clock, pause=clock.pause)
    assert [gateway.ask("q").outcome for _ in range(5)] == ["service_down"] * 3 + ["circuit_open"] * 2
    assert len(server.requests) == 3
    clock.now += 30
    assert [gateway.ask("q").outcome for _ in range(2)] == ["service_down", "circuit_open"]
    assert len(server.requests) == 4
    clock.now += 30
    answers[0] = GOOD
    assert [gateway.ask("q").outcome for _ in range(3)] == ["answered"] * 3
    assert len(server.requests) == 7


def test_while_a_probe_is_out_nobody_else_asks(serve: Serve, clock: Clock) -> None:
    meanwhile: list[str] = []
    gateway: Gateway | None = None

    def script(request: Request) -> Answer:
        if len(server.requests) == 1:
            return http(500, {})
        assert gateway is not None
        meanwhile.append(gateway.ask("another").outcome)
        return GOOD

    server = serve(script)
    gateway = Gateway(server.url, GatewayTerms(tries=1, failures=1), clock=clock, pause=clock.pause)
    assert gateway.ask("q").outcome == "service_down"
    clock.now += 30
    assert gateway.ask("q").outcome == "answered"
    assert meanwhile == ["circuit_open"]


@pytest.mark.parametrize(
    ("answer", "opens"),
    [
        (http(200, reply(status="unavailable")), True),
        (http(200, b"garbage"), True),
        (http(302, {}), True),
        (http(400, {}), False),
        (http(403, {}), False),
        (http(429, {}, {"retry-after": "99"}), False),
    ],
)
def test_what_counts_against_the_gateway(answer: Answer, opens: bool, serve: Serve, clock: Clock) -> None:
    server = serve(speaking(answer))
    gateway = Gateway(server.url, GatewayTerms(tries=1, failures=2), clock=clock, pause=clock.pause)
    outcomes = [gateway.ask("q").outcome for _ in range(3)]
    assert (outcomes[-1] == "circuit_open") is opens
    assert len(server.requests) == (2 if opens else 3)


# --- health ------------------------------------------------------------------------------------

HEALTH: dict[str, tuple[Answer, str]] = {
    "healthy": (http(200, health()), "healthy"),
    "degraded": (http(207, health("degraded", neo4j="error")), "degraded"),
    "unhealthy": (
        http(503, health("unhealthy", neo4j="error", qdrant="error", redis="unknown", ollama="error")),
        "unhealthy",
    ),
    "a word worse than its code": (http(200, health("unhealthy")), "unhealthy"),
    "a code worse than its word": (http(503, health("healthy")), "unhealthy"),
    "a service worse than both": (http(200, health("healthy", redis="error")), "degraded"),
    "no contract's": (http(200, {"status": "healthy"}), "unhealthy"),
    "no JSON": (http(200, b"OK"), "unhealthy"),
    "404": (http(404, {}), "unhealthy"),
    "redirect": (http(302, {}, {"location": "/login"}), "unhealthy"),
    "cut": ([b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"], "unreachable"),
    "silent": ([Wait()], "unreachable"),
}


@pytest.mark.parametrize("name", HEALTH)
def test_health(name: str, serve: Serve) -> None:
    answer, state = HEALTH[name]
    terms = SHORT if Wait() in answer else GatewayTerms()
    report = Gateway(serve(speaking(GOOD, answer)).url, terms).health()
    assert report.state == state
    assert bool(report.reason) is (state != "healthy")


def test_health_names_what_ails_and_needs_no_key(serve: Serve) -> None:
    server = serve(speaking(GOOD, http(207, health("degraded", neo4j="error"))), KEY)
    report = Gateway(server.url, key=SecretStr(KEY)).health()
    assert report.services == {"neo4j": "error", "qdrant": "ok", "redis": "ok", "ollama": "ok"}
    assert "neo4j" in report.reason
    assert "authorization" not in server.requests[0].headers


# --- the key -----------------------------------------------------------------------------------


def test_the_key_is_nowhere_but_in_the_request(serve: Serve, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    echo = reply(match("src/a.ts", 1, 1, content=f"key {KEY}"), warnings=[f"you sent {KEY}"])
    answers: list[Answer] = [http(200, echo), http(403, {"message": KEY}), http(200, {KEY: 1}), []]
    server = serve(in_turn(*answers))
    gateway = Gateway(server.url, ONE_TRY, key=SecretStr(KEY), clock=clock, pause=clock.pause)
    exchanges = [gateway.ask("q") for _ in answers]
    assert [one.outcome for one in exchanges] == ["answered", "forbidden", "garbage", "cut"]
    assert all(request.headers["authorization"].endswith(KEY) for request in server.requests)
    assert caplog.records  # so that what follows says something
    seen = [repr(exchanges), *(one.model_dump_json() for one in exchanges), repr(gateway), caplog.text]
    assert not [text for text in seen if KEY in text]


def test_no_proxy_and_no_netrc_of_the_machine_takes_part(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = serve(speaking(http(500, {})))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, proxy.url)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert Gateway(serve(speaking(GOOD)).url).ask("q").outcome == "answered"
    assert proxy.requests == []
