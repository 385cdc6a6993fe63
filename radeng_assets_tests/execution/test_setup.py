"""What a setup leaves behind is kept by what it depends on, and only from commits that are trusted."""

from __future__ import annotations

from pathlib import Path

from radeng_assets.evidence.ledger import Ledger
from radeng_assets.evidence.outcomes import Ticket
from radeng_assets.evidence.store import EvidenceStore
from radeng_assets.execution.gates import Limits, Prover, always
from radeng_assets.execution.git import TargetRepository
from radeng_assets.execution.workspace import Workspaces
from radeng_assets_tests.folders import commit, git

SETUP = "mkdir -p node_modules/x && date +%N > node_modules/x/y && ln -s x/y node_modules/link"


def prover(home: Path, target: Path, *, trusted: bool = True) -> Prover:
    repository = TargetRepository.open(target)
    workspaces = Workspaces(home, repository)
    workspaces.mirror.prepare()
    return Prover(
        home=home,
        workspaces=workspaces,
        ledger=Ledger(home / "ledger.jsonl"),
        store=EvidenceStore(home),
        setup=(SETUP,),
        limits=Limits(timeout_s=20, output_bytes=1000),
        trusted=always if trusted else (lambda _: False),
    )


def show(prover: Prover, session: str) -> str:
    head = prover.workspaces.target.head()
    ticket = Ticket(wave="w", session=session, mode="none", plan="p", commit=head.commit, tree=head.tree)
    shown = prover.show("gate:post_story", "s", ("cat node_modules/x/y node_modules/link",), ticket)
    assert shown.state == "passed", shown.reason
    envelopes = [prover.store.get_envelope(digest) for digest in shown.evidence]
    assert [envelope.kind for envelope in envelopes] == ["setup", "gate:post_story"]
    return prover.store.get_bytes(envelopes[1].artifacts[0].digest).decode()


def test_it_runs_once_for_each_lock_file(target: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (target / "package-lock.json").write_text("{}", encoding="utf-8")
    commit(target, "Lock")
    first = show(prover(home, target), "a")
    assert show(prover(home, target), "b") == first
    (target / "docs" / "more.md").write_text("x", encoding="utf-8")
    commit(target, "Say more")
    assert show(prover(home, target), "c") == first
    (target / "package-lock.json").write_text('{"x": 1}', encoding="utf-8")
    commit(target, "Lock another")
    assert show(prover(home, target), "d") != first
    assert len(list((home / "setup").iterdir())) == 2


def test_nothing_is_kept_of_what_is_not_trusted_or_not_locked(target: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    assert show(prover(home, target), "a") != show(prover(home, target), "b")  # nothing says what it depends on
    (target / "package-lock.json").write_text("{}", encoding="utf-8")
    commit(target, "Lock")
    assert show(prover(home, target, trusted=False), "c") != show(prover(home, target, trusted=False), "d")
    assert not (home / "setup").exists() or not list((home / "setup").iterdir())
    assert git(target, "status", "--porcelain") == ""
