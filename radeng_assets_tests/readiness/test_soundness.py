"""What the ledger says counts only as far as the evidence itself bears it out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from radeng_assets.canonical import canonical
from radeng_assets.evidence.envelope import Artifact, Subject
from radeng_assets.evidence.outcomes import CriterionOutcome
from radeng_assets.readiness.judge import judge
from radeng_assets_tests.readiness.dossier import TARGET, TEXTS, Dossier, at


@pytest.fixture
def dossier(tmp_path: Path) -> Dossier:
    made = Dossier.at(tmp_path)
    made.everything(but="A-1")
    return made


def judged(dossier: Dossier) -> tuple[str, str]:
    found = judge(dossier.case()).criteria[0]
    return found.status, found.reason


def story(dossier: Dossier, evidence: tuple[str, ...], **changes: Any) -> None:
    criteria = (CriterionOutcome(number=1, text=TEXTS["A-1"], state="passed", evidence=evidence),)
    dossier.story("A-1", "already_satisfied", **{"evidence": evidence, "criteria": criteria, **changes})


def test_sound_evidence_counts(dossier: Dossier) -> None:
    story(dossier, (dossier.envelope(),))
    assert judged(dossier)[0] == "verified"


ENVELOPES: dict[str, tuple[dict[str, Any], str]] = {
    "a command that failed": ({"state": "failed"}, "says failed"),
    "a command that timed out": ({"state": "timeout"}, "says timeout"),
    "another command": ({"command": "true"}, "no evidence that"),
    "another tree": ({"subject": Subject(commit=TARGET.commit, tree="9" * 40)}, "about another tree"),
    "another plan": ({"plan": "sha256:other"}, "another execution plan"),
    "no command at all": ({"argv": ()}, "no evidence that"),
    "a pass with exit code 1": ({"exit_code": 1}, "ended with 1"),
    "a pass without exit code": ({"exit_code": None}, "ended with None"),
    "the future": ({"ended": at(days=1)}, "a clock was set back"),
    "time running backwards": ({"ended": at(days=-1)}, "ends before it begins"),
    "a time that is none": ({"ended": "yesterday"}, "is no envelope"),
    "setup alone": ({"kind": "setup"}, "no evidence that"),
}


def test_an_artifact_of_another_size_shows_nothing(dossier: Dossier) -> None:
    output = Artifact(name="output", digest=dossier.store.put_bytes(b"OK\n"), kept_bytes=99, total_bytes=99)
    story(dossier, (dossier.envelope(artifacts=(output,)),))
    assert "is not of the size" in judged(dossier)[1]


@pytest.mark.parametrize("name", ENVELOPES)
def test_evidence_of_something_else_shows_nothing(name: str, dossier: Dossier) -> None:
    changes, words = ENVELOPES[name]
    story(dossier, (dossier.envelope(**changes),))
    status, reason = judged(dossier)
    assert status == "unverified"
    assert "not borne out by evidence: A-1" in reason
    assert words in reason


def test_a_done_story_without_evidence_is_not_done(dossier: Dossier) -> None:
    story(dossier, ())
    assert "no evidence that" in judged(dossier)[1]


def test_criteria_of_another_plan_show_nothing(dossier: Dossier) -> None:
    evidence = (dossier.envelope(),)
    easier = (CriterionOutcome(number=1, text="It is there", state="passed", evidence=evidence),)
    story(dossier, evidence, criteria=easier)
    assert "its criteria are not those of the plan" in judged(dossier)[1]


def test_a_criterion_that_is_not_shown_undoes_the_story(dossier: Dossier) -> None:
    evidence = (dossier.envelope(),)
    half = (CriterionOutcome(number=1, text=TEXTS["A-1"], state="skipped", evidence=evidence),)
    story(dossier, evidence, criteria=half)
    assert "a criterion is not" in judged(dossier)[1]


def remove(path: Path) -> None:
    path.unlink()


def edit(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"OK", b"KO"))


def swap(path: Path) -> None:
    others = [other for other in path.parents[1].rglob("*") if other.is_file() and other != path]
    path.write_bytes(others[0].read_bytes())


@pytest.mark.parametrize("attack", [remove, edit, swap])
@pytest.mark.parametrize("which", ["envelope", "artifact"])
def test_evidence_that_was_touched_shows_nothing(which: str, attack: Callable[[Path], None], dossier: Dossier) -> None:
    digest = dossier.envelope(about="A-1 alone", reason="OK")
    story(dossier, (digest,))
    assert judged(dossier)[0] == "verified"
    artifact = json.loads(dossier.store.get_bytes(digest))["artifacts"][0]["digest"]
    attack(dossier.store.path(digest if which == "envelope" else artifact))
    status, reason = judged(dossier)
    assert status == "unverified"
    assert "is missing" in reason or "was changed" in reason


@pytest.mark.parametrize("what", ["wave", "final"])
def test_gates_are_asked_of_their_evidence_too(what: str, dossier: Dossier) -> None:
    story(dossier, (dossier.envelope(),))
    other = (dossier.envelope(command="true"),)
    if what == "wave":
        dossier.wave("wave-1", evidence=other)
    else:
        dossier.final(evidence=other)
    status, reason = judged(dossier)
    assert status == "unverified"
    assert "no evidence that" in reason


@pytest.mark.parametrize("attack", ["edit", "remove", "swap"])
def test_a_broken_chain_makes_everything_unverified(attack: str, dossier: Dossier) -> None:
    story(dossier, (dossier.envelope(),))
    lines = dossier.ledger.path.read_bytes().splitlines(keepends=True)
    if attack == "edit":
        lines[0] = lines[0].replace(b"A-2", b"A-9")
    elif attack == "remove":
        del lines[1]
    else:
        lines[0], lines[1] = lines[1], lines[0]
    dossier.ledger.path.write_bytes(b"".join(lines))
    verdict = judge(dossier.case())
    assert not {"verified", "waived"} & {item.status for item in verdict.criteria}
    assert "record" in verdict.criteria[0].reason
    assert canonical(verdict.document())


@pytest.mark.parametrize("kind", ["story", "wave", "gate", "measurement"])
def test_a_record_of_a_kind_that_it_is_not_makes_everything_unverified(kind: str, dossier: Dossier) -> None:
    story(dossier, (dossier.envelope(),))
    dossier.ledger.append(kind, Subject(commit="c", tree="t"))
    status, reason = judged(dossier)
    assert (status, f"called {kind} and is none" in reason) == ("unverified", True)
