"""One run on a target, for all tests of what can be asked about it afterwards."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from radeng_assets_tests.conftest import once
from radeng_assets_tests.ess.targets import sound_target
from radeng_assets_tests.folders import write_folder
from radeng_assets_tests.processes import radeng


@dataclass(frozen=True)
class Judged:
    """A plan and a target that are not to be changed, the verdict of ``radeng run --agent none``, and a home to use."""

    plan: Path
    target: Path
    home: Path
    verdict: dict[str, Any]


def make_judged(root: Path) -> None:
    """Fill a folder with a plan, a target, the home of a run on them and its verdict."""
    plan, target = write_folder(root / "plan"), sound_target(root / "target")
    args = ("run", "--plan", plan, "--target", target, "--agent", "none", "--home", root / "home")
    done = radeng(*args, "--json", cwd=root)
    assert (done.returncode, done.stderr.strip()) == (0, ""), "nothing that Dagster's steps say of themselves"
    (root / "verdict.json").write_text(done.stdout, encoding="utf-8")


@pytest.fixture
def judged(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Judged:
    root = once(tmp_path_factory, "judged", make_judged)
    home = Path(shutil.copytree(root / "home", tmp_path / "home", symlinks=True))
    verdict = json.loads((root / "verdict.json").read_text("utf-8"))
    return Judged(root / "plan", root / "target", home, verdict)
