"""``python make_target.py FOLDER``: the example's product as it is before the plan, a git repository of one commit."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

BASE = Path(__file__).parent / "base"
WHO = {"NAME": "Ready Example", "EMAIL": "ready@example.invalid"}


def make_target(folder: Path) -> Path:
    """Make the repository; the folder must not be there yet."""
    shutil.copytree(BASE, folder)
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "A letter")
    return folder


def git(folder: Path, *arguments: str) -> str:
    """Run git as nobody in particular, without the machine's settings."""
    names = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in WHO.items()}
    apart = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    command = ["git", *arguments]
    done = subprocess.run(command, cwd=folder, env={**os.environ, **apart, **names}, stdout=subprocess.PIPE, check=True)
    return done.stdout.decode()


if __name__ == "__main__":
    make_target(Path(sys.argv[1]))
