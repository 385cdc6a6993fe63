"""Measuring a real repository with the real measurer, into a home of its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from radeng_assets.evidence.envelope import Envelope
from radeng_assets.evidence.ledger import Ledger
from radeng_assets.evidence.measures import Measure, role_and_path
from radeng_assets.evidence.outcomes import Ticket
from radeng_assets.evidence.store import EvidenceStore
from radeng_assets.execution.branches import Branches
from radeng_assets.execution.gates import Limits, Prover, never
from radeng_assets.execution.git import Commit, TargetRepository
from radeng_assets.execution.measuring.measurer import Measurer
from radeng_assets.execution.measuring.scene import Ran, Scene
from radeng_assets.execution.mirror import Mirror
from radeng_assets.execution.sandbox import find_sandbox
from radeng_assets.execution.workspace import Workspaces


@dataclass
class Site:
    """A target and a home below ``root``; ``setup`` are the commands that make a worktree runnable."""

    target: Path
    home: Path
    setup: tuple[str, ...] = ()

    @property
    def store(self) -> EvidenceStore:
        return EvidenceStore(self.home)

    def measure(self, report: str, *runs: str, network: bool = False) -> list[Envelope]:
        """Take measures on the target's HEAD; their envelopes."""
        self.home.mkdir(exist_ok=True)
        repository = TargetRepository.reach(str(self.target), self.home)
        workspaces = Workspaces(self.home, repository)
        workspaces.mirror.prepare()
        sandbox = find_sandbox("preferred")
        prover = Prover(
            home=self.home,
            workspaces=workspaces,
            ledger=Ledger(self.home / "ledger.jsonl"),
            store=self.store,
            setup=self.setup,
            limits=Limits(timeout_s=20.0, output_bytes=4096),
            sandbox=sandbox,
        )
        head = repository.head()
        ticket = Ticket(wave="", session="s", mode="none", plan="p", commit=head.commit, tree=head.tree)
        measures = [Measure(run=run, network=network) for run in runs]
        taken = Measurer(prover, Branches("plan")).measure(report, measures, ticket)
        assert not taken.reason, taken.reason
        return [self.store.get_envelope(digest) for digest in taken.evidence]

    def files(self, envelope: Envelope, role: str) -> dict[str, bytes]:
        """What a measure left in a role, by path."""
        named = [(*role_and_path(artifact), artifact.digest) for artifact in envelope.artifacts]
        return {path: self.store.get_bytes(digest) for one, path, digest in named if one == role and path}


def scene_of(
    folder: Path, commit: Commit, mirror: Mirror, branches: Branches, *, secrets: tuple[str, ...] = ()
) -> Scene:
    """A scene in which nothing may be run."""
    return Scene(folder, commit, mirror, branches, words="", run=_refuse, stopping=never, secrets=secrets)


def _refuse(command: str) -> Ran:
    raise AssertionError(f"this measure runs nothing, and asked for {command}")
