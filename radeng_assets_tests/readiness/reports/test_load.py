"""The load report: each way of making a load test look better than it was, beside an honest one."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.evidence.formats.load import SCHEMA, Request, TargetLevel, read_target_load
from radeng_assets.evidence.states import State
from radeng_assets.execution.load.figures import upper_bound
from radeng_assets.execution.load.limits import Limit
from radeng_assets.planning.folder import Planning, Sources, read_planning
from radeng_assets.planning.source import Source
from radeng_assets.readiness.reports.assessment import Assessment
from radeng_assets.readiness.reports.load import assess
from radeng_assets.readiness.reports.load_levels import issues, shown, states
from radeng_assets_tests.readiness.reports.materials import STARTED, Ran, material

BEGUN = datetime.fromisoformat(STARTED).timestamp()
GOLDEN = Path(__file__).parent / "golden"

Edit = Callable[[dict[str, Any]], None]


def plan(*lines: str) -> Planning:
    text = "# Tests\n\n## Load\n\n" + "\n".join(f"- {line}" for line in lines) + "\n"
    source = Source("TESTING-REQUIREMENTS.md", text, "0" * 64, text.encode())
    return read_planning(Sources(sources={"TESTING-REQUIREMENTS.md": source}))


PLAN = plan("4 agents: < 5% error rate, < 5s p99 latency", "6 agents: < 10% error rate, < 5s p99 latency")


def level(agents: int, each: int = 25) -> dict[str, Any]:
    """``agents`` that ask without a pause, each request a second long."""
    requests = [
        {"agent": f"a{n}", "start": BEGUN + 1 + turn, "end": BEGUN + 1.9 + turn, "ok": True, "tries": 1}
        for n in range(agents)
        for turn in range(each)
    ]
    return {"agents": agents, "requests": requests}


def honest() -> dict[str, Any]:
    return {"schema": SCHEMA, "simulated": False, "levels": [level(4), level(6)]}


def judged(document: object, *, state: State = "passed", code: int | None = 0, planning: Planning = PLAN) -> Assessment:
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    return assess(material("load", Ran({("load", "load.json"): data}, state, code), planning=planning))


def test_an_honest_load_test_passes() -> None:
    found = judged(honest())
    assert (found.state, found.reason, found.issues, found.findings) == ("passed", "", (), ())
    assert found.measured == upper_bound(0, 150)
    assert found.threshold == 0.1


def _at(document: dict[str, Any], level: int) -> list[dict[str, Any]]:
    requests: list[dict[str, Any]] = document["levels"][level]["requests"]
    return requests


def _drop_an_agent(document: dict[str, Any]) -> None:
    document["levels"][1]["requests"] = [one for one in _at(document, 1) if one["agent"] != "a5"]


def _rename_to_99(document: dict[str, Any]) -> None:
    for one in _at(document, 1):
        one["agent"] = "a0" if one["agent"] == "a5" else one["agent"]


def _one_after_the_other(document: dict[str, Any]) -> None:
    for n, one in enumerate(sorted(_at(document, 1), key=lambda one: one["start"])):
        one["start"], one["end"] = BEGUN + 1 + n, BEGUN + 1.9 + n


def _late_ramp(document: dict[str, Any]) -> None:
    """The sixth agent joins for the last moment only."""
    last = max(one["start"] for one in _at(document, 1))
    document["levels"][1]["requests"] = [
        one for one in _at(document, 1) if one["agent"] != "a5" or one["start"] == last
    ]


def _few_requests(document: dict[str, Any]) -> None:
    document["levels"] = [level(4, 10), level(6)]


def _yesterday(document: dict[str, Any]) -> None:
    for one in _at(document, 0):
        one["start"], one["end"] = one["start"] - 86_400, one["end"] - 86_400


def _simulated(document: dict[str, Any]) -> None:
    document["simulated"] = True


def _not_said_whether(document: dict[str, Any]) -> None:
    del document["simulated"]


def _without_a_level(document: dict[str, Any]) -> None:
    document["levels"] = document["levels"][1:]


def _without_requests(document: dict[str, Any]) -> None:
    document["levels"][0]["requests"] = []


def _prettier_summary(document: dict[str, Any]) -> None:
    document["levels"][0]["summary"] = {"requests": 1000, "errors": 0}


def _a_percentage(document: dict[str, Any]) -> None:
    document["levels"][0]["error_rate"] = 0.0


def _an_error_that_nobody_reads(document: dict[str, Any]) -> None:
    _at(document, 0)[0]["error"] = "timeout"


def _no_tries(document: dict[str, Any]) -> None:
    for one in _at(document, 0):
        del one["tries"]


def _a_request_that_is_none(document: dict[str, Any]) -> None:
    _at(document, 0)[3] = {"ok": False}


def _backwards(document: dict[str, Any]) -> None:
    one = _at(document, 0)[0]
    one["start"], one["end"] = one["end"], one["start"]


@pytest.mark.parametrize(
    ("edit", "state", "words"),
    [
        (_drop_an_agent, "missing", "only 5 agents asked where 6 are said to"),
        (_rename_to_99, "missing", "only 5 agents asked where 6 are said to"),
        (_one_after_the_other, "missing", "at most 1 were at work at once"),
        (_late_ramp, "missing", "of the time, at least 50% is demanded"),
        (_few_requests, "missing", "too few to show below 0.05 of all"),
        (_yesterday, "failed", "outside of the command's own time"),
        (_simulated, "rehearsed", "simulated"),
        (_not_said_whether, "missing", "'simulated' is missing"),
        (_without_a_level, "missing", "nothing was measured at 4 agents"),
        (_without_requests, "missing", "4 agents asked nothing"),
        (_prettier_summary, "failed", "the summary of 4 agents says 1000 requests, its records hold 100"),
        (_a_percentage, "missing", "Nothing reads 'error_rate'"),
        (_an_error_that_nobody_reads, "missing", "Nothing reads 'error'"),
        (_no_tries, "missing", "'tries' is missing"),
        (_a_request_that_is_none, "missing", "not read whole"),
        (_backwards, "missing", "it ends before it begins"),
    ],
)
def test_what_was_not_shown_cannot_pass_or_be_waived(edit: Edit, state: State, words: str) -> None:
    document = honest()
    edit(document)
    found = judged(document)
    assert (found.state, found.issues) == (state, ())
    assert words in found.reason


@pytest.mark.parametrize("answered", [True, False])
def test_an_error_counts_whether_a_retry_hid_it_or_not(answered: bool) -> None:
    document = honest()
    for one in _at(document, 0)[:5]:
        one["ok"], one["tries"] = answered, 2
    found = judged(document)
    assert [issue.rule for issue in found.issues] == ["load-error-rate"]
    assert f"5 of 100 requests had an error ({0 if answered else 5} were never answered)" in found.issues[0].message


def test_a_request_that_stands_there_twice_dilutes_no_error() -> None:
    document = honest()
    for each in document["levels"]:
        first = {one["agent"]: one for one in reversed(each["requests"])}
        each["requests"] = list(first.values()) * 40
    found = judged(document)
    assert (found.state, "too few" in found.reason) == ("missing", True)


def test_a_rate_that_rounds_to_nothing_is_still_counted() -> None:
    """One error of 300 is 0.33 %, and 300 requests with one do not show that it is below 1 %."""
    document = {"schema": SCHEMA, "simulated": False, "levels": [level(4, 75)]}
    planning = plan("4 agents: < 1% error rate, < 5s p99 latency")
    assert judged(document, planning=planning).state == "passed"
    _at(document, 0)[7]["ok"] = False
    found = judged(document, planning=planning)
    assert (found.state, found.issues) == ("missing", ())
    assert "1 errors of 300 requests" in found.reason


def test_slow_answers_are_an_issue_and_fast_failures_do_not_hide_them() -> None:
    document = {"schema": SCHEMA, "simulated": False, "levels": [level(4, 100)]}
    planning = plan("4 agents: < 99% error rate, < 5s p99 latency")
    for one in [one for one in _at(document, 0) if one["agent"] == "a0"][::20]:
        one["end"] = one["start"] + 6
    assert [issue.rule for issue in judged(document, planning=planning).issues] == ["load-latency"]
    for n in range(2000):
        _at(document, 0).append(
            {"agent": "a1", "start": BEGUN + 2, "end": BEGUN + 2 + n / 1e6, "ok": False, "tries": 1}
        )
    assert "load-latency" in [issue.rule for issue in judged(document, planning=planning).issues]


def test_an_issue_is_the_same_within_a_band_and_another_beyond_it() -> None:
    def issue(errors: int) -> str:
        document = honest()
        for one in _at(document, 0)[:errors]:
            one["ok"] = False
        return judged(document).issues[0].digest

    assert issue(6) == issue(9)
    assert issue(6) != issue(40)


def test_the_command_that_fails_because_of_a_limit_is_explained_by_it_and_no_other_is() -> None:
    document = honest()
    assert judged(document, state="failed", code=1).state == "failed"
    assert judged(document, state="timeout", code=None).state == "timeout"
    for one in _at(document, 0)[:50]:
        one["ok"] = False
    assert judged(document, state="failed", code=1).state == "passed"
    assert judged(document, state="timeout", code=None).state == "timeout"


def test_without_a_file_or_a_readable_one_nothing_is_shown() -> None:
    assert assess(material("load", Ran())).state == "missing"
    for data in (b"", b"{", b"[]", b"\xff", b"0.00%", b"agents,agent\n1,2\n", json.dumps({"schema": "x"}).encode()):
        found = judged(data)
        assert found.state == "missing", data
        assert found.findings


def test_no_plan_means_the_reference_and_half_a_criterion_keeps_its_level() -> None:
    found = judged(honest(), planning=plan("Nothing of the kind"))
    assert "nothing was measured at 10 agents; nothing was measured at 50 agents" in found.reason
    assert found.threshold == 0.05
    half = judged(honest(), planning=plan("7 agents: < 3s p99 latency"))
    assert "nothing was measured at 7 agents" in half.reason


# --- CSV ---------------------------------------------------------------------------------------


def as_csv(document: dict[str, Any], *, simulated: bool = False) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    names = ["agent", "start", "end", "ok", "tries"]
    writer.writerow(["agents", *names, *(["simulated"] if simulated else [])])
    for one in document["levels"]:
        for request in one["requests"]:
            cells = [json.dumps(request[name]).strip('"') for name in names]
            writer.writerow([one["agents"], *cells, *(["true"] if simulated else [])])
    return out.getvalue().encode()


def test_csv_says_the_same_as_json() -> None:
    document = honest()
    _at(document, 0)[3]["tries"] = 2
    one, other = judged(document), judged(as_csv(document))
    assert one == other
    assert judged(as_csv(honest())).state == "passed"
    assert judged(as_csv(honest(), simulated=True)).state == "rehearsed"


@pytest.mark.parametrize("cell", ["maybe", "", "TRUE "])
def test_a_cell_that_is_no_answer_is_found_with_its_line(cell: str) -> None:
    lines = as_csv(honest()).decode().splitlines()
    lines[4] = lines[4].replace("true", cell)
    found = judged("\n".join(lines).encode())
    if cell.strip().lower() == "true":
        assert found.state == "passed"
    else:
        assert found.state == "missing"
        assert found.findings[0].at[0].line == 5


@pytest.mark.parametrize("cut", [1, 40])
def test_a_table_that_ends_in_the_middle_is_not_whole(cut: int) -> None:
    data = as_csv(honest()).rstrip()
    assert judged(data).state == "passed"
    assert judged(data[:-cut] if cut > 1 else data + b"\n6").state == "missing"


# --- the fleet's own record --------------------------------------------------------------------

FLEET = (GOLDEN / "fleet.json").read_bytes()
"""Written by ``radeng load --agents 2,3 --turn-seconds 0,0.01``; its times moved into the envelope's."""

