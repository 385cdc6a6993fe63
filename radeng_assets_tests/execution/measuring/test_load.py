"""``radeng:load`` runs the real fleet and leaves its record."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from radeng_assets.execution.load import run
from radeng_assets.execution.load.limits import Limit
from radeng_assets.execution.measuring import load
from radeng_assets.readiness.reports.load import assess
from radeng_assets_tests.execution.measuring.scenes import Site
from radeng_assets_tests.readiness.reports.materials import Ran, material


def test_the_fleet_runs_and_its_record_is_read(tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "REFERENCE", (Limit(agents=2, error_rate=0.5, p99_s=60.0),))
    calm = {"fastest_s": 0.0, "slowest_s": 0.0, "throttled": 0.0, "resets": 0.0}
    monkeypatch.setattr(load, "TERMS", load.TERMS.model_copy(update=calm))
    site = Site(target, tmp_path / "home")
    (envelope,) = site.measure("load", "radeng:load 2")
    assert (envelope.state, envelope.reason) == ("passed", "")
    (data,) = site.files(envelope, "load").values()
    assert [level["agents"] for level in json.loads(data)["levels"]] == [2]
    found = assess(material("load", Ran({("load", "load.json"): data})))
    # The reference's numbers of agents were not reached, and the record is not of the hand-made command's time.
    assert "nothing was measured at 100 agents" in found.reason
    assert [row[1:6] for row in found.tables[0].rows] == [(2, 20, 0, 0, 20)]
    assert found.findings == ()


@pytest.mark.parametrize("words", ["many", "10,", "0", "1001", "10 50", "-1"])
def test_what_names_no_agents_cannot_run(tmp_path: Path, target: Path, words: str) -> None:
    (envelope,) = Site(target, tmp_path / "home").measure("load", f"radeng:load {words}")
    assert envelope.state == "no_runner"
    assert words in envelope.reason
