"""A folder in which the documentation's commands find what they name."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from radeng_assets.home import Home
from radeng_assets.settings import Settings
from radeng_assets_tests.cli.conftest import make_judged
from radeng_assets_tests.conftest import ROOT, once
from radeng_assets_tests.processes import environment
from radeng_assets_tests.warm import warm_radeng

PEOPLE = {"GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.invalid"}
COMMITTER = {"GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.invalid"}


@dataclass(frozen=True)
class Shell:
    """Runs scripts in a folder, with ``radeng`` on PATH."""

    folder: Path
    bin: Path

    def run(self, *argv: str, **extra: str) -> subprocess.CompletedProcess[str]:
        """Standard output and error together, as a person sees them."""
        variables = environment(**PEOPLE, **COMMITTER, **extra)
        # Behind it what is installed beside radeng, as in an activated environment.
        variables["PATH"] = f"{self.bin}:{Path(sys.executable).parent}:{variables['PATH']}"
        return subprocess.run(
            argv,
            cwd=self.folder,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=900,  # a deadline against hanging; on a loaded machine a page of runs takes minutes
            check=False,
        )


@pytest.fixture(scope="session")
def radeng_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with warm_radeng(tmp_path_factory.mktemp("warm")) as folder:
        yield folder


@pytest.fixture
def shell(radeng_folder: Path, tmp_path: Path) -> Shell:
    """In an empty folder."""
    folder = tmp_path / "here"
    folder.mkdir()
    return Shell(folder, radeng_folder)


@pytest.fixture
def desk(shell: Shell, tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """In a folder with a plan ``DIR``, a repository ``REPO``, the bundled plans, and a home with a run on those two."""
    done, folder = once(tmp_path_factory, "judged", make_judged), shell.folder
    shutil.copytree(done / "plan", folder / "DIR")
    shutil.copytree(done / "target", folder / "REPO")
    shutil.copytree(done / "home", folder / ".radeng", symlinks=True)
    (folder / "plans").symlink_to(ROOT / "plans")
    (folder / ".venv").mkdir()
    (folder / ".venv" / "bin").symlink_to(shell.bin)
    home = folder / ".radeng"
    Home(home).remember(Settings(home=home, plan_dir=folder / "DIR", target_repo=str(folder / "REPO"), agent="none"))
    return shell
