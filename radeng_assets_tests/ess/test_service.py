"""Who answers a query, and why: the gateway, the cache, the index."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from radeng_assets.ess.exercise import exercise
from radeng_assets.ess.gateway.cache import ReplyCache
from radeng_assets.ess.gateway.client import Gateway
from radeng_assets.ess.service import EssService
from radeng_assets.ess.terms import EssTerms, GatewayTerms
from radeng_assets.ess.trials import Exercise
from radeng_assets_tests.ess.indexes import FewNodes, node
from radeng_assets_tests.ess.loopback import (
    KEY,
    Answer,
    LoopbackGateway,
    Script,
    Wait,
    health,
    http,
    match,
    reply,
    speaking,
)

TERMS = EssTerms(gateway=GatewayTerms(tries=1))
GOOD = http(200, reply(match("src/limiter.py", 3, 3), match("src/limiter/1.py", 1, 1), match("src/gone.py", 1, 1)))
QUERY = "limiter"

Serve = Callable[[Script], LoopbackGateway]


@pytest.fixture
def serve() -> Iterator[Serve]:
    with ExitStack() as stack:

        def begin(script: Script) -> LoopbackGateway:
            return stack.enter_context(LoopbackGateway(script))

        yield begin


def service(
    url: str | None = None, cache: Path | None = None, index: FewNodes | None = None, terms: EssTerms = TERMS
) -> EssService:
    index = index or FewNodes()
    return EssService(
        index=index,
        exists=index.exists,
        terms=terms,
        gateway=Gateway(url, terms.gateway, key=SecretStr(KEY)) if url else None,
        cache=ReplyCache(cache) if cache else None,
        now=lambda: datetime(2026, 1, 20, tzinfo=UTC),
    )


def patience(query: Answer, healthy: Answer | None = None) -> EssTerms:
    """Little for what is never going to come, else enough for a machine that is busy."""
    little = {"query_timeout_s": query, "health_timeout_s": healthy or ()}
    shortened = {name: 0.2 for name, answer in little.items() if Wait() in answer}
    return EssTerms(gateway=TERMS.gateway.model_copy(update=shortened))


def test_without_a_gateway_the_index_answers() -> None:
    asked = service().ask(QUERY, 6)
    assert (asked.branch, asked.answer.source, asked.outcome) == ("embedded", "embedded", None)
    assert "configured" in asked.why
    assert (asked.answer.commit, asked.answer.index) == (FewNodes().commit, FewNodes().digest)
    assert len(asked.answer.results) == 6
    assert asked.answer.veracity.score == 100


def test_a_document_is_held_against_the_code_that_it_describes_wherever_that_is() -> None:
    told = node("docs/limiter.md").model_copy(
        update={"document": True, "changed": "2025-11-20T00:00:00Z", "describes": ("src/other.py",)}
    )
    index = FewNodes(everything=(*FewNodes().everything, told, node("src/other.py")))
    (fault,) = service(index=index).ask(QUERY).answer.veracity.faults
    assert (fault.type, fault.path) == ("CONTRADICTION", "docs/limiter.md")
    assert "src/other.py" in fault.message


def test_the_gateway_answers_with_places_that_exist(serve: Serve) -> None:
    index = FewNodes()
    asked = service(serve(speaking(GOOD)).url, index=index).ask(QUERY)
    assert (asked.branch, asked.answer.source, asked.outcome, asked.lost) == ("gateway", "gateway", "answered", 1)
    assert [hit.path for hit in asked.answer.results] == ["src/limiter.py", "src/limiter/1.py"]
    # Two places are fewer than five: our own formula, over what the gateway found.
    assert [fault.type for fault in asked.answer.veracity.faults] == ["LOW_COVERAGE"]
    assert (asked.answer.veracity.score, index.searches) == (90, [])


def test_a_partial_answer_says_so(serve: Serve) -> None:
    body = reply(match("src/limiter.py", 3, 3), status="partial")
    asked = service(serve(speaking(http(200, body))).url).ask(QUERY)
    assert (asked.branch, asked.outcome) == ("gateway", "partial")
    assert asked.why


@pytest.mark.parametrize(
    "answer",
    [
        http(200, reply(status="unavailable")),
        http(200, reply()),
        http(200, reply(match("src/gone.py", 1, 1))),
        http(200, b"garbage"),
        http(401, {}),
        http(429, {}, {"retry-after": "60"}),
        http(503, {}),
        [],
        [Wait()],
    ],
)
def test_whatever_the_gateway_lacks_the_index_has(answer: Answer, serve: Serve) -> None:
    asked = service(serve(speaking(answer)).url, terms=patience(answer)).ask(QUERY)
    assert (asked.branch, asked.answer.source) == ("embedded", "embedded")
    assert asked.why
    assert asked.outcome is not None
    assert asked.answer.results


def test_what_the_gateway_said_before_answers_when_it_is_away_and_is_labelled(serve: Serve, tmp_path: Path) -> None:
    answers = [GOOD]
    server = serve(lambda request: answers[0])
    asking = service(server.url, tmp_path / "replies")
    first = asking.ask(QUERY)
    answers[0] = http(503, {})
    again = asking.ask(QUERY)
    assert (again.branch, again.outcome, again.answer) == ("cached", "service_down", first.answer)
    assert again.why
    assert asking.ask("limiter/1").branch == "embedded"
    elsewhere = FewNodes(commit="e" * 40)
    assert service(server.url, tmp_path / "replies", elsewhere).ask(QUERY).branch == "embedded"
    files = list((tmp_path / "replies").iterdir())
    assert files
    assert not [file for file in files if KEY in file.read_text("utf-8")]


def test_a_partial_answer_is_not_kept(serve: Serve, tmp_path: Path) -> None:
    answers = [http(200, reply(match("src/limiter.py", 3, 3), status="partial"))]
    asking = service(serve(lambda request: answers[0]).url, tmp_path / "replies")
    asking.ask(QUERY)
    answers[0] = http(503, {})
    assert asking.ask(QUERY).branch == "embedded"


def test_bytes_that_are_no_text_are_asked_for_as_far_as_they_are(serve: Serve, tmp_path: Path) -> None:
    server = serve(speaking(GOOD))
    assert service(server.url, tmp_path).ask("limiter \udcff").branch == "gateway"
    assert json.loads(server.requests[0].body)["query"] == "limiter ?"


# --- both branches -----------------------------------------------------------------------------


def tried(serve: Serve, query: Answer, healthy: Answer | None = None) -> Exercise:
    asking = service(serve(speaking(query, healthy)).url, terms=patience(query, healthy))
    return exercise(asking, QUERY)


def test_both_branches_are_shown(serve: Serve) -> None:
    server = serve(speaking(GOOD))
    index = FewNodes()
    shown = exercise(service(server.url, index=index), QUERY)
    assert shown.state == "passed"
    assert (shown.query, shown.commit, shown.index) == (QUERY, index.commit, index.digest)
    assert (shown.up.state, shown.up.source, shown.up.results, shown.up.health) == ("passed", "gateway", 2, "healthy")
    down = shown.down
    assert (down.state, down.source, down.results, down.outcome) == ("passed", "embedded", 6, "unreachable")
    assert server.paths() == ["GET /health", "POST /query"]
    assert index.searches == [QUERY]


def test_without_a_gateway_the_service_need_not_be_up() -> None:
    shown = exercise(service(), QUERY)
    assert (shown.up.demanded, shown.up.state) == (False, "missing")
    assert "RADENG_ESS_URL" in shown.up.reason
    assert (shown.down.state, shown.state) == ("passed", "passed")


@pytest.mark.parametrize(
    ("query", "healthy", "state"),
    [
        (GOOD, http(207, health("degraded", neo4j="error")), "failed"),
        (GOOD, http(503, health("unhealthy", neo4j="error")), "failed"),
        (GOOD, [Wait()], "failed"),
        (http(200, reply(status="unavailable")), None, "failed"),
        (http(200, reply(match("src/limiter.py", 3, 3), status="partial")), None, "failed"),
        (http(200, reply(match("src/gone.py", 1, 1))), None, "failed"),
        (http(403, {}), None, "failed"),
        ([Wait()], None, "timeout"),
    ],
)
def test_a_gateway_that_is_configured_and_not_whole_is_no_pass(
    query: Answer, healthy: Answer | None, state: str, serve: Serve
) -> None:
    shown = tried(serve, query, healthy)
    assert (shown.up.demanded, shown.up.state, shown.state) == (True, state, state)
    assert shown.up.reason
    assert shown.down.state == "passed"


def test_what_was_kept_shows_no_branch(serve: Serve, tmp_path: Path) -> None:
    answers = [GOOD]
    server = serve(lambda request: http(200, health()) if request.path == "/health" else answers[0])
    asking = service(server.url, tmp_path / "replies")
    asking.ask(QUERY)
    answers[0] = http(500, {})
    assert asking.ask(QUERY).branch == "cached"
    assert exercise(asking, QUERY).up.state == "failed"


def test_an_index_that_knows_nothing_shows_no_fallback() -> None:
    shown = exercise(service(index=FewNodes(everything=())), QUERY)
    assert (shown.down.state, shown.state) == ("failed", "failed")


def test_an_index_over_its_time_is_no_pass() -> None:
    ticks = iter([0.0, 5.5])
    shown = exercise(service(), QUERY, clock=lambda: next(ticks))
    assert (shown.down.state, shown.down.elapsed_s) == ("timeout", 5.5)
    strict = dataclasses.replace(service(), terms=EssTerms(fallback_deadline_s=6, gateway=TERMS.gateway))
    ticks = iter([0.0, 5.5])
    assert exercise(strict, QUERY, clock=lambda: next(ticks)).down.state == "passed"
