"""Scenes for measures of our own that run no command of the target's."""

from __future__ import annotations

from pathlib import Path

from radeng_assets.execution.branches import Branches
from radeng_assets.execution.gates import never
from radeng_assets.execution.git import Commit
from radeng_assets.execution.measuring.scene import Ran, Scene
from radeng_assets.execution.mirror import Mirror


def scene_of(
    folder: Path, commit: Commit, mirror: Mirror, branches: Branches, *, secrets: tuple[str, ...] = ()
) -> Scene:
    """A scene in which nothing may be run."""
    return Scene(folder, commit, mirror, branches, words="", run=_refuse, stopping=never, secrets=secrets)


def _refuse(command: str) -> Ran:
    raise AssertionError(f"this measure runs nothing, and asked for {command}")
