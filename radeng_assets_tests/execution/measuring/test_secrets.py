"""``radeng:secrets`` on real repositories: wherever a secret is put, it is found, and its clean twin finds nothing."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from radeng_assets.evidence.formats.sarif import SarifRun, read_sarif
from radeng_assets.evidence.formats.sarif_result import SarifFinding
from radeng_assets.execution.branches import Branches
from radeng_assets.execution.git import TargetRepository
from radeng_assets.execution.measuring import kingfisher
from radeng_assets.execution.measuring import secrets as measuring
from radeng_assets.execution.measuring.own import OWN
from radeng_assets.execution.measuring.scene import Taken
from radeng_assets.execution.mirror import Mirror
from radeng_assets_tests.execution.measuring.scenes import scene_of
from radeng_assets_tests.folders import commit, git
from radeng_assets_tests.readiness.reports.test_security import Scanner, judged

TOKEN = "ghp_" + "a1B2c3D4e5F6" * 3
OTHER = "ghp_" + "z9Y8x7W6v5U4" * 3
OWN_KEY = "correct-horse-battery-staple-42"
"""A key that looks like none: only its exact value gives it away."""


@pytest.fixture(autouse=True)
def _ours_alone(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Our own forms alone: kingfisher compiles its rules for ten seconds in each new home."""
    if "fisher" not in request.fixturenames:
        monkeypatch.setattr(kingfisher, "installed", lambda: None)


@pytest.fixture
def fisher() -> None:
    if kingfisher.installed() is None:
        pytest.skip("kingfisher is not installed (extra `scanners`)")


@dataclass
class Target:
    """A repository, and the scan of its HEAD."""

    root: Path

    def __post_init__(self) -> None:
        self.repo = self.root / "target"
        self.repo.mkdir()
        git(self.repo, "init", "--quiet", "--initial-branch=main")
        self.write("src/app.py", "print('hello')\n")
        commit(self.repo, "Begin")

    def write(self, path: str, data: str | bytes) -> None:
        place = self.repo / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data.encode() if isinstance(data, str) else data)

    def add(self, path: str, data: str | bytes) -> None:
        self.write(path, data)
        git(self.repo, "add", "--force", "--all")
        git(self.repo, "commit", "--quiet", "--message", f"Write {path}")

    def remove(self, path: str) -> None:
        (self.repo / path).unlink()
        commit(self.repo, f"Remove {path}")

    def taken(self, own: tuple[str, ...] = ()) -> Taken:
        mirror = Mirror(self.root / "home", TargetRepository.open(self.repo))
        mirror.prepare()
        head = mirror.resolve(mirror.target.head().commit)
        scene = scene_of(self.repo, head, mirror, Branches("plan"), secrets=own)
        return OWN["secrets"](scene)

    def runs(self, own: tuple[str, ...] = ()) -> tuple[SarifRun, ...]:
        taken = self.taken(own)
        assert (taken.state, taken.reason) == ("passed", "")
        data = taken.files[measuring.ROLE, measuring.PATH]
        assert TOKEN.encode() not in data
        assert OWN_KEY.encode() not in data
        report, _ = read_sarif(data, measuring.PATH)
        assert report is not None
        return report.runs

    def found(self, own: tuple[str, ...] = ()) -> list[SarifFinding]:
        run = self.runs(own)[0]
        assert run.doubts == ()
        return list(run.findings)

    def where(self, own: tuple[str, ...] = ()) -> list[tuple[str, str | None, int | None]]:
        return [(one.rule, one.path, one.line) for one in self.found(own)]


@pytest.fixture
def target(tmp_path: Path) -> Target:
    return Target(tmp_path)


def test_a_clean_repository_is_clean(target: Target) -> None:
    assert target.found() == []
    assert target.runs()[0].state == "passed"


LINE = f"TOKEN = '{TOKEN}'"
ANYWHERE: dict[str, tuple[str, str | bytes]] = {
    "in a source file": ("src/b.py", f"# first\n{LINE}\n"),
    "in a lock file": ("package-lock.json", json.dumps({"resolved": f"https://{TOKEN}@npm.example"}, indent=1)),
    "in a picture of text": ("logo.svg", f"<svg>\n<!-- {TOKEN} --></svg>"),
    "in node_modules": ("node_modules/x/index.js", f"\nlet a = '{TOKEN}'"),
    "with inline ignores": (
        "src/b.py",
        f"\n{LINE}  # nosec noqa gitleaks:allow kingfisher:ignore pragma: allowlist secret",
    ),
    "in a file that looks binary": ("data.bin", b"\0\1\2\n" + TOKEN.encode()),
    "in UTF-16": ("notes.txt", f"\n{LINE}".encode("utf-16")),
    "in UTF-16 without a mark": ("notes.txt", f"\n{LINE}".encode("utf-16-be")),
    "with invisible characters": ("src/b.py", f"\n{LINE[:20]}\u200b{LINE[20:]}"),
    "under a name with blanks": ("a b/c%20d\n.txt", f"\n{TOKEN}"),
    "in Latin-1": ("notes.txt", f"\xe9\n{TOKEN}".encode("latin-1")),
    "in a hidden file": (".env.production", f"\n{TOKEN}"),
}


