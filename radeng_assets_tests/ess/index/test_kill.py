"""Processes that die while they index, and two that index at once."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from radeng_assets.ess.index.build import folder_of
from radeng_assets.ess.index.code_index import CodeIndex
from radeng_assets.execution.git import TargetRepository
from radeng_assets_tests.conftest import ROOT
from radeng_assets_tests.ess.index.trees import TREE, change, contents_of, repository
from radeng_assets_tests.processes import environment

KILLER = "radeng_assets_tests.ess.index.killer"


def start(home: Path, target: Path, point: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", KILLER, str(home), str(target), point]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize("point", ["add-1", "add-6", "link", "draft", "published"])
def test_the_run_after_a_kill_completes(tmp_path: Path, index: CodeIndex, tree_folder: Path, point: str) -> None:
    home = tmp_path / "home"
    process = start(home, tree_folder, point)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    target = TargetRepository.open(tree_folder)
    assert (CodeIndex.latest(home, target) is not None) == (point == "published")
    with CodeIndex.build(home, target, "HEAD") as again:
        assert contents_of(again) == contents_of(index)
    assert not list(folder_of(home, target).glob(".draft-*")) or point == "published"


def test_a_kill_does_not_hurt_the_snapshot_that_was_there(tmp_path: Path) -> None:
    folder, home = tmp_path / "target", tmp_path / "home"
    target = repository(folder, TREE)
    with CodeIndex.build(home, target, "HEAD") as index:
        before = contents_of(index)
    old = target.head().commit
    change(folder, {"service/money.py": "CURRENCY = 'USD'\n", "a.py": "A = 1\n", "b.py": "B = 1\n"})
    process = start(home, folder, "add-2")
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    with CodeIndex.build(home, target, old) as index:
        assert contents_of(index) == before
    with CodeIndex.build(home, target, "HEAD") as index, CodeIndex.build(tmp_path / "cold", target, "HEAD") as cold:
        assert contents_of(index) == contents_of(cold)


def test_two_processes_at_once_make_one_snapshot(tmp_path: Path, index: CodeIndex, tree_folder: Path) -> None:
    home = tmp_path / "home"
    both = [start(home, tree_folder, "never") for _ in range(2)]
    said = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert {out.strip() for out, _ in said} == {index.digest}
    left = {path.name for path in folder_of(home, TargetRepository.open(tree_folder)).iterdir()}
    assert len(left - {"lock"}) == 1
