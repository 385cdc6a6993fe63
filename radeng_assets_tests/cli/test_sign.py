"""``radeng sign``: a person's decision over what the evidence shows, on a real home, target and plan."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from radeng_assets.cli.app import app
from radeng_assets.cli.sign import AGENT_VARIABLES
from radeng_assets.evidence.ledger import Ledger
from radeng_assets.orchestration.site import Site
from radeng_assets.planning.folder import read_sources
from radeng_assets.planning.snapshot import PIN, pin_plan
from radeng_assets.readiness.judge import judge
from radeng_assets.readiness.verdict import Verdict
from radeng_assets.settings import Settings
from radeng_assets_tests.evidence.test_ssh_signature import line, make_key
from radeng_assets_tests.folders import commit, make_target
from radeng_assets_tests.processes import radeng_json
from radeng_assets_tests.readiness.cases import write_plan

ADA = ("--role", "stakeholder", "--name", "Ada", "--decision", "approve")


@dataclass
class Place:
    """A plan, a target and a home with a verdict."""

    plan: Path
    target: Path
    home: Path

    @property
    def settings(self) -> dict[str, str]:
        return {"RADENG_PLAN_DIR": str(self.plan), "RADENG_TARGET_REPO": str(self.target), "RADENG_AGENT": "none"}

    def verdict(self) -> Verdict:
        """The verdict as of now."""
        settings = Settings(home=self.home, plan_dir=self.plan, target_repo=str(self.target), agent="none")
        return judge(Site(settings, pin_plan(read_sources(self.plan), self.home, {})).case())

    def judged(self) -> Place:
        """With a last verdict, as a run leaves it."""
        stored = self.home / "assets" / "production_readiness.json"
        stored.parent.mkdir(parents=True, exist_ok=True)
        stored.write_text(self.verdict().model_dump_json(), encoding="utf-8")
        return self

    def sign(self, *args: str | Path) -> tuple[int, str]:
        """(exit code, all output) of ``radeng sign`` in this process."""
        os.environ.pop(PIN, None)
        done = CliRunner().invoke(app, ["sign", "--home", str(self.home), *map(str, args)], env=self.settings)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, " ".join(done.output.split())

    @property
    def records(self) -> list[dict[str, Any]]:
        return [entry.body for entry in Ledger(self.home / "ledger.jsonl").entries("signoff")]


@pytest.fixture(autouse=True)
def environment() -> Iterator[None]:
    """The command line tells later processes its settings through the environment; not later tests."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(write_plan(tmp_path / "plan"), make_target(tmp_path / "target"), tmp_path / "home").judged()


def test_a_decision_is_recorded_and_shown(place: Place, tmp_path: Path) -> None:
    before = place.verdict().headline
    code, document = radeng_json("sign", *ADA, "--home", place.home, cwd=tmp_path, **place.settings)
    assert code == 0
    assert document["schema"] == "radeng/signoff/v1"
    assert (document["signoff"]["state"], document["signoff"]["signed"]) == ("valid", False)
    assert document["before"] == before
    assert document["after"] == place.verdict().headline != before
    assert place.verdict().criteria[-1].status == "verified"
    (body,) = place.records
    assert body["evidence_set"]["target"]["commit"] == place.verdict().target.commit  # pyright: ignore[reportOptionalMemberAccess]


def test_it_says_what_was_signed_and_a_change_voids_it(place: Place) -> None:
    code, said = place.sign(*ADA)
    assert code == 0
    assert "Ada approved sha256:" in said
    (place.target / "counter.py").write_text("def count(n):\n    return n + 2\n", encoding="utf-8")
    commit(place.target, "Count faster")
    found = place.verdict().criteria[-1]
    assert found.status == "stale"
    assert found.reason.startswith("VOID: since Ada signed as stakeholder on ")
    assert "counter.py of the target changed" in found.reason


def test_a_key_signs(place: Place, tmp_path: Path) -> None:
    key, other = make_key(tmp_path), make_key(tmp_path, "other")
    write_plan(place.plan, "signoff: {signatures: required}\n", line("Ada", key))
    code, said = place.sign(*ADA)
    assert (code, "demands a signature" in said) == (2, True)
    code, said = place.sign(*ADA, "--key", other)
    assert (code, "would not count" in said) == (2, True)
    code, said = place.sign(*ADA, "--key", tmp_path / "nowhere")
    assert (code, "is no file" in said) == (2, True)
    assert place.records == []
    assert place.sign(*ADA, "--key", key)[0] == 0
    (found,) = place.verdict().signoffs
    assert (found.state, found.signed) == ("valid", True)


@pytest.mark.parametrize("variable", AGENT_VARIABLES)
def test_an_agent_at_work_is_refused(variable: str, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "")
    code, said = place.sign(*ADA)
    assert (code, "agents do not sign" in said) == (2, True)
    assert place.records == []


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--role", "janitor", "no such role: 'janitor'"),
        ("--role", "[red]", "no such role: '[red]'"),
        ("--name", "Claude Code", "is no person's name"),
        ("--name", "planner", "is no person's name"),
        ("--name", "Ada\nBob", "cannot be printed"),
        ("--decision", "maybe", "maybe"),
    ],
)
def test_what_cannot_be_signed_is_refused(option: str, value: str, words: str, place: Place) -> None:
    given = [value if before == option else arg for before, arg in zip(("", *ADA), ADA, strict=False)]
    code, said = place.sign(*given)
    assert code == 2
    assert words in said
    assert place.records == []


def test_without_a_verdict_there_is_nothing_to_sign(place: Place) -> None:
    (place.home / "assets" / "production_readiness.json").unlink()
    code, said = place.sign(*ADA)
    assert (code, "there is no verdict" in said) == (2, True)


def test_a_broken_ledger_is_not_signed(place: Place) -> None:
    assert place.sign(*ADA)[0] == 0
    ledger = place.home / "ledger.jsonl"
    ledger.write_text(ledger.read_text("utf-8").replace('"name":"Ada"', '"name":"Eve"'), encoding="utf-8")
    code, said = place.sign(*ADA)
    assert (code, "was edited" in said) == (2, True)


def test_a_target_that_is_gone_is_said(place: Place, tmp_path: Path) -> None:
    place.target.rename(tmp_path / "elsewhere")
    code, said = place.sign(*ADA)
    assert (code, bool(said)) == (2, True)


def test_the_audit_tells_of_waivers(place: Place, tmp_path: Path) -> None:
    write_plan(place.plan, "waivers:\n  - {reason: ok}\n")
    code, document = radeng_json("audit", "--plan", place.plan, cwd=tmp_path)
    found = [one for one in document["findings"] if one["rule"].startswith("waiver-")]
    assert code == 1
    assert {one["rule"]: one["at"] for one in found} == {
        "waiver-incomplete": [{"file": "readiness.yaml", "line": 2}],
        "waiver-reason": [{"file": "readiness.yaml", "line": 2}],
    }
    assert json.dumps(found)