@pytest.mark.parametrize("name", ANYWHERE)
def test_it_is_found_wherever_it_stands(target: Target, name: str) -> None:
    path, data = ANYWHERE[name]
    target.add(path, data)
    assert ("github-token", path, 2) in target.where()
    # The twin: the same file with something else in place of the secret.
    clean = Target(target.root / "clean") if (target.root / "clean").mkdir() is None else target
    if isinstance(data, str):
        clean.add(path, data.replace("\u200b", "").replace(TOKEN, "see the vault"))
        assert clean.found() == []


def test_it_is_found_in_the_history_alone(target: Target) -> None:
    target.add("old.py", LINE)
    target.remove("old.py")
    target.add("src/app.py", LINE)
    target.add("src/app.py", "print('hello')\n")
    assert target.where() == [("github-token", "old.py", None), ("github-token", "src/app.py", None)]


def test_it_is_found_on_branches_of_the_plan_and_on_no_others(target: Target) -> None:
    for branch, path in (("radeng/plan/A-1", "story.py"), ("feature", "feature.py"), ("radeng/other/A-1", "other.py")):
        git(target.repo, "checkout", "--quiet", "-b", branch, "main")
        target.add(path, LINE)
    git(target.repo, "checkout", "--quiet", "--detach", "main")
    target.add("attempt.py", LINE)
    git(target.repo, "update-ref", "refs/radeng/plan/A-1/attempt-1", "HEAD")
    git(target.repo, "checkout", "--quiet", "main")
    assert [path for _, path, _ in target.where()] == ["attempt.py", "story.py"]


def test_it_is_found_in_what_a_merge_alone_wrote(target: Target) -> None:
    git(target.repo, "checkout", "--quiet", "-b", "side")
    target.add("side.py", "a = 1\n")
    git(target.repo, "checkout", "--quiet", "main")
    target.add("main.py", "b = 1\n")
    git(target.repo, "merge", "--quiet", "--no-commit", "side")
    target.write("merged.py", LINE)
    commit(target.repo, "Merge")
    target.remove("merged.py")
    assert target.where() == [("github-token", "merged.py", None)]


DISGUISES: dict[str, Callable[[str], str]] = {
    "plain": str,
    "reversed": lambda key: key[::-1],
    "hex": lambda key: key.encode().hex(),
    "base64": lambda key: base64.b64encode(key.encode()).decode(),
    "base64, shifted": lambda key: base64.b64encode(f"x{key}".encode()).decode(),
    "base64, shifted by two": lambda key: base64.b64encode(f"xy{key}".encode()).decode(),
}


@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_key_of_this_machine_is_found_however_it_is_encoded(target: Target, disguise: str) -> None:
    target.add("src/b.py", f"\nx = [{DISGUISES[disguise](OWN_KEY)}]\n")
    assert target.where((OWN_KEY,)) == [("machine-secret", "src/b.py", 2)]
    assert target.where(("another-key-altogether",)) == []


def contents(target: Target) -> dict[str | None, str | None]:
    return {one.path: one.content for one in target.found()}


def test_it_is_known_again_by_itself_and_not_by_its_place(target: Target) -> None:
    target.add("a.py", LINE)
    (first,) = contents(target).values()
    target.add("a.py", f"# moved\n\n\n    {LINE}  # and more\n")
    assert [(one.content, one.line) for one in target.found()] == [(first, 4)]
    target.remove("a.py")
    assert [(one.content, one.line) for one in target.found()] == [(first, None)]
    target.add("a.py", LINE)
    assert [(one.content, one.line) for one in target.found()] == [(first, 1)]
    # Another secret in its place is another one, and the first is still in the history.
    target.add("a.py", LINE.replace(TOKEN, OTHER))
    assert sorted((one.content == first, one.line) for one in target.found()) == [(False, 1), (True, None)]


def test_a_copy_and_a_move_are_found_at_each_path(target: Target) -> None:
    target.add("a.py", LINE)
    target.add("b.py", LINE)
    assert target.where() == [("github-token", "a.py", 1), ("github-token", "b.py", 1)]
    git(target.repo, "mv", "b.py", "c.py")
    commit(target.repo, "Move")
    assert target.where() == [
        ("github-token", "a.py", 1),
        ("github-token", "b.py", None),
        ("github-token", "c.py", 1),
    ]


