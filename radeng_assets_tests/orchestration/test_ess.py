"""The code index in the lineage: a snapshot a wave, its checks asked again, and what the verdict makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from radeng_assets.ess.reader import Reader
from radeng_assets.ess.snapshot import Snapshot
from radeng_assets.orchestration.assets.ess_checks import pinned
from radeng_assets.orchestration.build import build_defs
from radeng_assets.orchestration.site import Site
from radeng_assets.planning.snapshot import served_plan
from radeng_assets.readiness.bundle import write_bundle
from radeng_assets.readiness.judge import judge
from radeng_assets.readiness.verdict import CriterionVerdict, Verdict
from radeng_assets.settings import Settings
from radeng_assets_tests.ess.loopback import KEY, Answer, LoopbackGateway, health, http, match, reply
from radeng_assets_tests.ess.targets import sound_target
from radeng_assets_tests.folders import commit, write_folder
from radeng_assets_tests.instances import new_instance

SNAPSHOT = dg.AssetKey("ess_index_snapshot")
GOOD = http(200, reply(match("ring.py", 1, 3)))
WARN, ERROR = dg.AssetCheckSeverity.WARN, dg.AssetCheckSeverity.ERROR


class World:
    """One plan, one home, one instance; a site anew for every question, as every process has it."""

    def __init__(self, folder: Path, plan: Path, target: Path | None, url: str | None = None) -> None:
        self.folder, self.plan, self.target, self.url = folder, plan, target, url
        self.instance = new_instance()

    @property
    def site(self) -> Site:
        home = self.folder / "home"
        target = str(self.target) if self.target else None
        settings = Settings(plan_dir=self.plan, home=home, target_repo=target, ess_url=self.url)
        return Site(settings, served_plan(self.plan, home, {}))

    def snapshot(self, wave: str) -> dg.ExecuteInProcessResult:
        """The wave's snapshot and its checks, as the wave's run makes them."""
        job = dg.define_asset_job("one", selection=dg.AssetSelection.assets(SNAPSHOT))
        return self._run(job, partition_key=wave)

    def ask(self, *checks: str) -> dict[str, tuple[bool, dg.AssetCheckSeverity, str]]:
        """The checks alone, as a person runs them from the page."""
        keys = [dg.AssetCheckKey(SNAPSHOT, name) for name in checks]
        return evaluations(self._run(dg.define_asset_job("ask", selection=dg.AssetSelection.checks(*keys))))

    def readiness(self) -> CriterionVerdict:
        """The criterion after the readiness job."""
        defs = build_defs(self.site)
        result = defs.resolve_job_def("readiness_job").execute_in_process(instance=self.instance)
        return criterion(result.asset_value("production_readiness"))

    def _run(self, job: Any, **kwargs: Any) -> dg.ExecuteInProcessResult:
        defs = dg.Definitions.merge(build_defs(self.site), dg.Definitions(jobs=[job]))
        return defs.resolve_job_def(job.name).execute_in_process(instance=self.instance, **kwargs)


def criterion(verdict: Verdict) -> CriterionVerdict:
    return {item.id: item for item in verdict.criteria}["ess_integration"]


def evaluations(result: dg.ExecuteInProcessResult) -> dict[str, tuple[bool, dg.AssetCheckSeverity, str]]:
    return {
        found.check_name: (found.passed, found.severity, found.description or "")
        for found in result.get_asset_check_evaluations()
    }


def metadata(result: dg.ExecuteInProcessResult) -> Mapping[str, Any]:
    (event,) = result.asset_materializations_for_node("ess_index_snapshot")
    return {name: value.value for name, value in event.metadata.items()}


@pytest.fixture
def world(tmp_path: Path, plan_folder: Path) -> World:
    return World(tmp_path, plan_folder, sound_target(tmp_path / "target"))


def test_a_waves_snapshot_says_what_is_indexed_and_how_far_it_can_be_trusted(world: World) -> None:
    assert world.target is not None
    result = world.snapshot("wave-1")
    head = world.site.campaign.standing()
    assert head is not None
    shown = metadata(result)
    assert (shown["source"], shown["commit"]) == ("embedded", head.commit)
    assert (shown["files"], shown["symbols"]) == (4, 7)
    assert isinstance(shown["veracity"], float)  # which is what the page plots over the waves
    assert shown["veracity"] >= 85
    assert {row.data["at"] for row in shown["faults"].records} == {"counter.py:1", "docs/use.md:1"}
    assert shown["more_faults"] == 0
    assert {row.data["what"] for row in shown["counts"].records} >= {
        "files",
        "lines",
        "symbols",
        "faults: ORPHANED_NODE",
    }
    assert {name: passed for name, (passed, _, _) in evaluations(result).items()} == {
        "fresh": True,
        "veracity": True,
        "model_pin": True,
        "reachable": True,
    }
    value = result.asset_value(SNAPSHOT)
    assert isinstance(value, Snapshot)
    assert world.site.home.snapshot("wave-1").is_file()
    report = world.site.case().reports["ess"]
    assert (report.state, report.commit) == ("passed", head.commit)


def test_many_faults_are_counted_and_the_worst_listed(world: World) -> None:
    assert world.target is not None
    lonely = "\n".join(f"def lonely_{number}():\n    pass\n" for number in range(70))
    (world.target / "lonely.py").write_text(lonely, encoding="utf-8")
    commit(world.target, "Add what nobody calls")
    result = world.snapshot("wave-1")
    shown = metadata(result)
    assert len(shown["faults"].records) == 50
    assert shown["more_faults"] == 72 - 50
    passed, severity, words = evaluations(result)["veracity"]
    assert (passed, severity) == (False, ERROR)
    assert "at least 85" in words


def test_fresh_turns_red_when_head_moves_on_and_is_asked_again(world: World) -> None:
    assert world.target is not None
    world.snapshot("wave-1")
    assert world.ask("fresh")["fresh"][:2] == (True, ERROR)
    (world.target / "ring.py").write_text("", encoding="utf-8")
    commit(world.target, "Take the ring away")
    passed, severity, words = world.ask("fresh")["fresh"]
    assert (passed, severity) == (False, ERROR)
    assert "ring.py" in words
    # The other wave's snapshot is of the new commit, and it is the latest.
    assert evaluations(world.snapshot("wave-2"))["fresh"][0]
    assert world.ask("fresh")["fresh"][0]


def test_a_verdict_about_a_newer_commit_calls_the_snapshot_stale(world: World) -> None:
    assert world.target is not None
    world.snapshot("wave-1")
    (world.target / "counter.py").write_text("def count(n):\n    return 1 + n\n", encoding="utf-8")
    commit(world.target, "Count the other way round")
    stale = criterion(judge(world.site.case()))
    assert (stale.status, stale.evidence) == ("stale", ())
    assert "since then counter.py changed" in stale.reason
    # The readiness job shows both branches on the commit that the verdict is about.
    verified = world.readiness()
    assert verified.status == "verified"


def test_nothing_was_indexed_yet_is_no_pass(world: World) -> None:
    found = world.ask("fresh", "veracity", "model_pin", "reachable")
    assert {name: found[name][:2] for name in ("fresh", "veracity", "model_pin")} == {
        "fresh": (False, WARN),
        "veracity": (False, WARN),
        "model_pin": (False, WARN),
    }
    assert found["reachable"][0]  # no gateway is configured, which is a choice


def test_a_rehearsal_is_missing_and_passes_nothing(tmp_path: Path, plan_folder: Path) -> None:
    world = World(tmp_path, plan_folder, None)
    result = world.snapshot("wave-1")
    assert metadata(result)["state"] == "missing"
    assert "veracity" not in metadata(result)
    assert {found[:2] for found in evaluations(result).values()} == {(False, WARN)}
    assert len(evaluations(result)) == 4
    found = world.readiness()
    assert (found.status, found.evidence) == ("unverified", ())
    assert not list(world.site.home.ledger.entries("report"))


def test_other_releases_of_the_grammars_break_the_pin() -> None:
    installed = Reader.installed()
    snapshot = Snapshot(state="passed", reason="", reader=installed)
    assert pinned(snapshot, installed).passed
    assert "no embedding model is used" in (pinned(snapshot, installed).description or "")
    grammars = {**installed.grammars, "tree-sitter": "0.0.1"}
    moved = pinned(snapshot, installed.model_copy(update={"grammars": grammars}))
    assert not moved.passed
    assert "now 0.0.1" in (moved.description or "")


# --- with a gateway ----------------------------------------------------------------------------


def test_the_verdict_moves_with_the_gateway(tmp_path: Path, plan_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Up: both branches shown. Degraded, refusing, away: not verified, whatever the fallback does."""
    policy = "ess:\n  gateway: {tries: 1}\n"
    (plan_folder / "readiness.yaml").write_text(policy, encoding="utf-8")
    monkeypatch.setenv("RADENG_ESS_API_KEY", KEY)
    answers: dict[str, Answer] = {"/health": http(200, health()), "/query": GOOD}
    with LoopbackGateway(lambda request: answers[request.path], key=KEY) as gateway:
        world = World(tmp_path, plan_folder, sound_target(tmp_path / "target"), gateway.url)
        result = world.snapshot("wave-1")
        assert metadata(result)["source"] == "gateway"
        assert evaluations(result)["reachable"][0]
        found = world.readiness()
        assert found.status == "verified"
        store = world.site.home.store
        envelopes = [store.get_envelope(digest) for digest in found.evidence]
        assert [(one.kind, one.state) for one in envelopes] == [
            ("ess:service_up", "passed"),
            ("ess:service_down", "passed"),
        ]
        answers["/health"] = http(207, health("degraded", neo4j="error"))
        passed, _, words = world.ask("reachable")["reachable"]
        assert not passed
        assert "neo4j" in words
        found = world.readiness()
        assert found.status == "unverified"
        assert "degraded: neo4j" in found.reason
        answers["/health"] = http(200, health())
        answers["/query"] = http(200, reply(status="unavailable"))
        assert world.readiness().status == "unverified"
        answers["/query"] = GOOD
        monkeypatch.setenv("RADENG_ESS_API_KEY", "another")
        refused = world.readiness()
        assert refused.status == "unverified"
        assert "does not take the key" in refused.reason
        monkeypatch.setenv("RADENG_ESS_API_KEY", KEY)
        assert world.readiness().status == "verified"
    assert world.readiness().status == "unverified"
    assert not world.ask("reachable")["reachable"][0]
    observed = world.instance.fetch_observations(SNAPSHOT, limit=1).records[0].asset_observation
    assert observed is not None
    assert observed.metadata["gateway_health"].value == "unreachable"
    # Whoever takes the gateway out of the configuration degrades on purpose.
    world.url = None
    assert world.ask("reachable")["reachable"][0]
    assert world.readiness().status == "verified"
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not [path for path in kept if KEY.encode() in path.read_bytes()]


