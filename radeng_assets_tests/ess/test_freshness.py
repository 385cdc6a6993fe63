"""The order rule on real histories: stale is what a file changed after, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from radeng_assets.ess.freshness import freshness
from radeng_assets.execution.git import TargetRepository
from radeng_assets_tests.folders import commit, git


@pytest.fixture
def repository(target: Path) -> TargetRepository:
    return TargetRepository.open(target)


def head(target: Path) -> str:
    return git(target, "rev-parse", "HEAD").strip()


def test_an_index_of_this_very_commit_is_fresh(repository: TargetRepository, target: Path) -> None:
    now = head(target)
    assert not freshness(repository, now, now, now).stale


def test_a_file_that_changed_since_makes_it_stale_and_is_named(repository: TargetRepository, target: Path) -> None:
    before = head(target)
    for name in ("a.py", "b.md", "c.txt", "d.bin"):
        (target / name).write_text(name, encoding="utf-8")
    now = commit(target, "Add")
    found = freshness(repository, before, now, now)
    assert found.stale
    assert found.changed == ("a.py", "b.md", "c.txt", "d.bin")
    assert "a.py, b.md, c.txt and 1 more" in found.reason


def test_a_commit_without_a_changed_file_leaves_it_fresh(repository: TargetRepository, target: Path) -> None:
    before = head(target)
    git(target, "commit", "--quiet", "--allow-empty", "--message", "Nothing")
    (target / "link").symlink_to("counter.py")
    git(target, "update-index", "--chmod=+x", "check.py")
    git(target, "add", "link")
    git(target, "commit", "--quiet", "--message", "A mode and a link")
    now = head(target)
    assert now != before
    assert not freshness(repository, before, now, now).stale


def test_going_back_is_stale_too(repository: TargetRepository, target: Path) -> None:
    first = head(target)
    (target / "counter.py").write_text("def count(n):\n    return n + 2 - 1\n", encoding="utf-8")
    second = commit(target, "Count otherwise")
    git(target, "reset", "--quiet", "--hard", first)
    assert freshness(repository, second, first, first).changed == ("counter.py",)


def test_what_nobody_can_compare_is_stale(repository: TargetRepository, target: Path) -> None:
    now = head(target)
    assert freshness(repository, None, now, now).stale
    gone = freshness(repository, "e" * 40, now, now)
    assert gone.stale
    assert "cannot be compared" in gone.reason


def test_what_head_has_and_the_merged_branch_has_not_counts(repository: TargetRepository, target: Path) -> None:
    git(target, "checkout", "--quiet", "-b", "merged")
    (target / "agent.py").write_text("x = 1\n", encoding="utf-8")
    merged = commit(target, "An agent's")
    git(target, "checkout", "--quiet", "main")
    assert not freshness(repository, merged, merged, head(target)).stale
    (target / "mine.py").write_text("y = 1\n", encoding="utf-8")
    mine = commit(target, "Mine")
    assert freshness(repository, merged, merged, mine).changed == ("mine.py",)


def test_histories_with_nothing_in_common_are_compared_whole(repository: TargetRepository, target: Path) -> None:
    first = head(target)
    git(target, "checkout", "--quiet", "--orphan", "anew")
    (target / "counter.py").write_text("def count(n):\n    return 1 + n\n", encoding="utf-8")
    anew = commit(target, "Begin again")
    assert freshness(repository, first, first, anew).changed == ("counter.py",)
