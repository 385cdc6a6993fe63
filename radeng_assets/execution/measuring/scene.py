"""Where a measure of our own is taken, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from radeng_assets.evidence.envelope import Envelope
from radeng_assets.evidence.states import State
from radeng_assets.execution.branches import Branches
from radeng_assets.execution.git import Commit
from radeng_assets.execution.mirror import Mirror


@dataclass(frozen=True, slots=True)
class Ran:
    """What one command of a measure of our own did: its envelope, and its output as it was kept."""

    envelope: Envelope
    output: bytes


@dataclass(frozen=True, slots=True)
class Scene:
    """A clean worktree of a commit in ``folder``, and the repository behind it.

    ``branches`` names the plan's refs in the target, ``mirror`` reads every object of it. ``words`` is what follows the
    measure's name in the policy. ``run`` carries a command out in the worktree as every command of a gate is (set up
    first, sandboxed, bounded); ``stopping`` says whether everything is to halt now. ``secrets`` are
    the keys of this machine, which may stand nowhere.
    """

    folder: Path
    commit: Commit
    mirror: Mirror
    branches: Branches
    words: str
    run: Callable[[str], Ran]
    stopping: Callable[[], bool]
    secrets: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Taken:
    """What a measure of our own gave: the files by which it shows something, as (role, path) → bytes.

    ``state`` is ``passed`` where it ran to its end, whatever it found; ``no_runner`` where it could not run.
    """

    state: State
    reason: str = ""
    output: str = ""
    files: dict[tuple[str, str], bytes] = field(default_factory=dict[tuple[str, str], bytes])


OwnMeasure = Callable[[Scene], Taken]
