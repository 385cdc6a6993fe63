"""Takes the measures of one report on one commit, in a clean worktree, and records what they left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from radeng_assets.evidence.envelope import Artifact, Envelope, Tool, timestamp
from radeng_assets.evidence.measures import OURS, Measure, Measurement, artifact_name, demand_of
from radeng_assets.evidence.outcomes import Ticket
from radeng_assets.evidence.states import is_unknown
from radeng_assets.execution.branches import Branches
from radeng_assets.execution.gates import Prover, Stopped, subject_of
from radeng_assets.execution.git import GitError
from radeng_assets.execution.measuring.left_files import clear, left
from radeng_assets.execution.measuring.own import OWN
from radeng_assets.execution.measuring.scene import Ran, Scene, Taken
from radeng_assets.execution.mirror import Mirror


@dataclass(frozen=True, slots=True)
class Measurer:
    """``prover`` runs commands and keeps evidence; ``branches`` are the plan's refs in the target.

    ``secrets`` are the keys of this machine.
    """

    prover: Prover
    branches: Branches
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def measure(self, report: str, measures: Sequence[Measure], ticket: Ticket) -> Measurement:
        """Take all measures in order, whatever one of them comes to: a scanner that found something ends with 1.

        What was measured in this session on this tree holds, unless part of it stayed unknown on another occasion.
        Raises ``Stopped``.
        """
        demand = demand_of(report, measures)
        with self.prover.lock(ticket.session, demand):
            known = self._known(demand, ticket)
            if known is not None:
                return known
            measurement = self._taken(report, measures, demand, ticket)
            if self.prover.stopping():
                raise Stopped(f"measuring {report}")
            self.prover.ledger.append("measurement", measurement)
        return measurement

    def _known(self, demand: str, ticket: Ticket) -> Measurement | None:
        for entry in self.prover.ledger.entries("measurement"):
            found = Measurement.model_validate(entry.body)
            if (found.session, found.demand, found.tree) == (ticket.session, demand, ticket.tree) and (
                found.occasion == ticket.occasion or self._is_settled(found)
            ):
                return found
        return None

    def _is_settled(self, measurement: Measurement) -> bool:
        if measurement.reason:
            return False
        return not any(is_unknown(self.prover.store.get_envelope(digest).state) for digest in measurement.evidence)

    def _taken(self, report: str, measures: Sequence[Measure], demand: str, ticket: Ticket) -> Measurement:
        evidence: list[str] = []
        reason = ""
        try:
            with self.prover.workspaces.clean(subject_of(ticket).commit) as folder:
                if any(not measure.run.startswith(OURS) for measure in measures):
                    _, reason = self.prover.set_up(report, folder, ticket)
                evidence += [self._one(report, measure, folder, ticket) for measure in (() if reason else measures)]
        except GitError as error:
            reason = f"no worktree of {ticket.commit}: {error}"
        subject = subject_of(ticket)
        return Measurement(
            report=report,
            demand=demand,
            plan=ticket.plan,
            session=ticket.session,
            occasion=ticket.occasion,
            commit=subject.commit,
            tree=subject.tree,
            evidence=tuple(evidence),
            reason=reason,
        )

    def _one(self, report: str, measure: Measure, folder: Path, ticket: Ticket) -> str:
        kind = f"report:{report}"
        if measure.run.startswith(OURS):
            return self.prover.store.put_envelope(self._own(kind, measure, folder, ticket))
        clear(folder, measure)
        envelope, _ = self.prover.command(kind, report, measure.run, folder, ticket, network=measure.network)
        files = tuple(self._kept(role, path, data, size) for role, path, data, size in left(folder, measure))
        return self.prover.store.put_envelope(envelope.model_copy(update={"artifacts": (*envelope.artifacts, *files)}))

    def _own(self, kind: str, measure: Measure, folder: Path, ticket: Ticket) -> Envelope:
        started = timestamp()
        taken = self._take(measure, folder, ticket)
        said = taken.output.encode()
        output = Artifact(
            name="output", digest=self.prover.store.put_bytes(said), kept_bytes=len(said), total_bytes=len(said)
        )
        files = tuple(self._kept(role, path, data, len(data)) for (role, path), data in taken.files.items())
        return Envelope(
            subject=subject_of(ticket),
            kind=kind,
            about=kind.partition(":")[2],
            command=measure.run,
            exit_code=0 if taken.state == "passed" else None,
            state=taken.state,
            reason=taken.reason,
            tool=Tool(name="radeng-assets"),
            started=started,
            ended=timestamp(),
            artifacts=(output, *files),
            session=ticket.session,
            plan=ticket.plan,
        )

    def _take(self, measure: Measure, folder: Path, ticket: Ticket) -> Taken:
        name, _, words = measure.run.removeprefix(OURS).partition(" ")
        own = OWN.get(name)
        if own is None:
            return Taken("no_runner", f"`{measure.run}` is none of: {', '.join(OURS + name for name in sorted(OWN))}")
        mirror: Mirror = self.prover.workspaces.mirror
        return own(
            Scene(
                folder=folder,
                commit=mirror.resolve(subject_of(ticket).commit),
                mirror=mirror,
                branches=self.branches,
                words=words.strip(),
                run=_Runner(self.prover, f"report:{name}", folder, ticket, measure.network),
                stopping=self.prover.stopping,
                secrets=self.secrets,
            )
        )

    def _kept(self, role: str, path: str, data: bytes, size: int) -> Artifact:
        digest = self.prover.store.put_bytes(data)
        return Artifact(name=artifact_name(role, path), digest=digest, kept_bytes=len(data), total_bytes=size)


@dataclass
class _Runner:
    """Commands of a measure of our own, in one worktree that the first of them finds set up."""

    prover: Prover
    about: str
    folder: Path
    ticket: Ticket
    network: bool
    _unready: str | None = None

    def __call__(self, command: str) -> Ran:
        if self._unready is None:
            _, self._unready = self.prover.set_up(self.about, self.folder, self.ticket)
        if self._unready:
            now = timestamp()
            envelope = Envelope(
                subject=subject_of(self.ticket),
                kind=self.about,
                about=self.about,
                command=command,
                state="no_runner",
                reason=self._unready,
                started=now,
                ended=now,
                session=self.ticket.session,
                plan=self.ticket.plan,
            )
            return Ran(envelope, b"")
        envelope, _ = self.prover.command(
            self.about, self.about, command, self.folder, self.ticket, network=self.network
        )
        return Ran(envelope, self.prover.store.get_bytes(envelope.artifacts[0].digest))
