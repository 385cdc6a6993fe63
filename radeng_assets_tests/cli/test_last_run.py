"""What a home remembers of its last run, and what is stronger than that."""

from __future__ import annotations

from pathlib import Path

import pytest

from radeng_assets.cli.options import recall_settings
from radeng_assets.home import Home
from radeng_assets.settings import Settings


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose last run was about ``plan`` and ``target``."""
    monkeypatch.chdir(tmp_path)
    home = tmp_path / "home"
    home.mkdir()
    Home(home).remember(
        Settings(
            home=home,
            plan_dir=tmp_path / "plan",
            target_repo=str(tmp_path / "target"),
            agent="claude",
            agent_command="secret",
        )
    )
    return home


def asked(settings: Settings) -> tuple[str, str | None, str]:
    return settings.plan_dir.name, settings.target_repo and Path(settings.target_repo).name, settings.mode


def test_the_home_alone_is_enough(home: Path) -> None:
    assert asked(recall_settings(home=home)) == ("plan", "target", "claude")


def test_a_flag_the_environment_and_the_file_are_stronger(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert asked(recall_settings(home=home, target_repo="other"))[1:] == ("other", "none")
    monkeypatch.delenv("RADENG_TARGET_REPO")
    monkeypatch.delenv("RADENG_AGENT")
    monkeypatch.setenv("RADENG_PLAN_DIR", "elsewhere")
    assert asked(recall_settings(home=home)) == ("elsewhere", "target", "claude")


def test_the_file_is_stronger(home: Path, tmp_path: Path) -> None:
    (tmp_path / "radeng.toml").write_text('plan_dir = "written"\n', encoding="utf-8")
    assert asked(recall_settings(home=home)) == ("written", "target", "claude")


def test_a_rehearsal_takes_no_target_over(home: Path) -> None:
    assert asked(recall_settings(home=home, agent="rehearse")) == ("plan", None, "rehearse")


@pytest.mark.parametrize("note", ["", "[]", '{"plan_dir": 3}', "\x00"])
def test_a_damaged_note_is_no_note(home: Path, note: str) -> None:
    (home / "last-run.json").write_text(note, encoding="utf-8")
    assert asked(recall_settings(home=home)) == ("rad-engineer-v2", None, "rehearse")


def test_no_command_is_written_down(home: Path) -> None:
    assert "secret" not in (home / "last-run.json").read_text(encoding="utf-8")
