"""The index's report: a trial that passed must have gone as its branch goes."""

from __future__ import annotations

from typing import Any

import pytest

from radeng_assets.canonical import canonical, digest_bytes
from radeng_assets.ess.trials import KINDS, BranchTrial, ShownTrial
from radeng_assets.evidence.envelope import Artifact, Envelope, Subject
from radeng_assets.planning.folder import Sources, read_planning
from radeng_assets.readiness.policy import Policy
from radeng_assets.readiness.reports.assessment import Assessment
from radeng_assets.readiness.reports.ess import assess
from radeng_assets.readiness.reports.material import Material
from radeng_assets_tests.readiness.reports.materials import AS_OF, COMMIT, ENDED, STARTED, TREE

AWAY: dict[str, Any] = {
    "branch": "service_down",
    "demanded": True,
    "state": "passed",
    "reason": "",
    "outcome": "unreachable",
    "source": "embedded",
    "results": 3,
}
UP: dict[str, Any] = {
    "branch": "service_up",
    "demanded": True,
    "state": "passed",
    "reason": "",
    "health": "healthy",
    "outcome": "answered",
    "source": "gateway",
    "results": 3,
}
NOT_CONFIGURED: dict[str, Any] = {"branch": "service_up", "demanded": False, "state": "missing", "reason": "none"}


def judged(*trials: dict[str, Any], **shown: Any) -> Assessment:
    store: dict[str, bytes] = {}
    envelopes: dict[str, Envelope] = {}
    for trial in (BranchTrial.model_validate(one) for one in trials):
        kept = ShownTrial(
            query=shown.get(trial.branch, "a limit"),
            index="sha256:i",
            snapshot_state="passed",
            snapshot_reason="",
            veracity=90,
            trial=trial,
        )
        data = canonical(kept)
        store[digest_bytes(data)] = data
        artifact = Artifact(name="trial", digest=digest_bytes(data), kept_bytes=len(data), total_bytes=len(data))
        envelope = Envelope(
            subject=Subject(commit=COMMIT, tree=TREE),
            kind=KINDS[trial.branch],
            about="ess",
            state=trial.state,
            started=STARTED,
            ended=ENDED,
            artifacts=(artifact,),
            session="s",
            plan="p",
        )
        envelopes[envelope.digest] = envelope
    planning = read_planning(Sources(sources={}))
    return assess(Material("ess", COMMIT, envelopes, store.__getitem__, {}, planning, Policy(), AS_OF))


def test_both_branches_or_the_fallback_alone_where_no_service_is() -> None:
    assert judged(AWAY, UP).state == "passed"
    assert judged(AWAY, NOT_CONFIGURED).state == "passed"
    assert judged(AWAY).state == "missing"
    assert judged(UP).state == "missing"


@pytest.mark.parametrize(
    "change",
    [
        {"source": "gateway"},
        {"source": None},
        {"outcome": "answered"},
        {"outcome": None},
        {"results": 0},
        {"demanded": False},
        {"state": "timeout"},
    ],
)
def test_a_fallback_that_was_not_tried_is_no_pass(change: dict[str, Any]) -> None:
    assert judged({**AWAY, **change}, NOT_CONFIGURED).state != "passed"


@pytest.mark.parametrize(
    "change", [{"source": "embedded"}, {"outcome": "partial"}, {"health": "degraded"}, {"state": "failed"}]
)
def test_a_service_that_did_not_answer_is_no_pass(change: dict[str, Any]) -> None:
    assert judged(AWAY, {**UP, **change}).state != "passed"


def test_both_are_asked_the_same() -> None:
    assert judged(AWAY, UP, service_up="something easier").state == "failed"
