"""An exercise of both branches as evidence: an envelope for each, and the measurement that cites them."""

from __future__ import annotations

from radeng_assets.canonical import canonical
from radeng_assets.ess.snapshot import Snapshot
from radeng_assets.ess.trials import KINDS, REPORT, ShownTrial
from radeng_assets.evidence.envelope import Artifact, Envelope, Subject
from radeng_assets.evidence.measures import Measurement, demand_of
from radeng_assets.evidence.store import EvidenceStore
from radeng_assets.record import Record


class Occasion(Record):
    """When and for what something was shown: times in UTC (ISO 8601), the session, the execution plan's digest."""

    started: str
    ended: str
    session: str
    plan: str


def measurement_of(snapshot: Snapshot, subject: Subject, occasion: Occasion, store: EvidenceStore) -> Measurement:
    """The record of a snapshot whose branches were tried, its evidence stored."""
    tried = snapshot.exercise
    shown = [
        ShownTrial(
            query=tried.query,
            index=tried.index,
            snapshot_state=snapshot.state,
            snapshot_reason=snapshot.reason,
            veracity=snapshot.veracity,
            trial=trial,
        )
        for trial in ((tried.up, tried.down) if tried else ())
        if tried
    ]
    return Measurement(
        report=REPORT,
        demand=demand_of(REPORT, ()),
        plan=occasion.plan,
        session=occasion.session,
        commit=subject.commit,
        tree=subject.tree,
        evidence=tuple(_stored(trial, subject, occasion, store) for trial in shown),
        reason="" if shown else snapshot.reason,
    )


def _stored(shown: ShownTrial, subject: Subject, occasion: Occasion, store: EvidenceStore) -> str:
    data = canonical(shown)
    kept = Artifact(name="trial", digest=store.put_bytes(data), kept_bytes=len(data), total_bytes=len(data))
    return store.put_envelope(
        Envelope(
            subject=subject,
            kind=KINDS[shown.trial.branch],
            about=REPORT,
            state=shown.trial.state,
            reason=shown.trial.reason,
            started=occasion.started,
            ended=occasion.ended,
            artifacts=(kept,),
            session=occasion.session,
            plan=occasion.plan,
        )
    )
