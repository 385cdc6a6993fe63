"""What differs between two commits, read in bounded time and memory, whatever the names."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from radeng_assets.execution import mirror as limits
from radeng_assets.execution.checkout import Checkout, CheckoutState
from radeng_assets.execution.git import Commit, GitError, TargetRepository
from radeng_assets.execution.inspection.change import Blob, Change, FileChange, Terms
from radeng_assets.execution.inspection.inspector import inspect
from radeng_assets.execution.mirror import Mirror
from radeng_assets_tests.folders import commit

NO_TEXT = os.fsdecode(b"notes-\xff.txt")


@pytest.fixture
def mirror(target: Path, tmp_path: Path) -> Mirror:
    mirror = Mirror(tmp_path / "home", TargetRepository.open(target))
    mirror.home.mkdir()
    mirror.prepare()
    return mirror


def edited(mirror: Mirror, folder: Path, files: dict[str, bytes]) -> tuple[str, Commit]:
    """(base, result) where the files are all that is left."""
    base = mirror.target.head().commit
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return base, mirror.commit(mirror.tree_of(folder, base), base, "x", "2026-01-01T00:00:00Z")


def test_both_sides_are_read(mirror: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "READ_LIMIT", 100)
    files = {"new.txt": b"a\n\0b\n", "empty": b"", "large": b"x" * 101, "twin.txt": b"a\n\0b\n", NO_TEXT: b"1"}
    base, result = edited(mirror, tmp_path / "tree", files)
    found = {file.path: file for file in mirror.changes(base, result.commit)}
    assert {path for path, file in found.items() if file.after is None} == {"check.py", "counter.py", "docs/use.md"}
    assert found["counter.py"].before == Blob("100644", 31, (mirror.target.git_dir.parent / "counter.py").read_bytes())
    after = {path: file.after for path, file in found.items() if file.after}
    assert after == {path: Blob("100644", len(data), b"" if len(data) > 100 else data) for path, data in files.items()}


def test_too_much_is_not_looked_at(mirror: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base, result = edited(mirror, tmp_path / "tree", {f"{n}.txt": b"12345" for n in range(4)})
    assert len(mirror.changes(base, result.commit)) == 7
    monkeypatch.setattr(limits, "MOST_CHANGED_BYTES", 20)
    with pytest.raises(GitError, match="at most 20 are looked at"):
        mirror.changes(base, result.commit)
    monkeypatch.setattr(limits, "MOST_CHANGES", 6)
    with pytest.raises(GitError, match="7 files were changed"):
        mirror.changes(base, result.commit)


def test_lists_of_ignored_files_in_the_users_home_count_for_nothing(
    mirror: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".config" / "git").mkdir(parents=True)
    (tmp_path / ".config" / "git" / "ignore").write_text("*.txt\n", encoding="utf-8")
    base, result = edited(mirror, tmp_path / "tree", {"new.txt": b"1"})
    assert "new.txt" in mirror.files(result.commit)
    assert base


def test_a_name_that_is_no_text_is_an_objection_and_no_crash() -> None:
    file = FileChange(NO_TEXT, None, Blob("100644", 1, b"x"))
    (objection,) = inspect(Change((file,), frozenset()), Terms(scope=("**",)))
    assert objection.inspection == "odd-paths"
    assert r"notes-\xff.txt" in objection.model_dump_json().replace("\\\\", "\\")


def test_such_a_name_in_the_users_checkout(target: Path, mirror: Mirror) -> None:
    checkout = Checkout(mirror.target, mirror.home)
    (target / NO_TEXT).write_text("theirs", encoding="utf-8")
    before = CheckoutState.model_validate_json(checkout.state().model_dump_json())
    assert before.differences(checkout.state()) == ()
    commit(target, "Keep it")
    (target / NO_TEXT).write_text("changed", encoding="utf-8")
    assert r"files changed: notes-\xff.txt" in before.differences(checkout.state())
