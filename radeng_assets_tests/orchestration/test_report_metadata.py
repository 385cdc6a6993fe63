"""What a report's asset shows in the web UI: numbers that it plots over the waves, and tables."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import cast

import dagster as dg

from radeng_assets.orchestration.assets.reports import report_assets
from radeng_assets.orchestration.site import Site
from radeng_assets.readiness.reports.assessment import Assessment
from radeng_assets_tests.readiness.reports.coverages import Measured, hits, lcov

WAVES = ("wave-1", "wave-2")


@dataclass
class MeasuredSite:
    """Stands for a site whose case holds one coverage report."""

    assessment: Assessment

    def measure(self, report: str, session: str, occasion: str) -> None:
        """Nothing is left to measure."""

    def case(self) -> SimpleNamespace:
        return SimpleNamespace(reports={"coverage": self.assessment})


def test_coverage_is_plotted_over_waves() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
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
