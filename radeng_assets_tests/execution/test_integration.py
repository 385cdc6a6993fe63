"""Merging: linear, proven again where the base has moved, found again after a kill, and never over a person's work."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from radeng_assets.execution.agent_policy import AgentPolicy
from radeng_assets.execution.branches import Branches
from radeng_assets.execution.git import Commit, GitError, NotARepository, TargetRepository
from radeng_assets.execution.integration import Diverged, Integration, Unproven
from radeng_assets.execution.mirror import Conflict, Mirror
from radeng_assets.execution.proof import Findings, Part
from radeng_assets_tests.execution.works import HONEST, Works, stories, walk
from radeng_assets_tests.folders import commit, git

AT = "2026-01-01T00:00:00Z"
GOOD = Findings(parts=(Part(what="post_story", state="passed"),))
BAD = Findings(parts=(Part(what="post_story", state="failed", reason="it broke"),))


@pytest.fixture
def mirror(target: Path, tmp_path: Path) -> Mirror:
    home = tmp_path / "home"
    home.mkdir()
    mirror = Mirror(home, TargetRepository.open(target))
    mirror.prepare()
    return mirror


def result(mirror: Mirror, base: str, tmp_path: Path, name: str, text: str, key: str) -> Commit:
    """A commit on ``base`` that writes one file."""
    folder = tmp_path / f"tree-{name}-{key.replace('/', '-')}"
    folder.mkdir()
    git(folder, "--git-dir", str(mirror.path), "--work-tree", str(folder), "checkout", "-f", base, "--", ".")
    (folder / name).write_text(text, encoding="utf-8")
    return mirror.commit(mirror.tree_of(folder, base), base, f"{name}\n\nRadeng-Attempt: {key}\n", AT)


def test_results_are_put_one_on_the_other(target: Path, mirror: Mirror, tmp_path: Path) -> None:
    integration = Integration(mirror, Branches("p"))
    base = integration.catch_up().commit
    one, two = (result(mirror, base, tmp_path, f"{n}.txt", n, f"p/{n}/1") for n in ("one", "two"))
    asked: list[str] = []

    def prove(where: object) -> Findings:
        asked.append(str(where))
        return GOOD

    first = integration.merge(one, base, "p/one/1", "one", "one\n\nRadeng-Attempt: p/one/1\n", AT, prove)
    assert (first.commit, first.findings, asked) == (one, None, [])
    second = integration.merge(two, base, "p/two/1", "two", "two\n\nRadeng-Attempt: p/two/1\n", AT, prove)
    assert second.findings == GOOD
    assert len(asked) == 1
    assert git(target, "log", "--format=%s", f"{base}..radeng/p/integration").split() == ["two", "one.txt"]
    assert git(target, "rev-parse", "radeng/p/two").strip() == second.commit.commit
    # Merged again after a kill, it is found, and proved to nobody.
    again = integration.merge(one, base, "p/one/1", "one", "one", AT, lambda _: BAD)
    assert again.commit == one
    assert git(target, "rev-parse", "radeng/p/integration").strip() == second.commit.commit
    # The user's own branch and files are as they were.
    assert git(target, "rev-parse", "HEAD").strip() == base
    assert git(target, "status", "--porcelain") == ""


def test_a_trailer_is_a_claim(target: Path, mirror: Mirror, tmp_path: Path) -> None:
    integration = Integration(mirror, Branches("p"))
    base = integration.catch_up().commit
    ours = result(mirror, base, tmp_path, "one.txt", "1", "k")
    (tmp_path / "b").mkdir()
    forged = result(mirror, base, tmp_path / "b", "one.txt", "forged", "k")
    mirror.publish(forged.commit, integration.branches.integration)
    with pytest.raises(Conflict):  # and not: it was merged before
        integration.merge(ours, base, "k", "one", "one", AT, lambda _: GOOD)


def test_what_does_not_go_together_or_does_not_hold_is_not_merged(target: Path, mirror: Mirror, tmp_path: Path) -> None:
    integration = Integration(mirror, Branches("p"))
    base = integration.catch_up().commit
    one, other, third = (
        result(mirror, base, tmp_path, name, text, text) for name, text in (("f", "a"), ("f", "b"), ("g", "c"))
    )
    integration.merge(one, base, "a", "one", "one", AT, lambda _: GOOD)
    with pytest.raises(Conflict, match="f"):
        integration.merge(other, base, "b", "two", "two", AT, lambda _: GOOD)
    with pytest.raises(Unproven, match="it broke"):
        integration.merge(third, base, "c", "three", "three", AT, lambda _: BAD)
    assert integration.tip() == one


def test_the_branch_follows_head_and_a_parting_is_a_persons_to_mend(
    target: Path, mirror: Mirror, tmp_path: Path
) -> None:
    integration = Integration(mirror, Branches("p"))
    base = integration.catch_up().commit
    one = result(mirror, base, tmp_path, "one.txt", "1", "k")
    integration.merge(one, base, "k", "one", "one", AT, lambda _: GOOD)
    git(target, "merge", "--quiet", "--ff-only", "radeng/p/integration")
    (target / "more.txt").write_text("x", encoding="utf-8")
    ahead = commit(target, "Go on by hand")
    assert integration.catch_up().commit == ahead
    git(target, "reset", "--quiet", "--hard", base)
    (target / "else.txt").write_text("x", encoding="utf-8")
    commit(target, "Go another way")
    with pytest.raises(Diverged, match="radeng/p/integration"):
        integration.catch_up()


def test_what_was_taken_over_and_gone_on_from_is_in_question(target: Path, mirror: Mirror, tmp_path: Path) -> None:
    integration = Integration(mirror, Branches("p"))
    base = integration.catch_up().commit
    assert integration.standing().commit == base
    work = result(mirror, base, tmp_path, "one.txt", "one", "p/one/1")
    integration.merge(work, base, "p/one/1", "one", "one", AT, lambda _: GOOD)
    # The agents' work is in question until the user takes it over, and then what the user makes of it.
    assert integration.standing() == work
    git(target, "merge", "--quiet", "--ff-only", "radeng/p/integration")
    assert integration.standing() == work
    (target / "more.txt").write_text("more\n", encoding="utf-8")
    ahead = commit(target, "Go on")
    assert integration.standing().commit == ahead
    # Somebody else's history is no further step of it.
    git(target, "reset", "--quiet", "--hard", base)
    (target / "else.txt").write_text("else\n", encoding="utf-8")
    commit(target, "Elsewhere")
    assert integration.standing() == work


def test_nothing_but_our_own_branches_is_written(mirror: Mirror) -> None:
    head = mirror.target.head().commit
    for ref in ("refs/heads/main", "refs/tags/v1", "HEAD", "refs/heads/radeng-like"):
        with pytest.raises(ValueError, match="not ours"):
            mirror.publish(head, ref)


def test_a_branch_that_is_checked_out_is_left_alone(target: Path, mirror: Mirror, tmp_path: Path) -> None:
    integration = Integration(mirror, Branches("p"))
    base = integration.catch_up().commit
    git(target, "checkout", "--quiet", "-b", "radeng/p/integration")
    one = result(mirror, base, tmp_path, "one.txt", "1", "k")
    with pytest.raises(GitError):
        integration.merge(one, base, "k", "one", "one", AT, lambda _: GOOD)
    assert git(target, "status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("plan", "story", "branch"),
    [
        ("rad-engineer-v2", "W1-S1", "refs/heads/radeng/rad-engineer-v2/W1-S1"),
        ("My plan!", "a b", "refs/heads/radeng/My-plan/a-b"),
        ("..", "x.lock", "refs/heads/radeng/plan/x.lock_"),
    ],
)
def test_names_of_branches_are_names_to_git(target: Path, plan: str, story: str, branch: str) -> None:
    assert Branches(plan).story(story) == branch
    git(target, "check-ref-format", branch)


def test_a_target_behind_a_url(tmp_path: Path) -> None:
    works = Works(tmp_path, AgentPolicy(attempts=1))
    bare = tmp_path / "remote.git"
    git(tmp_path, "clone", "--quiet", "--bare", str(works.target), str(bare))
    works.url = f"file://{bare}"
    outcomes = walk(works.campaign(HONEST))
    assert {story.status for story in stories(outcomes).values()} == {"verified"}
    names = git(bare, "for-each-ref", "--format=%(refname)").split()
    assert "refs/heads/radeng/calc/integration" in names
    assert "refs/heads/radeng/calc/C-3" in names
    with pytest.raises(NotARepository):
        TargetRepository.reach(f"file://{tmp_path}/nowhere.git", tmp_path)


def test_a_machine_that_was_slower_proves_again_on_what_the_faster_merged(target: Path, tmp_path: Path) -> None:
    """Two machines that no lock holds apart: the target takes one, and the other's work is not lost."""
    git(tmp_path, "clone", "--quiet", "--bare", str(target), "remote.git")
    machines: list[Integration] = []
    for name in ("a", "b"):
        home = tmp_path / name
        home.mkdir()
        mirror = Mirror(home, TargetRepository.reach((tmp_path / "remote.git").as_uri(), home))
        mirror.prepare()
        machines.append(Integration(mirror, Branches("p")))
    slow, fast = machines
    base = slow.catch_up().commit
    zero, one, two = (
        result(machine.mirror, base, tmp_path, f"{key}.txt", key, f"p/{key}/1")
        for machine, key in ((fast, "zero"), (slow, "one"), (fast, "two"))
    )
    fast.merge(zero, base, "p/zero/1", "zero", "zero\n\nRadeng-Attempt: p/zero/1\n", AT, lambda _: GOOD)
    proved: list[str] = []

    def prove(commit: Commit) -> Findings:
        if not proved:
            fast.merge(two, base, "p/two/1", "two", "two\n\nRadeng-Attempt: p/two/1\n", AT, lambda _: GOOD)
        proved.append(commit.commit)
        return GOOD

    merged = slow.merge(one, base, "p/one/1", "one", "one\n\nRadeng-Attempt: p/one/1\n", AT, prove)
    assert len(proved) == 2
    assert merged.commit.commit == proved[1]
    log = git(tmp_path / "remote.git", "log", "--format=%s", f"{base}..radeng/p/integration").split()
    assert log == ["one", "two", "zero.txt"]


def test_merging_and_bringing_the_copy_up_to_date_do_not_stumble_over_each_other(target: Path, tmp_path: Path) -> None:
    """Every process that starts work on a URL fetches into the home's one copy, while others publish to it."""
    git(tmp_path, "clone", "--quiet", "--bare", str(target), "remote.git")
    home = tmp_path / "home"
    home.mkdir()
    url = (tmp_path / "remote.git").as_uri()
    mirror = Mirror(home, TargetRepository.reach(url, home))
    mirror.prepare()
    over = threading.Event()

    def fetch() -> int:
        times = 0
        while not over.wait(0.02):  # a lock that is taken again at once leaves no room for the other
            TargetRepository.reach(url, home)
            times += 1
        return times

    tip, ref = mirror.target.head(), Branches("p").integration
    with ThreadPoolExecutor(2) as pool:
        fetching = [pool.submit(fetch) for _ in range(2)]
        try:
            for number in range(20):
                tip = mirror.commit(tip.tree, tip.commit, f"{number}", AT)
                mirror.publish(tip.commit, ref)
        finally:
            over.set()
        assert all(times.result() for times in fetching)
    assert mirror.target.refreshed().resolve(ref) == tip