def test_the_bundle_holds_what_the_criterion_cites(world: World, tmp_path: Path) -> None:
    site = world.site
    assert world.readiness().status == "verified"
    docket = site.docket()
    verdict = judge(docket.case())
    bundle = tmp_path / "bundle.zip"
    write_bundle(bundle, verdict, docket, plan=site.home.plan(verdict.plan.digest), store=site.home.store)
    data = bundle.read_bytes()
    assert criterion(verdict).evidence
    for digest in criterion(verdict).evidence:
        assert digest.removeprefix("sha256:").encode() in data


# --- phases ------------------------------------------------------------------------------------


def test_a_story_that_waits_for_a_phase_says_so_on_its_node(tmp_path: Path) -> None:
    plan = write_folder(tmp_path / "plan")
    status = "| Phase | Status | Blocks |\n|---|---|---|\n| 1: Parser | PENDING | A-2 |\n"
    (plan / "INTEGRATION-STATUS.md").write_text(status, encoding="utf-8")
    defs = build_defs(World(tmp_path, plan, None).site)
    specs = {spec.key.to_user_string(): spec for spec in defs.resolve_all_asset_specs()}
    words = "waits for phase 1 (Parser): it is PENDING"
    assert specs["story/A_2"].metadata["waits"] == words
    assert f"It {words}." in (specs["story/A_2"].description or "")
    assert "waits" not in specs["story/A_1"].metadata