FLEET_PLAN = plan("2 agents: < 1% error rate, < 5s p99 latency", "3 agents: < 2% error rate, < 5s p99 latency")


def fleet(edit: Edit | None = None) -> Assessment:
    document = json.loads(FLEET)
    if edit:
        edit(document)
    return judged(document, planning=FLEET_PLAN)


def test_the_record_of_our_own_fleet_passes() -> None:
    found = fleet()
    assert (found.state, found.issues, found.reason) == ("passed", (), "")
    assert found.measured == upper_bound(0, 300)


def _set(*steps: str | int, to: object) -> Edit:
    def edit(document: Any) -> None:
        for step in steps[:-1]:
            document = document[step]
        document[steps[-1]] = to

    return edit


@pytest.mark.parametrize(
    ("edit", "state", "words"),
    [
        (_set("within", to=False), "failed", "conclusions are not those"),
        (_set("levels", 0, "shortfalls", to=["x"]), "failed", "conclusions are not those"),
        (_set("levels", 0, "error_bound", to=0.001), "failed", "the error bound is not that of 0 errors of 300"),
        (_set("levels", 0, "peak_agents", to=1), "failed", "at most 1 were at work"),
        (_set("levels", 0, "agents", to=4), "failed", "nothing was measured at 2 agents"),
        (_set("levels", 0, "tries", to=3), "failed", "300 turns were answered with 3 tries"),
        (_set("levels", 0, "tokens", "input", to=1), "failed", "were counted"),
        (_set("at", to="2026-10-01T00:00:00.000Z"), "failed", "outside of the command's own time"),
        (_set("at", to="soon"), "missing", "no record of `radeng load`"),
        (_set("levels", 0, "latency", to=7), "missing", "holds no load test"),
        (_set("levels", to=[]), "missing", "holds no load test"),
        (_set("unheard", to=1), "missing", "holds no load test"),
    ],
)
def test_an_edited_record_of_the_fleet_is_none(edit: Edit, state: State, words: str) -> None:
    found = fleet(edit)
    assert found.state == state
    assert words in "; ".join((found.reason, *(finding.message for finding in found.findings)))


