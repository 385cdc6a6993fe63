"""One run, looked at in three ways: a scrape, traces and log lines agree in counts, and canary secrets are in none."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Generator, Iterator
from contextlib import chdir, contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families
from typer.testing import CliRunner

from radeng_assets.cli.app import app
from radeng_assets.evidence.ledger import Ledger
from radeng_assets.execution.standin.reply import Reply
from radeng_assets.execution.standin.server import Request, StandIn
from radeng_assets.home import Home
from radeng_assets.telemetry.watch import Watch
from radeng_assets_tests.cli.test_agents import arguments, works_at
from radeng_assets_tests.execution.conftest import KEY
from radeng_assets_tests.execution.models import answered, honest, story_of
from radeng_assets_tests.execution.works import HONEST, TESTS, Works
from radeng_assets_tests.processes import environment, radeng, radeng_here
from radeng_assets_tests.telemetry.collector import Collector, attributes
from radeng_assets_tests.telemetry.records import COUNTED

CANARY = "canary-7f3a"
"""What stands in the target, in the brief, in what agents and gates print, and in variables of ours."""

CANARIES = (CANARY, KEY)


@dataclass
class Seen:
    """What three onlookers got of the same runs, and what the API was asked."""

    works: Works
    requests: list[Request]
    collector: Collector
    running: list[float] = field(default_factory=list[float])
    lines: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    scrape: str = ""


@contextmanager
def metrics_of(works: Works) -> Generator[str]:
    """The address of ``radeng metrics`` over a home."""
    command = [sys.executable, "-m", "radeng_assets.cli", "metrics", "--port", "0", "--home", str(works.home)]
    process = subprocess.Popen(command, cwd=works.root, env=environment(), stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        said = process.stderr.readline()
        found = re.match(r"(http://127\.0\.0\.1:\d+)/metrics", said)
        assert found, said
        yield found[1]
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


def get(url: str) -> tuple[int, str]:
    try:
        with urlopen(url, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> Works:
    """A plan, a target and a home with canaries wherever something can be read."""
    works = works_at(tmp_path_factory.mktemp("seen"), gate=f"cat notes.txt && {TESTS}", extra={"notes.txt": CANARY})
    plan = works.folder / "EXECUTION-PLAN.yaml"
    plan.write_text(plan.read_text("utf-8").replace("title: Teach it", f"title: Teach {CANARY}"), encoding="utf-8")
    return works


@pytest.fixture(scope="module")
def seen(works: Works) -> Iterator[Seen]:
    """Wave 1 by Claude, where one story needs a second attempt; then a story by a command, for another plan."""
    failed: set[str] = set()

    def script(request: Request) -> Reply:
        if not looks.running:
            samples = Watch(Home(works.home)).samples()
            looks.running += [sample.value for sample in samples if sample.metric == "radeng_agents_running"]
        if story_of(request.body) == "A-2" and not failed:
            failed.add("A-2")
            return Reply(f"Done, says {CANARY}.")
        reply = honest(request)
        return Reply(f"{reply.text} {CANARY}", reply.tools) if answered(request.body) == 0 else reply

    with StandIn(script, key=KEY) as api, Collector() as collector:
        looks = Seen(works, api.requests, collector)
        extra = {
            "ANTHROPIC_API_KEY": KEY,
            "ANTHROPIC_BASE_URL": api.url,
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
            "RADENG_WEBHOOK_URL": f"http://127.0.0.1:9/{CANARY}",
        }
        done = radeng(*arguments(works, "claude"), "--waves", "wave-1", cwd=works.root, **extra)
        assert done.returncode == 0, done.stderr
        assert collector.spans  # a run sends its own traces
        campaign = works.campaign(f"{HONEST}\nprint({CANARY!r})\n")
        campaign.open_wave("wave-1", "another")
        assert campaign.carry_out("wave-1", "A-1", "another").status == "verified"
        campaign.close_wave("wave-1", "another")
        # The collector is away for a while: what it missed is sent later, and nothing twice.
        collector.status = 400
        assert traces(works, collector) == (1, "Run it again later.")
        collector.status = 200
        code, sent = traces(works, collector)
        assert (code, sent.endswith(" spans sent")) == (0, True)
        assert traces(works, collector) == (0, "0 spans sent")
        out = radeng_here("logs", "--home", works.home, cwd=works.root)
        assert out.returncode == 0
        looks.lines = [json.loads(line) for line in out.stdout.splitlines()]
        yield looks


def traces(works: Works, collector: Collector) -> tuple[int, str]:
    """(exit code, the last line) of ``radeng traces`` in this process."""
    given = environment(OTEL_EXPORTER_OTLP_ENDPOINT=collector.url)
    with chdir(works.root), mock.patch.dict(os.environ, given, clear=True):
        done = CliRunner().invoke(app, ["traces", "--home", str(works.home)])
    return done.exit_code, done.stderr.strip().splitlines()[-1].strip()


@pytest.fixture(scope="module")
def address(seen: Seen) -> Iterator[str]:
    with metrics_of(seen.works) as address:
        status, seen.scrape = get(f"{address}/metrics")
        assert status == 200, seen.scrape
        yield address


@pytest.fixture(scope="module")
def sums(seen: Seen, address: str) -> dict[str, float]:
    """What was scraped: each series' sum over its labels."""
    found: defaultdict[str, float] = defaultdict(float)
    for family in text_string_to_metric_families(seen.scrape):
        for sample in family.samples:
            found[sample.name] += sample.value
    return found


