"""Which lines each story wrote: asked of real histories, made by the real integration."""

from __future__ import annotations

from pathlib import Path

import pytest

from radeng_assets.execution.branches import Branches
from radeng_assets.execution.git import Commit, TargetRepository
from radeng_assets.execution.integration import TRAILER, Integration
from radeng_assets.execution.measuring.changes import Changes, changes_of, measure
from radeng_assets.execution.mirror import Mirror
from radeng_assets.execution.proof import Findings
from radeng_assets_tests.execution.measuring.scenes import scene_of
from radeng_assets_tests.folders import commit, git

BRANCHES = Branches("My plan")
AT = "2026-11-27T04:00:00Z"


class Repository:
    """A target of one commit (``a.py`` of three lines), and stories merged into it."""

    def __init__(self, folder: Path) -> None:
        self.target = folder / "target"
        self.target.mkdir()
        git(self.target, "init", "--quiet", "--initial-branch=main")
        (self.target / "a.py").write_text("one\ntwo\nthree\n", encoding="utf-8")
        commit(self.target, "Begin")
        home = folder / "home"
        home.mkdir()
        self.mirror = Mirror(home, TargetRepository.open(self.target))
        self.integration = Integration(self.mirror, BRANCHES)

    def merge(self, story: str, number: int, files: dict[str, str], base: Commit | None = None) -> Commit:
        """Merge an attempt that leaves files so."""
        base = base or self.integration.tip()
        tree = self.mirror.with_new_files(base.tree, {path: text.encode() for path, text in files.items()})
        key = f"My plan/{story}/{number}"
        message = f"{story}: done\n\n{TRAILER}: {key}\n"
        result = self.mirror.commit(tree, base.commit, message, AT)
        return self.integration.merge(
            result, base.commit, key, story, message, AT, lambda _: Findings(parts=(), criteria=())
        ).commit

    def changes(self, revision: str) -> dict[str, dict[str, tuple[int, ...]]]:
        return {one.story: one.lines for one in self.found(revision).stories}

    def found(self, revision: str) -> Changes:
        return changes_of(self.mirror, self.mirror.target.resolve(revision).commit, BRANCHES)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


def test_a_plan_without_stories_has_no_changes(repository: Repository) -> None:
    repository.mirror.prepare()
    assert repository.changes("HEAD") == {}


def test_lines_are_found_where_they_are_now(repository: Repository) -> None:
    repository.merge("W1-S1", 1, {"a.py": "one\ntwo\nnew\nthree\n", "b.py": "x\ny\n"})
    tip = repository.merge("W1-S2", 1, {"a.py": "top\none\ntwo\nnew\nthree\n", "b.py": "x\nz\n"})
    assert repository.changes(tip.commit) == {
        "W1-S1": {"a.py": (4,), "b.py": (1,)},
        "W1-S2": {"a.py": (1,), "b.py": (2,)},
    }
    # On a commit below them, nobody had written anything.
    assert repository.changes("HEAD") == {"W1-S1": {}, "W1-S2": {}}


def test_a_story_merged_twice_has_the_lines_of_both(repository: Repository) -> None:
    first = repository.merge("W1-S1", 1, {"b.py": "x\n"})
    second = repository.merge("W1-S1", 2, {"c.py": "y\n"})
    found = repository.found(second.commit)
    assert [(one.commits, one.lines) for one in found.stories] == [
        (tuple(sorted((first.commit, second.commit))), {"b.py": (1,), "c.py": (1,)})
    ]


def test_another_plans_stories_and_files_that_went_are_none(repository: Repository) -> None:
    repository.merge("W1-S1", 1, {"b.py": "x\n"})
    git(repository.target, "update-ref", "refs/heads/radeng/other/W1-S9", "HEAD")
    git(repository.target, "checkout", "--quiet", BRANCHES.integration.removeprefix("refs/heads/"))
    (repository.target / "b.py").unlink()
    (repository.target / "d.py").write_text("z\n", encoding="utf-8")
    git(repository.target, "add", "--all")
    git(repository.target, "commit", "--quiet", "-m", f"Mine\n\n{TRAILER}: other/W1-S8/1")
    assert repository.changes("HEAD") == {"W1-S1": {}}


def test_the_artifact_is_the_same_each_time(repository: Repository) -> None:
    tip = repository.merge("W1-S1", 1, {"b.py": "x\n" * 3, "odd name\n.py": "y\n"})
    scene = scene_of(repository.target, tip, repository.mirror, BRANCHES)
    one, other = measure(scene), measure(scene)
    assert one == other
    assert one.state == "passed"
    data = one.files["changes", "changes.json"]
    assert Changes.model_validate_json(data).stories[0].lines == {"b.py": (1, 2, 3), r"odd name\n.py": (1,)}
