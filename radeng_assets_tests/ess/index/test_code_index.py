"""Snapshots: of a commit and nothing else, the same everywhere, and the same whether made cold or from another."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from pathlib import Path

import pytest

from radeng_assets.ess.index.build import KEEP, folder_of
from radeng_assets.ess.index.code_index import CodeIndex
from radeng_assets.execution.git import GitError, TargetRepository
from radeng_assets_tests.ess.index.trees import TREE, change, contents_of, repository
from radeng_assets_tests.folders import git


def built(home: Path, target: TargetRepository, commit: str = "HEAD") -> tuple[object, ...]:
    with CodeIndex.build(home, target, commit) as index:
        return contents_of(index)


def test_counts(index: CodeIndex) -> None:
    assert index.counts.files == len(TREE)
    assert index.counts.lines == sum(text.count("\n") for text in TREE.values())
    assert index.counts.sections == 2
    assert index.counts.symbols == 11
    assert index.counts.skipped == {}
    assert index.digest.startswith("sha256:")


def test_two_clean_homes_agree(tmp_path: Path) -> None:
    first = repository(tmp_path / "a" / "target", TREE)
    second = repository(tmp_path / "b" / "elsewhere", TREE)
    with CodeIndex.build(tmp_path / "home-a", first, "HEAD") as one:
        git(tmp_path / "b" / "elsewhere", "commit", "--quiet", "--allow-empty", "--message", "Same files")
        with CodeIndex.build(tmp_path / "home-b", second, "HEAD") as other:
            assert one.commit != other.commit
            assert one.digest == other.digest
            assert one.search("rate limiter") == other.search("rate limiter")


def test_incremental_equals_cold(tmp_path: Path) -> None:
    folder = tmp_path / "target"
    target = repository(folder, TREE)
    warm = tmp_path / "warm"
    steps = (
        {"service/money.py": TREE["service/money.py"].replace("round_up", "round_down")},
        {"service/money.py": TREE["service/money.py"]},
        {"src/clock.ts": None, "src/time/clock.ts": TREE["src/clock.ts"]},
        {"src/clock/index.ts": TREE["src/clock.ts"], "docs/manual.md": "# Other\n\nsrc/clock/index.ts\n"},
        {"service/money.py": None},
        {"service/money.py": TREE["service/money.py"], "new.py": "from service.money import CURRENCY\n"},
    )
    built(warm, target)
    for number, step in enumerate(steps):
        change(folder, step)
        assert built(warm, target) == built(tmp_path / f"cold-{number}", target), number


def test_an_older_commit_can_be_asked_after_a_newer_one(tmp_path: Path) -> None:
    folder = tmp_path / "target"
    target = repository(folder, TREE)
    old = target.head().commit
    cold = built(tmp_path / "cold", target, old)
    change(folder, {"service/money.py": None, "src/other.ts": "export const other = 1;\n"})
    warm = tmp_path / "warm"
    built(warm, target)
    assert built(warm, target, old) == cold


def test_branches_apart_give_the_dates_of_their_own_history(tmp_path: Path) -> None:
    folder = tmp_path / "target"
    target = repository(folder, TREE)
    git(folder, "switch", "--quiet", "--create", "side")
    side = change(folder, {"side.py": "SIDE = 1\n"})
    git(folder, "switch", "--quiet", "main")
    main = change(folder, {"main.py": "MAIN = 1\n"})
    warm = tmp_path / "warm"
    built(warm, target, side)
    assert built(warm, target, main) == built(tmp_path / "cold", target, main)


def test_only_what_is_committed_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "target"
    target = repository(folder, {"a.py": "COMMITTED = 1\n", ".gitignore": "secret.py\n"})
    (folder / "secret.py").write_text("IGNORED = 1\n", encoding="utf-8")
    (folder / "untracked.py").write_text("UNTRACKED = 1\n", encoding="utf-8")
    (folder / "a.py").write_text("DIRTY = 1\n", encoding="utf-8")
    with CodeIndex.build(tmp_path / "home", target, "HEAD") as index:
        assert index.definitions("COMMITTED")
        assert not any(index.definitions(name) for name in ("IGNORED", "UNTRACKED", "DIRTY"))
        assert index.counts.files == 2


def test_deleted_and_renamed_files_are_gone(tmp_path: Path) -> None:
    folder = tmp_path / "target"
    target = repository(folder, TREE)
    home = tmp_path / "home"
    built(home, target)
    change(folder, {"service/billing.py": None, "src/clock.ts": None, "src/watch.ts": TREE["src/clock.ts"]})
    with CodeIndex.build(home, target, "HEAD") as index:
        assert not index.definitions("bill_customer")
        assert [hit.path for hit in index.definitions("Clock")] == ["src/watch.ts"]
        assert "service/billing.py" not in {hit.path for hit in index.search("bill customer")}


def test_every_citation_exists_at_the_commit(index: CodeIndex, tree_folder: Path) -> None:
    hits = [*index.search("limiter customer currency manual retries clock"), *index.references("Clock")]
    hits += [*index.tests_of("bill_customer"), *index.definitions("acquire"), *index.neighbours("RateLimiter")]
    assert len(hits) > 10
    for hit in hits:
        lines = git(tree_folder, "show", f"{index.commit}:{hit.path}").count("\n")
        assert 1 <= hit.line_start <= hit.line_end <= lines


ODD: dict[str, str | bytes] = {
    "picture.png": b"\x89PNG\0\0",
    "utf16.py": "X = 1\n".encode("utf-16"),
    "latin.py": b"# caf\xe9\nLATIN = 1\n",
    "bundle.js": "var a=1;" * 1000,
    "huge.py": "X = 1\n" * 200_000,
    "broken.ts": "export function fine() {}\nexport class {{{\n",
    "empty.py": "",
    "bom.py": b"\xef\xbb\xbfBOM = 1\r\nSECOND = 2\r\n",
    "new\nline\t'quote.py": "NEWLINE = 1\n",
    "-dash.py": "DASH = 1\n",
    "\N{SNOWMAN}.py": "SNOW = 1\n",
    "*.py": "STAR = 1\n",
}


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> CodeIndex:
    """An index of files of every odd kind."""
    folder = tmp_path_factory.mktemp("odd") / "target"
    repository(folder, ODD)
    (folder / "link.py").symlink_to("latin.py")
    (folder / os.fsdecode(b"n\xff\xfe.py")).write_text("UNNAMED = 1\n", encoding="utf-8")
    git(folder, "add", "--all")
    git(folder, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},module")
    git(folder, "commit", "--quiet", "--message", "Odd")
    return CodeIndex.build(tmp_path_factory.mktemp("home"), TargetRepository.open(folder), "HEAD")


def test_odd_files_are_counted_by_reason(odd: CodeIndex) -> None:
    assert odd.counts.files == len(ODD)
    expected = {"binary": 2, "broken": 1, "huge": 1, "link": 1, "minified": 1, "name": 1, "not-utf8": 1, "submodule": 1}
    assert odd.counts.skipped == expected


@pytest.mark.parametrize(
    ("symbol", "path", "line"),
    [
        ("LATIN", "latin.py", 2),
        ("fine", "broken.ts", 1),
        ("SECOND", "bom.py", 2),
        ("NEWLINE", "new\nline\t'quote.py", 1),
        ("DASH", "-dash.py", 1),
        ("SNOW", "\N{SNOWMAN}.py", 1),
        ("STAR", "*.py", 1),
    ],
)
def test_odd_files_are_indexed_as_far_as_they_go(odd: CodeIndex, symbol: str, path: str, line: int) -> None:
    assert [(hit.path, hit.line_start) for hit in odd.definitions(symbol)] == [(path, line)]


def test_a_file_without_text_is_found_by_its_path(odd: CodeIndex) -> None:
    assert [hit.path for hit in odd.search("picture")] == ["picture.png"]
    assert [hit.path for hit in odd.search("bundle")] == ["bundle.js"]


def test_a_missing_object_is_counted_and_read_when_it_is_there(tmp_path: Path) -> None:
    folder = tmp_path / "target"
    target = repository(folder, {"a.py": "HERE = 1\n", "b.py": "GONE = 1\n"})
    blob = git(folder, "rev-parse", "HEAD:b.py").strip()
    loose = folder / ".git" / "objects" / blob[:2] / blob[2:]
    data = loose.read_bytes()
    loose.unlink()
    home = tmp_path / "home"
    with CodeIndex.build(home, target, "HEAD") as index:
        assert index.counts.skipped == {"missing": 1}
        assert index.definitions("HERE")
    loose.write_bytes(data)
    change(folder, {"c.py": "NEW = 1\n"})
    with CodeIndex.build(home, target, "HEAD") as index:
        assert index.counts.skipped == {}
        assert index.definitions("GONE")


def test_an_empty_commit_has_an_index(tmp_path: Path) -> None:
    folder = tmp_path / "target"
    folder.mkdir()
    git(folder, "init", "--quiet")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "Nothing")
    with CodeIndex.build(tmp_path / "home", TargetRepository.open(folder), "HEAD") as index:
        assert index.counts.files == 0
        assert index.search("anything") == ()
        assert index.nodes() == ()


def test_an_unknown_revision_is_an_error(tmp_path: Path, tree_folder: Path) -> None:
    with pytest.raises(GitError):
        CodeIndex.build(tmp_path, TargetRepository.open(tree_folder), "no-such-branch")


def test_latest_says_what_is_there_and_builds_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "target"
    target = repository(folder, TREE)
    home = tmp_path / "home"
    assert CodeIndex.latest(home, target) is None
    assert not home.exists()
    with CodeIndex.build(home, target, "HEAD") as index:
        change(folder, {"new.py": "NEW = 1\n"})
        latest = CodeIndex.latest(home, target)
        assert latest
        with latest:
            assert (latest.commit, latest.digest, latest.counts) == (index.commit, index.digest, index.counts)


def test_disk_is_bounded_and_a_reader_keeps_what_it_opened(tmp_path: Path) -> None:
    folder = tmp_path / "target"
    target = repository(folder, TREE)
    home = tmp_path / "home"
    with CodeIndex.build(home, target, "HEAD") as first:
        for number in range(KEEP + 2):
            change(folder, {"n.py": f"N = {number}\n"})
            CodeIndex.build(home, target, "HEAD").close()
        assert len(list(folder_of(home, target).glob("*.sqlite"))) == KEEP
        assert first.search("rate limiter")[0].symbol


@pytest.mark.parametrize("spoil", [b"", b"not a database" * 1000])
def test_a_spoiled_snapshot_is_made_again(tmp_path: Path, spoil: bytes) -> None:
    folder = tmp_path / "target"
    target = repository(folder, TREE)
    home = tmp_path / "home"
    before = built(home, target)
    for path in folder_of(home, target).glob("*.sqlite"):
        path.write_bytes(spoil)
    assert CodeIndex.latest(home, target) is None
    assert built(home, target) == before


def test_a_base_that_the_disk_spoiled_does_not_stop_the_next_snapshot(tmp_path: Path) -> None:
    folder = tmp_path / "target"
    target = repository(folder, TREE)
    home = tmp_path / "home"
    built(home, target)
    (base,) = folder_of(home, target).glob("*.sqlite")
    data = base.read_bytes()
    base.write_bytes(data[: 3 * 4096] + b"\xff" * (len(data) - 3 * 4096))  # the pages behind the schema and ``meta``
    change(folder, {"service/money.py": "CURRENCY = 'USD'\n"})
    assert built(home, target) == built(tmp_path / "cold", target)
    assert not base.exists()


def test_a_snapshot_is_one_sound_file(tmp_path: Path) -> None:
    target = repository(tmp_path / "target", TREE)
    CodeIndex.build(tmp_path / "home", target, "HEAD").close()
    (path,) = (path for path in folder_of(tmp_path / "home", target).iterdir() if path.name != "lock")
    with sqlite3.connect(path) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()


def test_a_bare_repository_can_be_indexed(tmp_path: Path, tree_folder: Path, index: CodeIndex) -> None:
    bare = tmp_path / "bare.git"
    subprocess.run(["git", "clone", "--quiet", "--bare", str(tree_folder), str(bare)], check=True)
    with CodeIndex.build(tmp_path / "home", TargetRepository.open(bare), "HEAD") as other:
        assert contents_of(other) == contents_of(index)
