"""Whatever is damaged in the home, the plan or the target is told in words: no traceback, and never READY."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from radeng_assets.cli.app import main
from radeng_assets.evidence.ledger import Ledger
from radeng_assets.planning.folder import read_sources
from radeng_assets.planning.snapshot import PIN, freeze
from radeng_assets.record import Record
from radeng_assets_tests.cli.test_sign import ADA, Place, environment, place

__all__ = ["environment", "place"]

VERBS = {
    "verdict": ("verdict", "--gate", "--bundle", "verdict.zip"),
    "sign": ("sign", *ADA),
    "report": ("report", "--out", "report.html"),
}


def radeng(place: Place, *args: str) -> int:
    """The exit code of a verb, as the script ends with it."""
    os.environ.update(place.settings, COLUMNS="200")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place.home.parent)
        patch.setattr("sys.argv", ["radeng", *args, "--home", str(place.home)])
        with pytest.raises(SystemExit) as ended:
            main()
    code = ended.value.code
    return code if isinstance(code, int) else 0


def into_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def damaged_repository(place: Place) -> None:
    for path in (place.target / ".git" / "objects").rglob("*"):
        if path.is_file():
            path.unlink()


class Nothing(Record):
    """The body of a record that calls itself something."""

    commit: int = 3


def records_that_are_none(place: Place) -> None:
    for kind in ("attempt", "attempt_end", "story", "wave", "gate", "measurement", "ticket", "signoff"):
        Ledger(place.home / "ledger.jsonl").append(kind, Nothing())


DAMAGE: dict[str, Callable[[Place], object]] = {
    "last verdict": lambda p: (p.home / "assets" / "production_readiness.json").write_bytes(b"{nonsense"),
    "ledger": lambda p: (p.home / "ledger.jsonl").write_bytes(os.urandom(300) + b"\n"),
    "ledger of another kind": lambda p: (p.home / "ledger.jsonl").write_bytes(b"[]\n"),
    "ledger that is a folder": lambda p: (p.home / "ledger.jsonl").mkdir(),
    "head that is a folder": lambda p: (p.home / "ledger.head").mkdir(),
    "records that are none": records_that_are_none,
    "plan that is gone": lambda p: shutil.rmtree(p.plan),
    "plan that was never whole": lambda p: (shutil.rmtree(p.plan), shutil.rmtree(p.home / "plans")),
    "plan that is broken": lambda p: (p.plan / "EXECUTION-PLAN.yaml").write_bytes(b"waves: [\xff"),
    "plans that are a file": lambda p: (shutil.rmtree(p.home / "plans"), (p.home / "plans").write_bytes(b"")),
    "target": damaged_repository,
    "target that is gone": lambda p: shutil.rmtree(p.target),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_told(damage: str, place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    DAMAGE[damage](place)
    for name, verb in VERBS.items():
        code = radeng(place, *verb)
        said = capsys.readouterr()
        assert code in ((2, 3) if "--gate" in verb else (0, 2)), name
        assert (said.out + said.err).strip(), name
        assert "READY" not in said.out.replace("NOT_READY", ""), name


def test_a_plan_that_an_earlier_run_pinned_is_not_asked_about(
    place: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = freeze(read_sources(place.plan), place.home).name
    (place.plan / "README.md").write_text("# Another plan\n", encoding="utf-8")
    monkeypatch.setenv(PIN, before)
    radeng(place, "verdict", "--json")
    said = capsys.readouterr().out
    assert read_sources(place.plan).digest in said
    assert before not in said
