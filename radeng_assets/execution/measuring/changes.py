"""``radeng:changes``: which lines of a commit each story of the plan wrote, by git.

A line belongs to the commit that wrote it last (``git blame``), so lines that later work moved are found where they are
now, and lines that it wrote anew are its own. A story's commits are those that its branch names and, where a story was
merged more than once, those below the measured commit with its attempt's trailer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from radeng_assets.canonical import canonical
from radeng_assets.execution.branches import Branches
from radeng_assets.execution.git import GitError, run_git
from radeng_assets.execution.integration import TRAILER
from radeng_assets.execution.measuring.scene import Scene, Taken
from radeng_assets.execution.mirror import Mirror
from radeng_assets.execution.names import shown
from radeng_assets.record import Record

ROLE = "changes"

_BLAMED = re.compile(r"([0-9a-f]{40,64}) [0-9]+ ([0-9]+)(?: [0-9]+)?")


class Change(Record):
    """What one story wrote: its commits, and path (``names.shown``) → lines (from 1) that are theirs now."""

    story: str
    commits: tuple[str, ...]
    lines: dict[str, tuple[int, ...]]


class Changes(Record):
    """The artifact (``radeng/changes/v1``)."""

    format: Literal["radeng/changes/v1"] = "radeng/changes/v1"
    stories: tuple[Change, ...]


def measure(scene: Scene) -> Taken:
    """The lines of every story that has a branch in the target, or was merged below the scene's commit."""
    try:
        found = changes_of(scene.mirror, scene.commit.commit, scene.branches)
    except GitError as error:
        return Taken("no_runner", reason=f"git does not tell who wrote what: {error}")
    said = "".join(f"{one.story}: {sum(map(len, one.lines.values()))} lines\n" for one in found.stories)
    return Taken("passed", output=said, files={(ROLE, "changes.json"): canonical(found)})


def changes_of(mirror: Mirror, commit: str, branches: Branches) -> Changes:
    """The stories of a plan and the lines of ``commit`` that each wrote. Raises ``GitError``."""
    commits: dict[str, list[str]] = {}
    for story, made in (*_branches(mirror, branches), *_merged(mirror, commit, branches)):
        known = commits.setdefault(story, [])
        if made not in known:
            known.append(made)
    owners = {made: story for story, several in commits.items() for made in several if mirror.holds(made, commit)}
    there = set(mirror.files(commit))
    touched = {path for made in owners for path in _touched(mirror, made)} & there
    lines: dict[str, dict[str, tuple[int, ...]]] = {story: {} for story in commits}
    for path in sorted(touched):
        for story, numbers in _blamed(mirror, commit, path, owners).items():
            lines[story][shown(path)] = tuple(sorted(numbers))
    return Changes(
        stories=tuple(Change(story=s, commits=tuple(sorted(commits[s])), lines=lines[s]) for s in sorted(commits))
    )


def _branches(mirror: Mirror, branches: Branches) -> Iterator[tuple[str, str]]:
    """(story as its branch has it, commit), from the target: it alone knows what other machines merged."""
    folder = branches.integration.rpartition("/")[0]
    where = mirror.target.git_dir
    listed = run_git("--git-dir", str(where), "for-each-ref", "--format=%(objectname) %(refname)", folder, cwd=where)
    for line in listed.splitlines():
        commit, _, ref = line.partition(" ")
        if ref != branches.integration:
            yield ref.removeprefix(f"{folder}/"), commit


def _merged(mirror: Mirror, commit: str, branches: Branches) -> Iterator[tuple[str, str]]:
    """(story, commit) of what lies below a commit and says that it is an attempt of this plan."""
    log = mirror.git("log", "-z", f"--format=%H %(trailers:key={TRAILER},valueonly)", commit, "--")
    for entry in log.split("\0"):
        made, _, trailer = entry.partition(" ")
        plan, _, rest = trailer.strip().partition("/")
        story = rest.rpartition("/")[0]
        if story and branches.story(story) == Branches(plan).story(story):
            yield branches.story(story).rpartition("/")[2], made


def _touched(mirror: Mirror, commit: str) -> Iterable[str]:
    listing = mirror.git("diff-tree", "-r", "-z", "--root", "--no-commit-id", "--name-only", "--no-renames", commit)
    return (name for name in listing.split("\0") if name)


def _blamed(mirror: Mirror, commit: str, path: str, owners: dict[str, str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for line in mirror.git("blame", "--porcelain", commit, "--", path).split("\n"):
        match = _BLAMED.fullmatch(line)
        if match is not None and match[1] in owners:
            found.setdefault(owners[match[1]], []).append(int(match[2]))
    return found
