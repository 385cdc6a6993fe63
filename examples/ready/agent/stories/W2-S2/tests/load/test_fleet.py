import json

import pytest

from load.__main__ import main
from load.fleet import sent_out


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr("load.__main__.LETTERS", {10: 1})
    monkeypatch.setattr("load.fleet.LETTERS", {10: 1})


def test_every_request_of_every_agent_is_on_record():
    requests = sent_out(3, 2)
    assert len(requests) >= 3 * (1 + 2 * 2 + 1)
    assert {request.agent for request in requests} == {"agent-0", "agent-1", "agent-2"}
    assert all(request.ok and request.end >= request.start for request in requests)


def test_the_whole_fleet_is_there_at_once_from_the_first_to_the_last():
    requests = sent_out(10, 1)
    first = {request.agent: request for request in reversed(requests)}.values()
    last = {request.agent: request for request in requests}.values()
    for those in (first, last):
        assert max(request.start for request in those) < min(request.end for request in those)


def test_a_report_holds_what_was_sent(few, tmp_path):
    assert main(["10", "--out", str(tmp_path / "load.json")]) == 0
    report = json.loads((tmp_path / "load.json").read_text("utf-8"))
    assert [level["agents"] for level in report["levels"]] == [10]
    assert len(report["levels"][0]["requests"]) >= 40


@pytest.mark.parametrize(("rate", "code"), [(0.01, 0), (0.0, 1)])
def test_it_says_whether_the_limits_hold(few, monkeypatch, rate, code):
    monkeypatch.setattr("load.__main__.LIMITS", {10: (rate, 5.0)})
    assert main(["10"]) == code
