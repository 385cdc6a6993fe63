"""What a report's asset shows in the web UI: numbers that it plots over the waves, and tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import dagster as dg
import pytest

from radeng_assets.home import Home
from radeng_assets.orchestration.assets.reports import report_assets
from radeng_assets.orchestration.site import Site
from radeng_assets.readiness.policy import Policy
from radeng_assets.readiness.reports.assessment import Assessment
from radeng_assets_tests.instances import new_instance
from radeng_assets_tests.readiness.reports.coverages import Measured, hits, lcov

WAVES = ("wave-1", "wave-2")


@dataclass
class MeasuredSite:
    """Stands for a site whose case holds one coverage report."""

    assessment: Assessment
    policy: Policy = field(default_factory=Policy)

    def measure(self, report: str, session: str, occasion: str) -> None:
        """Nothing is left to measure."""

    def case(self) -> SimpleNamespace:
        return SimpleNamespace(reports={"coverage": self.assessment})


def test_coverage_is_plotted_over_waves() -> None:
    with new_instance() as instance:
        for wave, covered in zip(WAVES, (79, 81), strict=True):
            assessment = Measured().leaving({("coverage", "l"): lcov({"src/a.py": hits(100, covered)})}).assess()
            site = cast("Site", MeasuredSite(assessment))
            coverage = report_assets(site, dg.StaticPartitionsDefinition(WAVES))[0]
            done = dg.materialize(
                [coverage], partition_key=wave, instance=instance, resources={"io_manager": dg.mem_io_manager}
            )
            metadata = done.asset_materializations_for_node("coverage_report")[0].metadata
            assert metadata["measured"] == dg.FloatMetadataValue(covered / 100)
            assert metadata["threshold"] == dg.FloatMetadataValue(0.8)
            assert (metadata["covered"], metadata["total"]) == (dg.IntMetadataValue(covered), dg.IntMetadataValue(100))
            assert {"overall", "modules", "stories"} < metadata.keys()
            checks = done.get_asset_check_evaluations()
            assert [check.passed for check in checks] == [covered >= 80]


def test_a_halt_ends_a_report_in_order_and_shows_nothing(
    plan_folder: Path, target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    for name, value in (("PLAN_DIR", plan_folder), ("TARGET_REPO", target), ("HOME", home), ("AGENT", "none")):
        monkeypatch.setenv(f"RADENG_{name}", str(value))
    Home(home).prepare()
    site = Site.current()
    documentation = next(
        asset
        for asset in report_assets(site, dg.StaticPartitionsDefinition(WAVES))
        if asset.key == dg.AssetKey("documentation_report")
    )

    def shown() -> tuple[bool, str | None]:
        done = dg.materialize([documentation], resources={"io_manager": dg.mem_io_manager})
        (check,) = done.get_asset_check_evaluations()
        return check.passed, check.description

    site.home.stop.pull("lunch")
    passed, halted = shown()
    assert not passed
    site.home.stop.lift()
    passed, measured = shown()
    assert (passed, measured != halted) == (False, True)
    assert [entry.body["report"] for entry in site.home.ledger.entries("measurement")] == ["documentation"]
