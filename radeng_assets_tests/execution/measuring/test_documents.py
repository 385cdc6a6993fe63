"""``radeng:documents`` on a real commit: git's own bytes, and blocks that really run."""

from __future__ import annotations

from pathlib import Path

import pytest

from radeng_assets.evidence.formats.block_run import BlockRun
from radeng_assets.execution.measuring import documents
from radeng_assets_tests.execution.measuring.scenes import Site
from radeng_assets_tests.folders import commit, git


def block(text: str, info: str = "bash run") -> str:
    return f"```{info}\n{text}\n```\n\n"


@pytest.fixture
def site(tmp_path: Path, target: Path) -> Site:
    return Site(target, tmp_path / "home")


def runs_of(site: Site) -> dict[str, BlockRun]:
    (envelope,) = site.measure("documentation", "radeng:documents")
    assert envelope.state == "passed"
    return {name: BlockRun.model_validate_json(data) for name, data in site.files(envelope, "runs").items()}


def test_it_keeps_the_commits_own_bytes(site: Site) -> None:
    (site.target / "README.md").write_bytes(b"# A\r\n\r\nText $Id$\r\n")
    (site.target / "NOTES.txt").write_text("Notes.\n")
    (site.target / ".gitattributes").write_text("*.md ident text eol=crlf\n")
    commit(site.target, "Say")
    (site.target / "README.md").write_text("# Edited and not committed\n")
    (envelope,) = site.measure("documentation", "radeng:documents")
    kept = site.files(envelope, "documents")
    assert sorted(kept) == ["NOTES.txt", "README.md", "docs/use.md"]
    said = git(site.target, "show", "HEAD:README.md")
    assert kept["README.md"].decode().replace("\r\n", "\n") == said.replace("\r\n", "\n")
    assert b"$Id$" in kept["README.md"]
    assert site.files(envelope, "runs") == {}


def test_marked_blocks_run_in_the_commits_worktree_and_others_do_not(site: Site) -> None:
    (site.target / "README.md").write_text(
        block("python3 -c 'import counter'\ntest -f check.py")
        + block("false\ntrue")
        + block("touch ran", "bash")
        + block("test ! -e ran", "sh run")
        + block("no-such-program")
        + block("print(1)", "python run")
        + block("# only a remark")
    )
    commit(site.target, "Say")
    states = [(run.text.split("\n")[0], run.state) for run in runs_of(site).values()]
    assert states == [
        ("python3 -c 'import counter'", "passed"),
        ("false", "failed"),
        ("test ! -e ran", "passed"),
        ("no-such-program", "no_runner"),
        ("print(1)", "no_runner"),
        ("# only a remark", "no_runner"),
    ]


def test_blocks_find_the_worktree_set_up_and_a_setup_that_fails_shows_nothing(site: Site) -> None:
    (site.target / "README.md").write_text(block("test -f made"))
    commit(site.target, "Say")
    assert [run.state for run in runs_of(Site(site.target, site.home, ("touch made",))).values()] == ["passed"]
    other = Site(site.target, site.home.with_name("other"), ("false",))
    (run,) = runs_of(other).values()
    assert run.state == "no_runner"
    assert "setup" in run.reason


def test_what_is_left_out_is_said(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MOST_BYTES", 40)
    monkeypatch.setattr(documents, "MOST_FILES", 2)
    monkeypatch.setattr(documents, "MOST_RUNS", 1)
    (site.target / "README.md").write_text("```sh run\ntrue\n```\n```sh run\ntrue\n```\n"[:40])
    (site.target / "A.md").write_text("```sh run\n:\n```\n```sh run\n:\n```\n")
    (site.target / "big.md").write_text("x" * 41)
    commit(site.target, "Say")
    (envelope,) = site.measure("documentation", "radeng:documents")
    assert sorted(site.files(envelope, "documents")) == ["A.md", "README.md"]
    said = site.store.get_bytes(envelope.artifacts[0].digest).decode()
    assert "big.md: 41 bytes are too many, left out" in said
    assert "docs/use.md: left out, 2 documents are kept" in said
    assert "A.md:4: not run, 1 blocks are" in said