def test_scrape_traces_and_lines_agree_in_counts(seen: Seen, sums: dict[str, float]) -> None:
    lines = Counter(line["event"].removesuffix(".ended") for line in seen.lines if line["event"].endswith(".ended"))
    spans = Counter(str(attributes(span)["radeng.kind"]) for span in seen.collector.spans)
    for kind, metric in COUNTED.items():
        assert lines[kind] == spans[kind] == sums[metric] > 0, kind
    assert lines["tool"] == spans["tool"] > 0
    assert spans["run"] == sums["radeng_runs_total"] == 2
    assert {line["run"] for line in seen.lines} == {attributes(span)["radeng.run"] for span in seen.collector.spans}


def test_they_count_what_was(seen: Seen, sums: dict[str, float]) -> None:
    """Held against those who were asked and those who recorded: the API, and the ledger."""
    assert sums["radeng_turns_total"] == len(seen.requests)
    assert lines_sum(seen, "call.ended", "input_tokens") == 100 * len(seen.requests)
    assert sums["radeng_tokens_total"] == sum(
        lines_sum(seen, "call.ended", f"{name}_tokens")
        for name in ("input", "cache_write_5m", "cache_write_1h", "cache_read", "output")
    )
    usage = ("gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens")
    assert sums["radeng_tokens_total"] == sum(
        int(attributes(span).get(name, 0)) for span in seen.collector.spans for name in usage
    )
    ends = [entry.body for entry in Ledger(seen.works.home / "ledger.jsonl").entries("attempt_end")]
    assert Counter(str(end["ending"]) for end in ends) == {"merged": 4, "failed": 1}
    assert sums["radeng_attempts_total"] == len(ends) == 5
    assert sum(int(str(end["turns"])) for end in ends) == len(seen.requests)
    spent = sum(Decimal(str(end["cost_usd"])) for end in ends)
    assert spent > 0
    assert sum(Decimal(line["cost_usd"]) for line in seen.lines if line["event"] == "call.ended") == spent
    assert sums["radeng_cost_usd_total"] == pytest.approx(float(spent))
    assert sums["radeng_attempts_open"] == sums["radeng_agents_running"] == 0
    assert seen.running == [pytest.approx(seen.running[0])]
    assert seen.running[0] >= 1  # while the API was asked, an agent was at work


def lines_sum(seen: Seen, event: str, name: str) -> int:
    return sum(line.get(name, 0) for line in seen.lines if line["event"] == event)


def test_canaries_are_in_none_of_them(seen: Seen, sums: dict[str, float]) -> None:
    assert sums
    store = b"".join(path.read_bytes() for path in (seen.works.home / "evidence").rglob("*") if path.is_file())
    assert CANARY.encode() in store  # there was something to find
    spans = b"".join(seen.collector.bodies)
    for canary in CANARIES:
        assert canary not in json.dumps(seen.lines)
        assert canary not in seen.scrape
        assert canary.encode() not in spans
    # And nobody outside of this house is told which trace it is about.
    assert not [request for request in seen.requests if "traceparent" in {name.lower() for name in request.headers}]


def test_a_trace_is_a_tree_from_the_run_to_the_call(seen: Seen) -> None:
    spans = {span.span_id: span for span in seen.collector.spans}
    assert len(spans) == len(seen.collector.spans)  # sent once each, although the collector was away

    def path(span_id: bytes) -> list[str]:
        span = spans[span_id]
        kind = str(attributes(span)["radeng.kind"])
        if not span.parent_span_id:
            return [kind]
        around = spans[span.parent_span_id]
        assert around.trace_id == span.trace_id
        assert around.start_time_unix_nano <= span.start_time_unix_nano <= span.end_time_unix_nano
        return [*path(span.parent_span_id), kind]

    paths = Counter("/".join(path(span_id)) for span_id in spans)
    assert {"run/wave/story/attempt/call", "run/wave/story/attempt/tool", "run/wave/story/attempt/gate"} <= set(paths)
    assert paths["run/wave/story/attempt/call"] == len(seen.requests)
    assert paths["run/wave"] == 2
    call = next(attributes(span) for span in spans.values() if span.name.startswith("chat "))
    assert call["gen_ai.operation.name"] == "chat"
    assert call["gen_ai.provider.name"] == "anthropic"
    assert call["gen_ai.request.model"] == "claude-sonnet-5-5"
    tool = {str(attributes(span).get("gen_ai.tool.name")) for span in spans.values() if "tool" in span.name}
    assert {"read_file", "write_file", "run_command"} <= tool


