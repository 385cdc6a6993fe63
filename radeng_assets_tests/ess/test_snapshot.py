"""A snapshot of a real commit, with the gateway up, ailing, refusing and gone; and what becomes evidence of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from radeng_assets.ess.access import EssAccess, remembered
from radeng_assets.ess.lookup import Lookup
from radeng_assets.ess.reader import Reader
from radeng_assets.ess.showing import Occasion, measurement_of
from radeng_assets.ess.snapshot import Snapshot, question_for, take
from radeng_assets.ess.terms import EssTerms, GatewayTerms
from radeng_assets.ess.trials import ShownTrial
from radeng_assets.evidence.envelope import Subject
from radeng_assets.evidence.store import EvidenceStore
from radeng_assets.execution.git import TargetRepository
from radeng_assets_tests.ess.loopback import KEY, Answer, LoopbackGateway, health, http, match, reply, speaking
from radeng_assets_tests.ess.targets import sound_target
from radeng_assets_tests.folders import commit

GOOD = http(200, reply(match("ring.py", 1, 3), match("gone.py", 1, 2)))
TERMS = EssTerms(gateway=GatewayTerms(tries=1))


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> TargetRepository:
    return TargetRepository.open(sound_target(tmp_path_factory.mktemp("target") / "repository"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One home for the module: the index of the one commit is made once."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def alone(home: Path, repository: TargetRepository) -> EssAccess:
    return EssAccess(home, repository, TERMS)


def behind(gateway: LoopbackGateway, alone: EssAccess) -> EssAccess:
    return EssAccess(alone.home, alone.repository, TERMS, gateway.url, SecretStr(KEY))


@pytest.fixture
def up(alone: EssAccess) -> Iterator[EssAccess]:
    with LoopbackGateway(speaking(GOOD), key=KEY) as gateway:
        yield behind(gateway, alone)


def test_without_a_gateway_the_index_is_shown_to_answer(alone: EssAccess) -> None:
    head = alone.repository.head().commit
    found = take(alone, head)
    assert (found.state, found.source, found.commit) == ("passed", "embedded", head)
    assert found.counts is not None
    assert (found.counts.files, found.counts.symbols) == (4, 7)
    assert found.veracity is not None
    assert 85 <= found.veracity < 100
    assert set(found.fault_counts) == {"ORPHANED_NODE"}
    assert {fault.path for fault in found.faults} == {"counter.py", "docs/use.md"}
    assert found.gateway.sound
    assert found.reader == Reader.installed()
    assert found.exercise is not None
    assert (found.exercise.up.demanded, found.exercise.down.state) == (False, "passed")


def test_with_a_gateway_both_branches_are_shown(up: EssAccess) -> None:
    found = take(up, "HEAD")
    assert (found.state, found.source, found.gateway.health) == ("passed", "gateway", "healthy")
    assert found.exercise is not None
    assert (found.exercise.up.results, found.exercise.down.source) == (1, "embedded")


@pytest.mark.parametrize(
    ("query", "healthy", "words"),
    [
        (GOOD, http(207, health("degraded", neo4j="error")), "degraded"),
        (GOOD, http(503, health("unhealthy", neo4j="error")), "unhealthy"),
        (http(200, reply(status="unavailable")), None, "neither of its stores"),
        (http(429, {}), None, "too many requests"),
        (http(200, reply(match("gone.py", 1, 1))), None, "no place that exists"),
    ],
)
def test_a_gateway_that_is_configured_and_does_not_do_fails_its_branch(
    query: Answer, healthy: Answer | None, words: str, alone: EssAccess
) -> None:
    with LoopbackGateway(speaking(query, healthy), key=KEY) as gateway:
        found = take(behind(gateway, alone), "HEAD")
    assert (found.state, found.source) == ("failed", "embedded")
    assert words in found.reason
    assert found.exercise is not None
    assert found.exercise.down.state == "passed"


def test_a_commit_that_is_gone_gives_no_snapshot_and_no_pass(alone: EssAccess) -> None:
    found = take(alone, "e" * 40)
    assert (found.state, found.index, found.veracity) == ("missing", None, None)
    assert "no index could be made" in found.reason


def test_each_branch_is_evidence_and_the_key_is_in_none(up: EssAccess, tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path)
    head = up.repository.head()
    subject = Subject(commit=head.commit, tree=head.tree)
    occasion = Occasion(started="2026-01-01T00:00:00Z", ended="2026-01-01T00:00:01Z", session="s", plan="sha256:p")
    snapshot = take(up, head.commit)
    report = measurement_of(snapshot, subject, occasion, store)
    assert (report.report, report.commit, report.tree) == ("ess", head.commit, head.tree)
    envelopes = [store.get_envelope(digest) for digest in report.evidence]
    assert [envelope.kind for envelope in envelopes] == ["ess:service_up", "ess:service_down"]
    assert {envelope.subject.commit for envelope in envelopes} == {head.commit}
    shown = ShownTrial.model_validate_json(store.get_bytes(envelopes[1].artifacts[0].digest))
    assert (shown.trial.outcome, shown.index) == ("unreachable", snapshot.index)
    assert (shown.snapshot_state, shown.veracity) == ("passed", snapshot.veracity)
    kept = [*tmp_path.rglob("*"), *up.home.rglob("*")]
    assert not [path for path in kept if path.is_file() and KEY.encode() in path.read_bytes()]


def test_a_snapshot_that_is_missing_is_reported_without_evidence(tmp_path: Path) -> None:
    missing = Snapshot(state="missing", reason="no index could be made")
    occasion = Occasion(started="", ended="", session="s", plan="p")
    found = measurement_of(missing, Subject(commit="c", tree="t"), occasion, EvidenceStore(tmp_path))
    assert (found.evidence, found.reason) == ((), "no index could be made")


def test_a_commit_without_code_is_asked_for_its_first_file() -> None:
    assert question_for((), ("a.txt", "b.txt")) == "a.txt"
    assert question_for((), ()) == ""


def test_other_releases_are_another_pin() -> None:
    installed = Reader.installed()
    other = installed.model_copy(update={"model": "sha256:m"})
    assert other.pin != installed.pin
    assert installed.differences(installed) == ()
    assert other.differences(installed) == ("embedding model: sha256:m, now none",)


# --- what agents are told ----------------------------------------------------------------------


def test_an_agent_is_told_places_that_exist_at_its_base(alone: EssAccess, tmp_path: Path) -> None:
    target = sound_target(tmp_path / "target")
    access = EssAccess(tmp_path / "home", TargetRepository.open(target), TERMS)
    base = access.repository.head().commit
    lookup = Lookup(access, base)
    assert not (tmp_path / "home").exists()  # nothing is built before it is asked
    (target / "ring.py").unlink()
    commit(target, "Take the ring away")
    answer = lookup.answer("three of the ring").splitlines()
    assert answer[0] == "ring.py:11-13 function three"
    assert answer[-2].startswith("veracity ")
    assert answer[-1] == f"answered by embedded, at commit {base[:12]}"
    assert lookup.places("three of the ring", 2)[0] == "ring.py:11-13 function three"
    assert lookup.answer("nothing of the kind qqqq").splitlines()[0] == "[no place answers this]"


def test_an_agent_is_told_who_else_answered(up: EssAccess) -> None:
    answer = Lookup(up, "HEAD").answer("ring").splitlines()
    assert answer[0].startswith("ring.py:1-3")
    assert answer[-1].startswith("answered by gateway, at commit")


def test_a_base_that_cannot_be_read_is_an_answer_and_no_failure(alone: EssAccess) -> None:
    lookup = Lookup(alone, "e" * 40)
    assert lookup.answer("ring").startswith("[the code cannot be looked up")
    assert lookup.places("ring", 3) == ()


def test_the_repository_that_was_asked_about_last_is_known(alone: EssAccess, tmp_path: Path) -> None:
    assert remembered(tmp_path) is None
    take(alone, "HEAD")
    assert remembered(alone.home) == alone.repository
