"""The page in a real browser: lineage by wave, a wave materialized by clicking, a broken edit survived."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from radeng_assets.database import ADDRESS
from radeng_assets.distribution import bundled
from radeng_assets_tests.conftest import ARTIFACTS
from radeng_assets_tests.ess.targets import sound_target
from radeng_assets_tests.folders import commit, self_editing_folder
from radeng_assets_tests.postgres_server import beside
from radeng_assets_tests.web.pages import ask, materialize
from radeng_assets_tests.web.server import web_ui


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plan") / "rad-engineer-v2"
    shutil.copytree(bundled("plans") / "rad-engineer-v2", folder)
    return folder


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, plan: Path) -> Iterator[str]:
    home = tmp_path_factory.mktemp("ui") / "home"
    ARTIFACTS.mkdir(exist_ok=True)
    with web_ui(plan, home, ARTIFACTS / "web-ui.log") as where:
        yield where


def test_the_lineage_shows_documents_waves_evidence_and_readiness(page: Page, address: str) -> None:
    page.goto(f"{address}/asset-groups")
    for group in ("documents", "waves", "wave_1", "wave_6", "ui_integration", "evidence"):
        expect(page.get_by_text(group, exact=True).first).to_be_visible()
    expect(page.get_by_text("readiness", exact=True).first).to_be_visible()
    page.screenshot(path=ARTIFACTS / "lineage.png")


def test_a_wave_is_materialized_from_the_page(page: Page, address: str) -> None:
    materialize(page, address, "story_outputs", "wave-1")
    page.goto(f"{address}/locations/radeng_assets/asset-groups/wave_1")
    expect(page.get_by_text("W1_S1").first).to_be_visible()
    expect(page.get_by_text("ago").first).to_be_visible()
    page.screenshot(path=ARTIFACTS / "wave-1.png")


def test_the_audit_page_shows_findings_by_family(page: Page, address: str) -> None:
    materialize(page, address, "plan_audit")
    page.goto(f"{address}/assets/plan_audit?view=checks&checkDetail=judgement")
    expect(page.get_by_text("Failed", exact=False).first).to_be_visible()
    page.goto(f"{address}/assets/plan_audit?view=events")
    expect(page.get_by_text("by_family").first).to_be_visible()
    page.screenshot(path=ARTIFACTS / "plan-audit.png")


def test_a_broken_edit_leaves_the_page_up_with_a_failing_check(page: Page, address: str, plan: Path) -> None:
    document = plan / "EXECUTION-PLAN.yaml"
    text = document.read_text(encoding="utf-8")
    document.write_text(text.replace("  - id: wave-2", "  id: wave-2", 1), encoding="utf-8")
    reload = """mutation ($name: String!) {
      reloadRepositoryLocation(repositoryLocationName: $name) {
        __typename ... on WorkspaceLocationEntry { loadStatus }
      }
    }"""
    answer = ask(address, reload, name="radeng_assets")["reloadRepositoryLocation"]
    assert answer["__typename"] == "WorkspaceLocationEntry"
    materialize(page, address, "execution_plan")
    page.goto(f"{address}/assets/execution_plan?view=checks&checkDetail=served_as_written")
    expect(page.get_by_text("yaml-broken").first).to_be_visible()
    page.screenshot(path=ARTIFACTS / "broken-edit.png")
    # All seven waves are still served.
    page.goto(f"{address}/asset-groups")
    expect(page.get_by_text("wave_2", exact=True).first).to_be_visible()


@dataclass(frozen=True)
class Verifying:
    """A web UI over a target, with a plan whose first proof rewrites it (to ``edited``)."""

    address: str
    plan: Path
    edited: str
    home: Path
    target: Path


@pytest.fixture(scope="module")
def verifying(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Verifying]:
    root = tmp_path_factory.mktemp("verifying")
    plan, edited = self_editing_folder(root)
    target, home = sound_target(root / "target"), root / "home"
    ARTIFACTS.mkdir(exist_ok=True)
    flags = ("--target", str(target), "--agent", "none")
    with pytest.MonkeyPatch.context() as patch:
        if url := os.environ.get(ADDRESS):
            # The other service is still up, and would carry out the runs of this one: what is queued is anybody's.
            patch.setenv(ADDRESS, beside(url))
        with web_ui(plan, home, ARTIFACTS / "web-ui-edit.log", *flags) as address:
            yield Verifying(address, plan, edited, home, target)


def test_a_run_from_the_page_keeps_the_plan_that_it_started_with(page: Page, verifying: Verifying) -> None:
    """The first story's own proof rewrites the plan while the run is on."""
    materialize(page, verifying.address, "story_outputs", "wave-1")
    assert (verifying.plan / "EXECUTION-PLAN.yaml").read_text("utf-8") == verifying.edited
    value = json.loads((verifying.home / "assets" / "story_outputs" / "wave-1.json").read_text("utf-8"))
    assert [story["story"] for story in value["stories"]] == ["A-1", "A-2"]


def test_the_snapshots_page_shows_tables_a_plot_over_waves_and_turns_red_when_head_moves_on(
    page: Page, verifying: Verifying
) -> None:
    address, target = verifying.address, verifying.target
    asset = f"{address}/assets/ess_index_snapshot"
    materialize(page, address, "ess_index_snapshot", "wave-1")
    (target / "alone.py").write_text("def alone():\n    return 1\n", encoding="utf-8")
    commit(target, "Add what nobody calls")
    materialize(page, address, "ess_index_snapshot", "wave-2")

    page.goto(f"{asset}?partition=wave-2&view=partitions")
    for words in ("not configured", "symbols", "faults: ORPHANED_NODE", "alone.py:1", "counter.py:1"):
        expect(page.get_by_text(words, exact=False).first).to_be_visible()
    page.screenshot(path=ARTIFACTS / "snapshot.png")

    plotted = plot_of(address, "veracity")
    assert plotted.keys() == {"wave-1", "wave-2"}
    assert plotted["wave-1"] > plotted["wave-2"] >= 85
    page.goto(f"{asset}?view=overview")
    page.get_by_text("Plots", exact=True).click()
    expect(page.get_by_text("veracity", exact=True).first).to_be_visible()
    expect(page.locator("canvas").first).to_be_visible()
    page.screenshot(path=ARTIFACTS / "snapshot-plots.png")

    page.goto(f"{asset}?view=checks&checkDetail=fresh")
    expect(page.get_by_text("Passed", exact=True).first).to_be_visible()
    (target / "ring.py").write_text("", encoding="utf-8")
    commit(target, "Take the ring away")
    page.get_by_text("Execute", exact=True).click()
    expect(page.get_by_text("changed since").first).to_be_visible()
    expect(page.get_by_text("ring.py").first).to_be_visible()
    expect(page.get_by_text("Failed", exact=True).first).to_be_visible()
    page.screenshot(path=ARTIFACTS / "snapshot-stale.png")


def plot_of(address: str, name: str) -> dict[str, float]:
    """The numbers that the page plots of a metadata entry of the snapshot: the latest of each wave."""
    query = """{ assetNodeOrError(assetKey: {path: ["ess_index_snapshot"]}) { ... on AssetNode {
      assetMaterializations { partition timestamp metadataEntries { label ... on FloatMetadataEntry { floatValue } } }
    } } }"""
    events = ask(address, query)["assetNodeOrError"]["assetMaterializations"]
    return {
        event["partition"]: entry["floatValue"]
        for event in sorted(events, key=lambda event: float(event["timestamp"]))
        for entry in event["metadataEntries"]
        if entry["label"] == name
    }
