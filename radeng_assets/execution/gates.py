"""Showing something by commands: in a clean worktree of the commit, every command leaving its envelope.

A list of commands (a gate's, or the one of a criterion's proof) is one *showing*. It runs once for a
session: stories that ask the same on the same tree share the answer, whichever process asks first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from radeng_assets.canonical import digest_of
from radeng_assets.evidence.commons import Commons
from radeng_assets.evidence.envelope import Artifact, Envelope, Subject, timestamp
from radeng_assets.evidence.formats.runner_words import idle
from radeng_assets.evidence.ledger import Ledger
from radeng_assets.evidence.outcomes import Ticket
from radeng_assets.evidence.states import State, combine
from radeng_assets.evidence.store import EvidenceStore
from radeng_assets.execution.git import Commit, GitError
from radeng_assets.execution.process import run_command
from radeng_assets.execution.sandbox import Sandbox
from radeng_assets.execution.setup import SetupCache
from radeng_assets.execution.workspace import Workspaces
from radeng_assets.record import Record


class Showing(Record):
    """What a list of commands showed. ``key`` and ``session`` find it again; ``evidence`` are envelope digests.

    What did not pass holds for its ``occasion`` (see ``Ticket``) alone: whoever asks again wants it to be run again.
    ``kind`` and ``about`` say what was asked first, ``wave`` for which wave, ``began`` when; they are empty in records
    that are older than these fields.
    """

    key: str
    session: str
    occasion: str = ""
    state: State
    evidence: tuple[str, ...] = ()
    reason: str = ""
    kind: str = ""
    about: str = ""
    wave: str = ""
    began: str = ""


class Limits(Record):
    """Bounds of every command: seconds, and bytes of output that are kept."""

    timeout_s: float
    output_bytes: int


class Stopped(Exception):  # noqa: N818  # it is not an error: it was asked for
    """Everything is to halt. What was going on is recorded nowhere, and can go on later."""


def never() -> bool:
    """Nothing ever asks to stop."""
    return False


def always(commit: str) -> bool:
    """Every commit is trusted."""
    del commit
    return True


@dataclass(frozen=True, slots=True)
class Prover:
    """Runs commands on a target's commit and keeps what they showed.

    ``setup`` are the commands that make a fresh worktree runnable; where one fails, nothing was shown. ``trusted`` says
    of which commits a setup may be kept for others. ``sandbox`` is where commands run (a setup with the network: it
    fetches). ``stopping`` says whether everything is to halt now.
    """

    home: Path
    workspaces: Workspaces
    ledger: Ledger
    store: EvidenceStore
    setup: tuple[str, ...]
    limits: Limits
    sandbox: Sandbox | None = None
    stopping: Callable[[], bool] = never
    trusted: Callable[[str], bool] = always
    commons: Commons | None = None

    def show(self, kind: str, about: str, commands: tuple[str, ...], ticket: Ticket) -> Showing:
        """Run the commands in order on the ticket's commit, up to the first that does not pass.

        ``kind`` and ``about`` name what was asked first. No commands show nothing: ``missing``.
        """
        subject = subject_of(ticket)
        key = digest_of([subject.tree, list(self.setup), list(commands)])
        if not commands:
            reason = f"{kind.replace(':', ' ')} has no commands"
            return Showing(key=key, session=ticket.session, state="missing", reason=reason)
        with self.lock(ticket.session, key):
            for entry in self.ledger.entries("showing"):
                known = Showing.model_validate(entry.body)
                holds = known.state == "passed" or known.occasion == ticket.occasion
                if holds and (known.session, known.key) == (ticket.session, key):
                    return known
            named = {"kind": kind, "about": about, "wave": ticket.wave, "began": timestamp()}
            showing = self._run(kind, about, commands, ticket, key).model_copy(update=named)
            if self.stopping():
                raise Stopped(f"{kind.replace(':', ' ')} of {about}")
            self.ledger.append("showing", showing)
        return showing

    def _run(self, kind: str, about: str, commands: tuple[str, ...], ticket: Ticket, key: str) -> Showing:
        """The setup, then the commands; a worktree that could not be set up shows nothing about the commit."""
        try:
            with self.workspaces.clean(subject_of(ticket).commit) as folder:
                evidence, reason = self.set_up(about, folder, ticket)
                if reason:
                    return self._shown(key, ticket, "no_runner", evidence, reason)
                state, shown, reason = self._in_order(kind, about, commands, folder, ticket)
                return self._shown(key, ticket, state, (*evidence, *shown), reason)
        except GitError as error:
            return self._shown(key, ticket, "no_runner", (), f"no worktree of {ticket.commit}: {error}")

    def _shown(self, key: str, ticket: Ticket, state: State, evidence: tuple[str, ...], reason: str) -> Showing:
        return Showing(
            key=key,
            session=ticket.session,
            occasion=ticket.occasion,
            state=state,
            evidence=evidence,
            reason=reason,
        )

    def set_up(self, about: str, folder: Path, ticket: Ticket) -> tuple[tuple[str, ...], str]:
        """(evidence, what went wrong): the setup commands, or what they left behind when they ran before."""
        if not self.setup:
            return (), ""
        commit = subject_of(ticket).commit
        files = self.workspaces.mirror.files(commit)
        cache = SetupCache(self.home)
        key = cache.key(self.setup, folder, files)
        kept = cache.restore(key, folder) if key else None
        if kept is not None:
            return kept, ""
        _, evidence, reason = self._in_order("setup", about, self.setup, folder, ticket)
        if key and not reason and self.trusted(commit):
            cache.keep(key, folder, files, evidence)
        return evidence, reason

    def _in_order(
        self, kind: str, about: str, commands: Sequence[str], folder: Path, ticket: Ticket
    ) -> tuple[State, tuple[str, ...], str]:
        """(state, evidence, reason) of commands, run up to the first that does not pass."""
        evidence: list[str] = []
        states: list[State] = []
        for number, command in enumerate(commands, start=1):
            envelope, digest = self.command(kind, about, command, folder, ticket)
            evidence.append(digest)
            states.append(envelope.state)
            if envelope.state != "passed":
                skipped = len(commands) - number
                rest = f"; {skipped} not run after it" if skipped else ""
                return combine(states), tuple(evidence), f"{kind.replace(':', ' ')}: {envelope.reason}{rest}"
        return combine(states), tuple(evidence), ""

    def command(
        self, kind: str, about: str, command: str, folder: Path, ticket: Ticket, *, network: bool = False
    ) -> tuple[Envelope, str]:
        """Run one command in a worktree, to its end; its envelope, and that one's digest in the store.

        ``network`` gives it the machine's where there is a sandbox; a setup has it always. One that
        ended with 0 and let no test pass is ``skipped``: see ``runner_words``.
        """
        run = run_command(
            command,
            folder,
            timeout_s=self.limits.timeout_s,
            output_limit=self.limits.output_bytes,
            sandbox=self.sandbox.networked() if self.sandbox and (network or kind == "setup") else self.sandbox,
            stopping=self.stopping,
        )
        state, reason = run.state, run.reason
        if state == "passed" and (why := idle(command, run.output)):
            state, reason = "skipped", f"`{command}` ended with exit code 0, and {why}"
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
            state=state,
            reason=reason,
            tool=run.tool,
            started=run.started,
            ended=run.ended,
            artifacts=(output,),
            session=ticket.session,
            plan=ticket.plan,
        )
        return envelope, self.store.put_envelope(envelope)

    def lock(self, session: str, key: str) -> AbstractContextManager[object]:
        """A lock among all processes of the home or its fleet, for one question (``key``) of one session."""
        if self.commons is not None:
            return self.commons.lock("showing", session, key)
        locks = self.home / "locks"
        locks.mkdir(parents=True, exist_ok=True)
        return FileLock(locks / lock_name(session, key), fallback_to_soft=False)


def lock_name(session: str, key: str) -> str:
    """The file that is locked while a question of a session is answered."""
    return f"{digest_of([session, key]).removeprefix('sha256:')[:32]}.lock"


def subject_of(ticket: Ticket) -> Subject:
    """The commit and tree of a ticket. ``ValueError`` for a rehearsal's, which has none."""
    if ticket.commit is None or ticket.tree is None:
        raise ValueError(f"the ticket of {ticket.wave} is a rehearsal's: there is no commit")
    return Subject(commit=ticket.commit, tree=ticket.tree)


def on_commit(ticket: Ticket, commit: Commit) -> Ticket:
    """The same ticket, about another commit."""
    return ticket.model_copy(update={"commit": commit.commit, "tree": commit.tree})
