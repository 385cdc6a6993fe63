"""Taking things away: only as they were listed, only what nobody holds, and a kill in between is finished later."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from radeng_assets.evidence.store import EvidenceStore
from radeng_assets.execution.agent_policy import SpendingLimits
from radeng_assets.execution.broker.books import Books, Paid, Reply
from radeng_assets.execution.broker.line import Scope, Spent
from radeng_assets.execution.setup import SetupCache
from radeng_assets.holding import alone, held, hold
from radeng_assets.keeping.citations import Life
from radeng_assets.keeping.inventory import BOOKS, evidence, lying
from radeng_assets.keeping.items import Item, Kind
from radeng_assets.keeping.removal import Busy, Removal, nobody_else

LIFE = Life(sessions={"p/A/1": "s", "p/A/2": "s"}, ended={"p/A/1": 1.0})


def old(path: Path) -> Path:
    os.utime(path, (1.0, 1.0))
    return path


def items(home: Path, kind: Kind) -> list[Item]:
    return [item for item in lying(home, LIFE, ()) if item.kind == kind]


@pytest.fixture
def setup(tmp_path: Path) -> Path:
    """A kept setup of two files."""
    work = tmp_path / "work"
    (work / "node_modules").mkdir(parents=True)
    (work / "node_modules" / "a").write_text("a")
    SetupCache(tmp_path / "home").keep("sha256:" + "a" * 64, work, (), ("sha256:" + "b" * 64,))
    return old(tmp_path / "home" / "setup" / ("a" * 32))


def test_what_is_put_again_is_young_again_and_stays(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path)
    digest, other = store.put_bytes(b"seen"), store.put_bytes(b"other")
    for one in (digest, other):
        old(store.path(one))
    listed = evidence(store)
    assert store.put_bytes(b"seen") == digest
    removal = Removal(tmp_path)
    assert removal.remove(listed[digest]) == "it was used meanwhile"
    assert removal.remove(listed[other]) == ""
    assert set(store.digests()) == {digest}
    assert removal.remove(listed[other]) == ""  # what is gone is gone


def test_a_setup_that_is_copied_stays_and_one_that_was_used_is_young(tmp_path: Path, setup: Path) -> None:
    home = tmp_path / "home"
    (listed,) = items(home, "setup")
    with held(setup) as there:
        assert there
        assert Removal(home).remove(listed) == "somebody uses it"
    assert SetupCache(home).restore("sha256:" + "a" * 64, tmp_path / "work2") is not None
    assert Removal(home).remove(listed) == "it was used meanwhile"
    old(setup)
    assert Removal(home).remove(listed) == ""
    assert SetupCache(home).restore("sha256:" + "a" * 64, tmp_path / "work3") is None
    assert not list((home / ".gone").iterdir())


def test_a_kill_while_files_go_leaves_nothing_half_and_the_next_one_finishes(
    tmp_path: Path, setup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    (listed,) = items(home, "setup")

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("radeng_assets.keeping.removal.shutil.rmtree", killed)
        with pytest.raises(KeyboardInterrupt):
            Removal(home).remove(listed)
    assert not setup.exists()
    assert items(home, "setup") == []
    (left,) = items(home, "leftovers")
    assert Removal(home).remove(left) == ""
    assert items(home, "leftovers") == []


def test_files_that_an_agent_locked_go_too(tmp_path: Path) -> None:
    left = tmp_path / ".gone" / "x" / "deep"
    left.mkdir(parents=True)
    (left / "file").write_text("x")
    left.chmod(0o500)
    (item,) = items(tmp_path, "leftovers")
    assert Removal(tmp_path).remove(item) == ""
    assert not (tmp_path / ".gone" / "x").exists()


def test_a_link_goes_and_what_it_names_stays(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    home = tmp_path / "home"
    (home / "scanners").mkdir(parents=True)
    (home / "scanners" / "link").symlink_to(kept)
    (item,) = items(home, "scanners")
    assert Removal(home).remove(item) == ""
    assert kept.is_dir()
    assert not (home / "scanners" / "link").is_symlink()


def test_replies_of_open_and_unknown_attempts_are_needed_and_money_stays(tmp_path: Path) -> None:
    with Books(tmp_path / BOOKS) as books:
        for story, attempt in (("A", 1), ("A", 2), ("B", 1)):
            scope = Scope(plan="p", wave="w", story=story, attempt=attempt)
            number = books.reserve(scope, 100, SpendingLimits(), "m", 1.0)
            books.settle(number, 7, Spent(turns=1), 1.0, Reply(scope, "1", "r", Paid(200, "text", b"12345")))
        # The broker is at work: its books are open.
        listed = items(tmp_path, "replies")
        assert {item.name: item.needed for item in listed} == {
            "p/w/A/1": "",
            "p/w/A/2": "its attempt is gone on with",
            "p/w/B/1": "no attempt on record is known by it",
        }
        before = books.spent(plan="p")
        (ended,) = [item for item in listed if not item.needed]
        assert (ended.at, ended.size) == (1.0, 5)
        assert Removal(tmp_path).remove(ended) == ""
        assert {item.name for item in items(tmp_path, "replies")} == {"p/w/A/2", "p/w/B/1"}
        assert books.spent(plan="p") == before


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "held"
    place.mkdir()
    return place


def test_many_hold_and_only_one_is_alone(folder: Path) -> None:
    with held(folder) as one, held(folder) as other, alone(folder) as free:
        assert (one, other, free) == (True, True, False)
    with alone(folder) as free, alone(folder) as second:
        assert (free, second) == (True, False)
    assert hold(folder / "nowhere") is None
    with alone(folder / "nowhere") as free:
        assert not free


def test_one_collection_at_a_time(tmp_path: Path) -> None:
    with nobody_else(tmp_path), pytest.raises(Busy, match="is at work"), nobody_else(tmp_path):
        pass
    with nobody_else(tmp_path):
        pass
