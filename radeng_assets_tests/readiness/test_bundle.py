"""A bundle can be judged again anywhere, tells what was done to it, and a bad one is refused with words."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from radeng_assets.planning.folder import read_planning, read_sources
from radeng_assets.planning.snapshot import execution_digest, freeze, thaw
from radeng_assets.readiness.bundle import NotABundle, write_bundle
from radeng_assets.readiness.circumstances import Circumstances
from radeng_assets.readiness.docket import Docket
from radeng_assets.readiness.judge import judge
from radeng_assets.readiness.verification import recount
from radeng_assets_tests.readiness import dossier as made
from radeng_assets_tests.readiness.dossier import NOW, TARGET, Dossier


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The bundle of a plan whose stories are all done."""
    dossier = Dossier.at(tmp_path)
    plan = freeze(read_sources(tmp_path / "plan"), tmp_path)
    monkeypatch.setattr(made, "THIS", execution_digest(thaw(plan)))
    dossier.everything()
    circumstances = Circumstances(as_of=NOW, target=TARGET)
    sources = thaw(plan)
    docket = Docket(sources, read_planning(sources), dossier.ledger.copied(), circumstances, dossier.store.get_bytes)
    path = tmp_path / "verdict.zip"
    write_bundle(path, judge(docket.case()), docket, plan=plan, store=dossier.store)
    return path


def rewritten(bundle: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The bundle with its files changed."""
    with zipfile.ZipFile(bundle) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    other = bundle.with_name("other.zip")
    with zipfile.ZipFile(other, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return other


def test_the_same_verdict_follows(bundle: Path) -> None:
    found = recount(bundle)
    assert found.differences == ()
    assert found.claimed == found.verdict.digest
    assert found.verdict.criteria[0].status == "verified"


def claim_more(files: dict[str, bytes]) -> None:
    files["verdict.json"] = files["verdict.json"].replace(b"NOT_READY", b"READY")


def edit_the_plan(files: dict[str, bytes]) -> None:
    files["plan/EXECUTION-PLAN.yaml"] = files["plan/EXECUTION-PLAN.yaml"].replace(b"It counts down", b"It counts up")


def edit_the_ledger(files: dict[str, bytes]) -> None:
    files["ledger.jsonl"] = files["ledger.jsonl"].replace(b'"attempts":0', b'"attempts":1', 1)


def cut_the_ledger(files: dict[str, bytes]) -> None:
    files["ledger.jsonl"] = b"".join(files["ledger.jsonl"].splitlines(keepends=True)[:-1])


def edit_evidence(files: dict[str, bytes]) -> None:
    for name, data in files.items():
        if name.startswith("evidence/"):
            files[name] = data.replace(b'"exit_code":0', b'"exit_code":1')


def drop_evidence(files: dict[str, bytes]) -> None:
    for name in [name for name in files if name.startswith("evidence/")]:
        del files[name]


def move_the_target(files: dict[str, bytes]) -> None:
    files["circumstances.json"] = files["circumstances.json"].replace(TARGET.commit.encode(), b"d" * 40)


def set_the_clock_back(files: dict[str, bytes]) -> None:
    files["circumstances.json"] = files["circumstances.json"].replace(NOW.encode(), b"2020-01-01T00:00:00+00:00")


CHANGES = (
    claim_more,
    edit_the_plan,
    edit_the_ledger,
    cut_the_ledger,
    edit_evidence,
    drop_evidence,
    move_the_target,
    set_the_clock_back,
)


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_was_done_to_it_is_told(change: Callable[[dict[str, bytes]], None], bundle: Path) -> None:
    found = recount(rewritten(bundle, change))
    assert found.differences
    assert found.verdict.verdict == "NOT_READY"


def test_a_difference_is_named_by_its_place(bundle: Path) -> None:
    found = recount(rewritten(bundle, claim_more))
    assert "verdict: 'READY' is claimed, 'NOT_READY' follows" in found.differences


def test_a_digest_of_its_own_makes_no_claim_true(bundle: Path) -> None:
    found = recount(rewritten(bundle, lambda files: files.update({"verdict.json": b'{"digest": 1e999}'})))
    assert any(words.startswith("digest: inf is claimed") for words in found.differences)


@pytest.mark.parametrize("lost", ["verdict.json", "circumstances.json", "ledger.jsonl", "plan/unreadable.json"])
def test_a_bundle_that_is_not_whole_is_refused(lost: str, bundle: Path) -> None:
    with pytest.raises(NotABundle):
        recount(rewritten(bundle, lambda files: files.__delitem__(lost)))


@pytest.mark.parametrize("bad", [b"", b"no zip", b"PK\x03\x04 and no more"])
def test_a_file_that_is_no_bundle_is_refused(bad: bytes, tmp_path: Path) -> None:
    path = tmp_path / "bad.zip"
    path.write_bytes(bad)
    with pytest.raises(NotABundle, match="no zip file"):
        recount(path)


@pytest.mark.parametrize("name", ["verdict.json", "circumstances.json"])
@pytest.mark.parametrize("bad", [b"", b"[]", b"\xff", b'{"as_of": 1'])
def test_a_part_that_cannot_be_read_is_refused(name: str, bad: bytes, bundle: Path) -> None:
    with pytest.raises(NotABundle):
        recount(rewritten(bundle, lambda files: files.update({name: bad})))


@pytest.mark.parametrize("when", ["yesterday", "2026-11-27T00:00:00", ""])
def test_a_moment_of_judging_that_is_none_is_refused(when: str, bundle: Path) -> None:
    def change(files: dict[str, bytes]) -> None:
        files["circumstances.json"] = files["circumstances.json"].replace(NOW.encode(), when.encode())

    with pytest.raises(NotABundle, match="damaged"):
        recount(rewritten(bundle, change))


def test_a_name_that_no_folder_can_hold_is_refused(bundle: Path) -> None:
    with pytest.raises(NotABundle, match="damaged"):
        recount(rewritten(bundle, lambda files: files.update({f"plan/{'x' * 300}": b""})))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_bundle_is_refused_or_another(bundle: Path, data: st.DataObject) -> None:
    whole = bundle.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    edit = data.draw(st.binary(max_size=8))
    path = bundle.with_name("damaged.zip")
    path.write_bytes(whole[:at] + edit + whole[at + data.draw(st.integers(0, 8)) :])
    with suppress(NotABundle):
        recount(path)


def test_no_name_in_a_bundle_leaves_the_scratch_folder(bundle: Path, tmp_path: Path) -> None:
    names = ("plan/../../escaped.yaml", "/plan/escaped.yaml", "plan/..", "../escaped.yaml", "plan/a/../escaped.yaml")
    recount(rewritten(bundle, lambda files: files.update(dict.fromkeys(names, b"x"))))
    assert not list(tmp_path.rglob("escaped*"))