def test_a_retry_of_the_fleet_that_no_laid_fault_explains_is_an_error() -> None:
    found = fleet(_set("levels", 0, "tries", to=314))
    assert [issue.rule for issue in found.issues] == ["load-error-rate"]
    assert "4 of 300" in found.issues[0].message


# --- the recount -------------------------------------------------------------------------------

LIMIT = Limit(agents=3, error_rate=0.1, p99_s=3.0)


def _request(agent: str, start: int, length: int, ok: bool, tries: int) -> Request:
    return Request(agent, start, start + length, ok, tries)


requests_strategy = st.lists(
    st.builds(
        _request,
        st.sampled_from("abcd"),
        st.integers(0, 12),
        st.integers(1, 6),
        st.booleans() | st.just(True),
        st.integers(1, 2) | st.just(1),
    ),
    max_size=30,
)


@given(requests_strategy, st.integers(1, 4), st.integers(0, 3))
def test_the_recount_is_that_of_looking_at_every_moment(requests: list[Request], agents: int, pause: int) -> None:
    found = shown(TargetLevel(agents, 1, requests), "f", float(pause))
    assert found.errors == len([one for one in requests if not (one.ok and one.tries == 1)])
    assert found.distinct == len({one.agent for one in requests})
    # Times are whole seconds, so the moments in their middles are all that differ.
    moments = [t + 0.5 for t in range(20)]
    in_flight = [len({one.agent for one in requests if one.start < t < one.end}) for t in moments]
    assert found.peak == max(in_flight)
    if requests:
        first, last = min(one.start for one in requests), max(one.end for one in requests)

        def works(agent: str, t: float) -> bool:
            own = [one for one in requests if one.agent == agent]
            if any(one.start < t < one.end for one in own):
                return True
            before = [one.end for one in own if one.end < t]
            after = [one.start for one in own if one.start > t]
            return bool(before and after) and min(after) - max(before) <= pause

        inside = [t for t in moments if first < t < last]
        full = sum(sum(works(agent, t) for agent in "abcd") >= agents for t in inside)
        assert math.isclose(found.held or 0.0, full / (last - first))
    lengths = sorted(one.end - one.start for one in requests if one.ok)
    every = sorted(one.end - one.start for one in requests)
    if lengths:
        rank = [values[math.ceil(0.99 * len(values)) - 1] for values in (lengths, every)]
        assert found.p99_s == max(rank)