def test_every_line_can_be_followed_to_its_span(seen: Seen) -> None:
    known = {(span.trace_id.hex(), span.span_id.hex()) for span in seen.collector.spans}
    assert {(line["trace_id"], line["span_id"]) for line in seen.lines} <= known
    at = [line["at"] for line in seen.lines]
    assert at == sorted(at)
    turn = next(line for line in seen.lines if line["event"] == "call.ended")
    assert {"run", "wave", "story", "attempt", "model", "state", "duration_ms"} <= set(turn)


def test_lines_of_one_run_and_lines_that_go_on(seen: Seen) -> None:
    run = seen.lines[-1]["run"]
    out = radeng_here("logs", "--run", run, "--home", seen.works.home, cwd=seen.works.root)
    assert [json.loads(line) for line in out.stdout.splitlines()] == [one for one in seen.lines if one["run"] == run]
    command = [sys.executable, "-m", "radeng_assets.cli", "logs", "--follow", "--home", str(seen.works.home)]
    with subprocess.Popen(command, cwd=seen.works.root, env=environment(), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        told = [json.loads(process.stdout.readline()) for _ in seen.lines]
        process.kill()
    assert told == seen.lines


def test_gauges_say_what_the_last_verdict_and_the_audit_say(seen: Seen, sums: dict[str, float]) -> None:
    verdict = json.loads((seen.works.home / "assets" / "production_readiness.json").read_text("utf-8"))
    audit = json.loads((seen.works.home / "assets" / "plan_audit.json").read_text("utf-8"))
    given = {
        (s.name, *s.labels.values()): s.value for f in text_string_to_metric_families(seen.scrape) for s in f.samples
    }
    assert given["radeng_verdict_ready",] == (verdict["verdict"] == "READY")
    for criterion in verdict["criteria"]:
        statuses = {
            key[2]: value for key, value in given.items() if key[:2] == ("radeng_criterion_status", criterion["id"])
        }
        assert statuses.pop(criterion["status"]) == 1
        assert set(statuses.values()) == {0}
        assert ("radeng_evidence_age_seconds", criterion["id"]) in given or not criterion["evidence"]
    assert sums["radeng_criterion_status"] == len(verdict["criteria"]) == 8
    ages = [value for key, value in given.items() if key[0] == "radeng_evidence_age_seconds"]
    assert ages
    assert all(0 <= age < 86_400 for age in ages)
    stories = Counter(story["status"] for wave in verdict["waves"] for story in wave["stories"])
    assert {key[1]: value for key, value in given.items() if key[0] == "radeng_stories" and value} == stories
    assert stories["verified"] == 3
    levels = Counter(finding["severity"] for finding in audit["findings"])
    assert {key[1]: value for key, value in given.items() if key[0] == "radeng_findings" and value} == levels


def test_a_port_that_is_taken_is_said_at_once(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = radeng_here("metrics", "--port", str(port), "--home", tmp_path, cwd=tmp_path)
    assert done.returncode == 2
    assert f"port {port}, cannot be listened on" in done.stderr


class TestReady:
    def test_a_sound_home_is_ready_and_the_process_is_up(self, address: str) -> None:
        status, text = get(f"{address}/health")
        assert (status, json.loads(text)["status"]) == (200, "up")
        status, text = get(f"{address}/ready")
        assert status == 200, text
        assert [check["name"] for check in json.loads(text)["checks"]] == ["home", "ledger", "plan", "storage"]

    def test_an_edited_ledger_is_not(self, seen: Seen, address: str) -> None:
        ledger = seen.works.home / "ledger.jsonl"
        sound = ledger.read_bytes()
        try:
            ledger.write_bytes(sound.replace(b'"ending":"failed"', b'"ending":"merged"', 1))
            answer = wait_for(f"{address}/ready", 503)
            reasons = {check["name"]: check["reason"] for check in answer["checks"] if not check["ok"]}
            assert list(reasons) == ["ledger"]
            assert re.fullmatch(r"ledger\.jsonl:\d+: record \d+ was edited", reasons["ledger"])
            assert get(f"{address}/health")[0] == 200
            assert 'radeng_check_ok{check="ledger"} 0.0' in get(f"{address}/metrics")[1]
        finally:
            ledger.write_bytes(sound)
        wait_for(f"{address}/ready", 200)


def wait_for(url: str, status: int) -> dict[str, Any]:
    """The answer once it has this status: one is given again for two seconds."""
    deadline = time.monotonic() + 60
    while True:
        got, text = get(url)
        if got == status:
            return json.loads(text)
        assert time.monotonic() < deadline, f"{url} still answers {got}: {text}"


def test_where_nobody_asked_for_traces_there_are_none(tmp_path: Path) -> None:
    done = radeng_here("traces", "--home", tmp_path, cwd=tmp_path)
    assert done.returncode == 2
    assert "OTEL_EXPORTER_OTLP_ENDPOINT" in done.stderr
