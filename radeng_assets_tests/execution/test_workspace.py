"""Targets are only read; worktrees are clean, concurrent and never left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from radeng_assets.execution.git import GitError, NotARepository, TargetRepository
from radeng_assets.execution.workspace import Workspaces
from radeng_assets_tests.folders import commit, git


def state_of(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file of a folder, ``.git`` included, with its bytes and modification time."""
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def workspaces(target: Path, tmp_path: Path) -> Workspaces:
    return Workspaces(tmp_path / "home", TargetRepository.open(target))


def test_head_and_files(target: Path) -> None:
    repository = TargetRepository.open(target / "docs")
    head = repository.head()
    assert head.commit == git(target, "rev-parse", "HEAD").strip()
    assert head.tree == git(target, "rev-parse", "HEAD^{tree}").strip()
    assert repository.files(head.commit) == ("check.py", "counter.py", "docs/use.md")


def test_a_bare_repository_is_a_target(target: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--bare", str(target), "bare.git")
    bare = TargetRepository.open(tmp_path / "bare.git")
    assert bare.head() == TargetRepository.open(target).head()
    with Workspaces(tmp_path / "home", bare).clean(bare.head().commit) as folder:
        assert (folder / "counter.py").is_file()


def test_what_is_no_repository_says_what_to_do(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(NotARepository, match="repository"):
            TargetRepository.open(path)
    git(tmp_path, "init", "--quiet", "empty")
    with pytest.raises(NotARepository, match="no commit"):
        TargetRepository.open(tmp_path / "empty").head()


def test_a_worktree_holds_the_commit_and_not_the_checkout(target: Path, workspaces: Workspaces) -> None:
    head = workspaces.target.head()
    (target / "counter.py").write_text("not committed", encoding="utf-8")
    (target / "new.py").write_text("not added", encoding="utf-8")
    before = state_of(target)
    with workspaces.clean(head.commit) as folder:
        assert (folder / "counter.py").read_text("utf-8").startswith("def count")
        assert not (folder / "new.py").exists()
        assert git(folder, "status", "--porcelain") == ""
        assert git(folder, "rev-parse", "HEAD").strip() == head.commit
        (folder / "counter.py").write_text("a command may write here", encoding="utf-8")
    assert not folder.exists()
    assert state_of(target) == before


def test_an_older_commit_is_there_too(target: Path, workspaces: Workspaces) -> None:
    first = workspaces.target.head().commit
    (target / "counter.py").unlink()
    second = commit(target, "Remove the counter")
    with workspaces.clean(first) as old, workspaces.clean(second) as new:
        assert (old / "counter.py").exists()
        assert not (new / "counter.py").exists()


def test_an_unknown_commit_is_an_error(workspaces: Workspaces) -> None:
    with pytest.raises(GitError), workspaces.clean("0" * 40):
        pass


def test_the_targets_hooks_and_monitors_do_not_run(target: Path, workspaces: Workspaces, tmp_path: Path) -> None:
    trap = tmp_path / "sprung"
    program = tmp_path / "trap.sh"
    program.write_text(f"#!/bin/sh\ntouch {trap}\n", encoding="utf-8")
    program.chmod(0o755)
    hooks = target / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("post-checkout", "reference-transaction"):
        (hooks / name).write_text(program.read_text("utf-8"), encoding="utf-8")
        (hooks / name).chmod(0o755)
    git(target, "config", "core.fsmonitor", str(program))
    git(target, "config", "filter.trap.smudge", str(program))
    (target / ".gitattributes").write_text("* filter=trap\n", encoding="utf-8")
    git(target, "-c", "core.fsmonitor=false", "add", ".gitattributes")
    git(target, "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "commit", "-qm", "Set the trap")
    trap.unlink(missing_ok=True)
    head = workspaces.target.head()
    with workspaces.clean(head.commit) as folder:
        assert (folder / "counter.py").is_file()
    assert not trap.exists()


def test_many_at_once(workspaces: Workspaces) -> None:
    head = workspaces.target.head().commit

    def use(_: int) -> bool:
        with workspaces.clean(head) as folder:
            return (folder / "counter.py").is_file()

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(use, range(16)))
    assert not list((workspaces.home / "worktrees").glob("*/*"))


HOLDER = """
import sys
from pathlib import Path
from radeng_assets.execution.git import TargetRepository
from radeng_assets.execution.workspace import Workspaces
workspaces = Workspaces(Path(sys.argv[1]), TargetRepository.open(Path(sys.argv[2])))
with workspaces.clean(workspaces.target.head().commit) as folder:
    print(folder, flush=True)
    sys.stdin.read()
"""


def test_the_worktree_of_a_killed_process_is_pruned(target: Path, workspaces: Workspaces) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(workspaces.home), str(target)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    left = Path(holder.stdout.readline().strip())
    with workspaces.clean(workspaces.target.head().commit):
        assert left.is_dir()  # its owner lives
    os.kill(holder.pid, signal.SIGKILL)
    holder.communicate()
    with workspaces.clean(workspaces.target.head().commit):
        assert not left.exists()