@given(st.integers(0, 60), st.integers(1, 600))
def test_only_a_bound_below_the_limit_is_a_pass(errors: int, calls: int) -> None:
    """No rounding of a rate can open the gate: what passes is below the limit by its exact bound."""
    errors = min(errors, calls)
    requests = [Request(f"a{n % 3}", n // 3, n // 3 + 0.9, n >= errors, 1) for n in range(calls)]
    found = shown(TargetLevel(3, 1, requests), "f", 1.0)
    told = [words for _, words in states(found, LIMIT, 0.5) if "error" in words]
    exceeded = [issue.rule for issue in issues(found, LIMIT) if issue.rule == "load-error-rate"]
    assert (not told and not exceeded) == (upper_bound(errors, calls) < LIMIT.error_rate)
    assert bool(exceeded) == (errors / calls >= LIMIT.error_rate)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["schema", "levels", "requests", "agents", "agent", "ok", "tries", "start", "end", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(json_values, st.binary(max_size=200))
def test_no_bytes_end_in_a_traceback(value: object, noise: bytes) -> None:
    wrapped = json.dumps({"schema": SCHEMA, "simulated": False, "levels": [value]}).encode()
    table = b"agents,agent,start,end,ok,tries\n" + noise
    for data in (json.dumps(value).encode(), wrapped, noise, table, FLEET[:150] + noise):
        load, findings = read_target_load(data, "f")
        assert findings or (load is not None and load.whole)
        assert judged(data).state != "passed"
