"""An exercise of both branches as evidence: an envelope for each, and the report that cites them."""

from __future__ import annotations

from radeng_assets.canonical import canonical
from radeng_assets.ess.exercise import BranchTrial, Exercise
from radeng_assets.ess.snapshot import Snapshot
from radeng_assets.evidence.envelope import Artifact, Envelope, Subject
from radeng_assets.evidence.outcomes import ReportOutcome
from radeng_assets.evidence.store import EvidenceStore
from radeng_assets.record import Record

CRITERION = "ess_integration"


class Occasion(Record):
    """When and for what something was shown: times in UTC (ISO 8601), the session, the execution plan's digest."""

    started: str
    ended: str
    session: str
    plan: str


def report_of(snapshot: Snapshot, subject: Subject, occasion: Occasion, store: EvidenceStore) -> ReportOutcome:
    """The criterion's report on a snapshot, its evidence stored. ``measured`` is the veracity, in points of 100."""
    tried = snapshot.exercise
    trials = (tried.up, tried.down) if tried else ()
    return ReportOutcome(
        report=CRITERION,
        state=snapshot.state,
        commit=subject.commit,
        measured=None if snapshot.veracity is None else float(snapshot.veracity),
        evidence=tuple(_stored(trial, tried, subject, occasion, store) for trial in trials if tried),
        reason=snapshot.reason,
    )


def _stored(trial: BranchTrial, tried: Exercise, subject: Subject, occasion: Occasion, store: EvidenceStore) -> str:
    data = canonical({"query": tried.query, "index": tried.index, "trial": trial.model_dump(mode="json")})
    kept = Artifact(name="trial", digest=store.put_bytes(data), kept_bytes=len(data), total_bytes=len(data))
    return store.put_envelope(
        Envelope(
            subject=subject,
            kind=f"ess:{trial.branch}",
            about=CRITERION,
            state=trial.state,
            reason=trial.reason,
            started=occasion.started,
            ended=occasion.ended,
            artifacts=(kept,),
            session=occasion.session,
            plan=occasion.plan,
        )
    )