def test_two_on_one_line_are_two(target: Target) -> None:
    target.add("a.py", f"A, B = '{TOKEN}', '{OTHER}'")
    assert len({one.content for one in target.found()}) == 2


def key_block(body: str) -> str:
    return f"-----BEGIN RSA PRIVATE KEY-----\n{body}\n-----END RSA PRIVATE KEY-----\n"


def test_a_private_key_is_its_body(target: Target) -> None:
    target.add("a.pem", key_block("MIIEow" + "A" * 60))
    (first,) = contents(target).values()
    target.add("a.pem", "\n" + key_block("MIIEow" + "A" * 60).replace("\n", "\n  "))
    assert contents(target) == {"a.pem": first}
    target.add("a.pem", key_block("MIIEow" + "B" * 60))
    assert len(target.found()) == 2
    # A waived token inside the block takes nothing away from the key.
    target.add("b.pem", key_block(TOKEN))
    assert {one.rule for one in target.found() if one.path == "b.pem"} == {"private-key", "github-token"}


def test_what_was_not_looked_at_is_said(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    target.add("big.txt", "x" * 2000)
    assert target.runs()[0].state == "passed"
    for name, value in (("MOST_BYTES", 1000), ("MOST_BLOBS", 1), ("MOST_BYTES_IN_ALL", 1000)):
        with monkeypatch.context() as patch:
            patch.setattr(measuring, name, value)
            (run,) = target.runs()
            assert run.state == "no_runner", name


def test_a_history_that_is_not_all_there_shows_nothing(target: Target, tmp_path: Path) -> None:
    target.add("a.py", LINE)
    target.remove("a.py")
    shallow = tmp_path / "shallow"
    shallow.mkdir()
    git(tmp_path, "clone", "--quiet", "--depth=1", target.repo.as_uri(), str(shallow / "target"))
    clone = object.__new__(Target)
    clone.root, clone.repo = shallow, shallow / "target"
    taken = clone.taken()
    assert taken.state == "no_runner"
    assert "not all of the repository can be read" in taken.reason


def test_the_same_repository_gives_the_same_bytes(target: Target) -> None:
    target.add("b.py", LINE)
    target.add("a.py", LINE.replace(TOKEN, OTHER))
    assert target.taken().files == target.taken().files


@pytest.mark.usefixtures("fisher")
def test_kingfisher_finds_what_we_have_no_form_for(target: Target) -> None:
    hook = f"https://hooks.slack.com/services/T0{'PLIIX6MEO'}/B0{'LEMA61EQJ'}/{secrets.token_hex(12)}"
    target.add("yarn.lock", f"\nurl: {hook} # kingfisher:ignore\n{LINE}\n")
    target.add("copy.txt", f"\nurl: {hook}\n")
    data = target.taken().files[measuring.ROLE, measuring.PATH]
    report, _ = read_sarif(data, measuring.PATH)
    assert report is not None
    ours, theirs = report.runs
    assert [one.path for one in ours.findings] == ["yarn.lock"]
    assert (theirs.tool, theirs.doubts) == ("kingfisher", ())
    assert [(one.path, one.line) for one in theirs.findings] == [("copy.txt", 2), ("yarn.lock", 2)]
    assert hook.encode() not in data


@pytest.mark.parametrize(
    "script",
    [
        "exit 1",
        "exit 0",
        "echo '{\"findings\": []}' > $7; exit 0",
        "echo 'no JSON' > $7; exit 200",
    ],
)
def test_a_kingfisher_that_broke_down_shows_nothing(
    target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    program = tmp_path / "kingfisher"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(kingfisher, "installed", lambda: program)
    ours, theirs = target.runs()
    assert ours.state == "passed"
    assert theirs.state == "no_runner"


def test_the_report_knows_a_secret_again(target: Target) -> None:
    def issues() -> dict[str, str]:
        data = target.taken().files[measuring.ROLE, measuring.PATH]
        shown = judged({"secrets": Scanner({"secrets": data})})
        assert shown.state == "passed"
        assert {issue.grade for issue in shown.issues} <= {"critical"}
        assert TOKEN not in shown.model_dump_json()
        return {issue.digest: issue.message for issue in shown.issues}

    assert issues() == {}
    target.add("a.py", LINE)
    (first,) = issues()
    target.add("a.py", f"\n\n{LINE}")
    target.remove("a.py")
    assert list(issues()) == [first]
    assert "in the history" in issues()[first]
    target.add("b.py", LINE)
    target.add("a.py", LINE.replace(TOKEN, OTHER))
    assert len(issues()) == 3
    assert first in issues()
