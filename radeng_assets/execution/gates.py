"""Showing something by commands: in a clean worktree of the commit, every command leaving its envelope.

A list of commands (a gate's, or the one of a criterion's proof) is one *showing*. It runs once for a
session: stories that ask the same on the same tree share the answer, whichever process asks first.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from radeng_assets.canonical import digest_of
from radeng_assets.evidence.envelope import Artifact, Envelope, Subject
from radeng_assets.evidence.ledger import Ledger
from radeng_assets.evidence.outcomes import Ticket
from radeng_assets.evidence.states import State, combine
from radeng_assets.evidence.store import EvidenceStore
from radeng_assets.execution.git import GitError
from radeng_assets.execution.process import run_command
from radeng_assets.execution.workspace import Workspaces
from radeng_assets.record import Record


class Showing(Record):
    """What a list of commands showed. ``key`` and ``session`` find it again; ``evidence`` are envelope digests."""

    key: str
    session: str
    state: State
    evidence: tuple[str, ...] = ()
    reason: str = ""


class Limits(Record):
    """Bounds of every command: seconds, and bytes of output that are kept."""

    timeout_s: float
    output_bytes: int


@dataclass(frozen=True, slots=True)
class Prover:
    """Runs commands on a target's commit and keeps what they showed.

    ``setup`` are the commands that make a fresh worktree runnable; where one fails, nothing was shown.
    """

    home: Path
    workspaces: Workspaces
    ledger: Ledger
    store: EvidenceStore
    setup: tuple[str, ...]
    limits: Limits

    def show(self, kind: str, about: str, commands: tuple[str, ...], ticket: Ticket) -> Showing:
        """Run the commands in order on the ticket's commit, up to the first that does not pass.

        ``kind`` and ``about`` name what was asked first. No commands show nothing: ``missing``.
        """
        subject = subject_of(ticket)
        key = digest_of([subject.tree, list(self.setup), list(commands)])
        if not commands:
            reason = f"{kind.replace(':', ' ')} has no commands"
            return Showing(key=key, session=ticket.session, state="missing", reason=reason)
        with self._lock(ticket.session, key):
            for entry in self.ledger.entries("showing"):
                known = Showing.model_validate(entry.body)
                if (known.session, known.key) == (ticket.session, key):
                    return known
            showing = self._run(kind, about, commands, ticket, key)
            self.ledger.append("showing", showing)
        return showing

    def _run(self, kind: str, about: str, commands: tuple[str, ...], ticket: Ticket, key: str) -> Showing:
        evidence: list[str] = []
        states: list[State] = []
        reason = ""
        steps = [("setup", command) for command in self.setup]
        steps += [(kind, command) for command in commands]
        try:
            with self.workspaces.clean(subject_of(ticket).commit) as folder:
                for number, (what, command) in enumerate(steps):
                    envelope = self._command(what, about, command, folder, ticket)
                    evidence.append(envelope[1])
                    state = envelope[0].state
                    if state != "passed":
                        # A worktree that could not be set up shows nothing about the commit.
                        states.append("no_runner" if what == "setup" else state)
                        reason = f"{what.replace(':', ' ')}: {envelope[0].reason}"
                        skipped = len(steps) - number - 1
                        reason += f"; {skipped} not run after it" if skipped else ""
                        break
                    if what != "setup":
                        states.append(state)
        except GitError as error:
            states.append("no_runner")
            reason = f"no worktree of {ticket.commit}: {error}"
        return Showing(
            key=key,
            session=ticket.session,
            state=combine(states),
            evidence=tuple(evidence),
            reason=reason,
        )

    def _command(self, kind: str, about: str, command: str, folder: Path, ticket: Ticket) -> tuple[Envelope, str]:
        run = run_command(
            command,
            folder,
            timeout_s=self.limits.timeout_s,
            output_limit=self.limits.output_bytes,
        )
        output = Artifact(
            name="output",
            digest=self.store.put_bytes(run.output),
            kept_bytes=len(run.output),
            total_bytes=run.total_bytes,
        )
        envelope = Envelope(
            subject=subject_of(ticket),
            kind=kind,
            about=about,
            command=command,
            argv=run.argv,
            exit_code=run.exit_code,
            state=run.state,
            reason=run.reason,
            tool=run.tool,
            started=run.started,
            ended=run.ended,
            artifacts=(output,),
            session=ticket.session,
            plan=ticket.plan,
        )
        return envelope, self.store.put_envelope(envelope)

    def _lock(self, session: str, key: str) -> FileLock:
        locks = self.home / "locks"
        locks.mkdir(parents=True, exist_ok=True)
        name = digest_of([session, key]).removeprefix("sha256:")[:32]
        return FileLock(locks / f"{name}.lock", fallback_to_soft=False)


def subject_of(ticket: Ticket) -> Subject:
    """The commit and tree of a ticket. ``ValueError`` for a rehearsal's, which has none."""
    if ticket.commit is None or ticket.tree is None:
        raise ValueError(f"the ticket of {ticket.wave} is a rehearsal's: there is no commit")
    return Subject(commit=ticket.commit, tree=ticket.tree)
