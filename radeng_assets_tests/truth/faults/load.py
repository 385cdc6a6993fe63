"""Load tests that are rounded, small, short of agents, or of nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from radeng_assets.evidence.envelope import Envelope
from radeng_assets.readiness.freshness import moment
from radeng_assets_tests.truth.state import Edit, State
from radeng_assets_tests.truth.trial import Fault

Request = dict[str, Any]


def at(agents: int, change: Callable[[list[Request]], list[Request]]) -> Callable[[State], None]:
    """The requests of one level as ``change`` has them."""

    def edit(document: dict[str, Any]) -> None:
        for level in document["levels"]:
            if level["agents"] == agents:
                level["requests"] = change(level["requests"])

    return _with(edit)


def _with(edit: Callable[[dict[str, Any]], object]) -> Callable[[State], None]:
    def edited(data: bytes) -> bytes:
        document = json.loads(data)
        edit(document)
        return json.dumps(document).encode()

    return lambda state: state.leave("load", "load.json", edited)


def share(requests: list[Request], share: float, **fields: object) -> list[Request]:
    """A share of the requests with other fields, spread over all of them."""
    every = max(1, round(1 / share))
    return [{**one, **fields} if index % every == 0 else one for index, one in enumerate(requests)]


def _one_missing(requests: list[Request]) -> list[Request]:
    return [one for one in requests if one["agent"] != "agent-99"]


def _two_in_one(requests: list[Request]) -> list[Request]:
    return [{**one, "agent": "agent-0"} if one["agent"] == "agent-99" else one for one in requests]


def _one_after_the_rest(requests: list[Request]) -> list[Request]:
    """The last agent begins when the others have ended."""
    late = max(one["end"] for one in requests)
    return [{**one, "start": late, "end": late} if one["agent"] == "agent-99" else one for one in requests]


def _gone_soon(requests: list[Request]) -> list[Request]:
    """All agents are there for a moment, and then only half of them."""
    seen: set[str] = set()
    kept: list[Request] = []
    for one in sorted(requests, key=lambda one: one["start"]):
        number = int(one["agent"].partition("-")[2])
        if number % 2 == 0 or one["agent"] not in seen:
            kept.append(one)
        seen.add(one["agent"])
    return kept


def _few(requests: list[Request]) -> list[Request]:
    first = {one["agent"]: one for one in reversed(requests)}
    return list(first.values())


def _copied(requests: list[Request]) -> list[Request]:
    """One request of each agent, thirty times over."""
    return _few(requests) * 30


def _none(_: list[Request]) -> list[Request]:
    return []


def _an_hour_ago(document: dict[str, Any]) -> None:
    for level in document["levels"]:
        level["requests"] = [
            {**one, "start": one["start"] - 3600, "end": one["end"] - 3600} for one in level["requests"]
        ]


def _without(agents: int) -> Callable[[dict[str, Any]], object]:
    return lambda document: document.update(levels=[one for one in document["levels"] if one["agents"] != agents])


def _summed(document: dict[str, Any]) -> None:
    document["levels"][-1]["summary"] = {"requests": 100_000, "errors": 0}


def _rates(_: bytes) -> bytes:
    """What load tools print: rates, rounded, and no requests."""
    return json.dumps({"error_rate": 0.0, "p99_ms": 120, "agents": 100, "verdict": "PASS"}).encode()


def _slow(state: State) -> None:
    """The command took a minute longer, and some requests of the smallest fleet most of it."""

    def longer(envelope: Envelope) -> Envelope:
        begun = moment(envelope.started) - timedelta(seconds=60)
        return envelope.model_copy(update={"started": begun.isoformat(timespec="milliseconds")})

    state.remeasure("load", longer)
    at(10, lambda requests: [{**one, "start": one["start"] - 30} for one in requests])(state)


def _leave(edit: Edit, code: int = 0) -> Callable[[State], None]:
    return lambda state: state.leave("load", "load.json", edit, exit_code=code)


FAULTS = (
    Fault("99 agents", "load_test", "99 agents", at(100, _one_missing)),
    Fault("two agents of one name", "load_test", "99 agents", at(100, _two_in_one)),
    Fault("a ramp that never reached 100", "load_test", "99 were at work at once", at(100, _one_after_the_rest)),
    Fault("100 agents for a moment only", "load_test", "of the time", at(100, _gone_soon)),
    Fault("retries hide errors", "load_test", "had an error", at(100, lambda rs: share(rs, 0.1, tries=3))),
    Fault("too many errors", "load_test", "had an error", at(100, lambda rs: share(rs, 0.1, ok=False))),
    Fault(
        "an error rate that is 1 % when it is rounded",
        "load_test",
        "allow for a rate",
        at(10, lambda rs: share(rs, 0.009, ok=False)),
    ),
    Fault("too few requests", "load_test", "too few", at(10, _few)),
    Fault("requests that stand there again and again", "load_test", "too few", at(10, _copied)),
    Fault("no request", "load_test", "asked nothing", at(50, _none)),
    Fault("a level is left out", "load_test", "at 50 agents", _with(_without(50))),
    Fault("simulated", "load_test", "simulated", _with(lambda d: d.update(simulated=True))),
    Fault("a summary that says otherwise", "load_test", "summary", _with(_summed)),
    Fault("requests of an hour ago", "load_test", "outside of the command", _with(_an_hour_ago)),
    Fault("slow", "load_test", "p99", _slow),
    Fault("rates, and no requests", "load_test", "read", _leave(_rates)),
    Fault("no report", "load_test", "left no|no file", _leave(lambda _: None)),
    Fault("the load test broke down", "load_test", "exit code 1", _leave(lambda data: data, 1)),
)
