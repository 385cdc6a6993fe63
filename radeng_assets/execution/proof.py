"""What does a commit prove of a story? Its files, its gates, its criteria - by commands only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from radeng_assets.evidence.envelope import Envelope, timestamp
from radeng_assets.evidence.outcomes import CriterionOutcome, GateOutcome, StoryOutcome, StoryStatus, Ticket
from radeng_assets.evidence.states import State, combine
from radeng_assets.execution.gates import Prover, subject_of
from radeng_assets.execution.globs import covers
from radeng_assets.planning.documents.execution_plan import QualityGates, Story
from radeng_assets.planning.documents.verification import Verification
from radeng_assets.record import Record

STORY_PHASES = ("pre_story", "post_story")


class Part(Record):
    """One thing that was asked of a commit (``what``: ``files``, ``pre_story``, ``criterion 2``), and the answer."""

    what: str
    state: State
    reason: str = ""
    evidence: tuple[str, ...] = ()


class Findings(Record):
    """Everything that was asked of a commit about one story."""

    parts: tuple[Part, ...]
    criteria: tuple[CriterionOutcome, ...] = ()

    @property
    def state(self) -> State:
        """The state of all of it together."""
        return combine(part.state for part in self.parts)

    @property
    def evidence(self) -> tuple[str, ...]:
        """Every envelope's digest, once each."""
        return tuple(dict.fromkeys(digest for part in self.parts for digest in part.evidence))

    @property
    def unmet(self) -> tuple[Part, ...]:
        """What does not pass, failures before unknowns."""
        failed = [part for part in self.parts if part.state == "failed"]
        return (*failed, *(part for part in self.parts if part.state not in ("passed", "failed")))

    def causes(self, most: int = 3) -> str:
        """The first reasons in words."""
        reasons = [part.reason for part in self.unmet]
        more = f"; and {len(reasons) - most} more" if len(reasons) > most else ""
        return "; ".join(reasons[:most]) + more


@dataclass(frozen=True, slots=True)
class Examiner:
    """Asks commits about stories.

    ``gates_required`` is the plan's ``quality_gate_required``: false lets an empty gate pass by. ``files_of`` lists the
    files of a commit.
    """

    gates: QualityGates
    gates_required: bool
    verification: Verification | None
    prover: Prover
    files_of: Callable[[str], Sequence[str]]

    def examine(self, story: Story, ticket: Ticket, phases: Sequence[str] = STORY_PHASES) -> Findings:
        """Show everything that the plan demands of a story on the ticket's commit: files, gates, each criterion."""
        parts = [*self._files(story, ticket)]
        for phase in phases:
            parts += self.gate(phase, story.id.value, ticket)
        criteria = self.criteria(story, ticket)
        parts += criteria.parts
        return Findings(parts=tuple(parts), criteria=criteria.criteria)

    def gate(self, phase: str, about: str, ticket: Ticket) -> tuple[Part, ...]:
        """A gate's answer; nothing where the plan has no such gate and requires none."""
        commands = self.gates.commands(phase)
        if not commands and not self.gates_required:
            return ()
        shown = self.prover.show(f"gate:{phase}", about, commands, ticket)
        return (Part(what=phase, state=shown.state, reason=shown.reason, evidence=shown.evidence),)

    def gate_outcome(self, phase: str, ticket: Ticket) -> GateOutcome:
        """A gate of a wave or of the whole plan. An empty one shows nothing: ``missing``."""
        shown = self.prover.show(f"gate:{phase}", phase, self.gates.commands(phase), ticket)
        return GateOutcome(
            phase=phase,
            state=shown.state,
            plan=ticket.plan,
            session=ticket.session,
            commit=ticket.commit,
            tree=ticket.tree,
            evidence=shown.evidence,
            reason=shown.reason,
        )

    def criteria(self, story: Story, ticket: Ticket) -> Findings:
        """The answer to each acceptance criterion. A story without any has nothing that shows it done."""
        criteria = tuple(
            self._criterion(story, number, text.value, ticket) for number, text in enumerate(story.criteria, start=1)
        )
        parts = [
            Part(
                what=f"criterion {item.number}",
                state=item.state,
                reason=f"criterion {item.number}: {item.reason}",
                evidence=item.evidence,
            )
            for item in criteria
        ]
        if not criteria:
            reason = "the story has no acceptance criterion, so nothing shows it done"
            parts.append(Part(what="criteria", state="missing", reason=reason))
        return Findings(parts=tuple(parts), criteria=criteria)

    def proofs(self, story: Story, number: int) -> tuple[str, ...]:
        """The commands that prove a criterion, none where only a person can."""
        entry = self.verification.of(story.id.value) if self.verification else None
        return tuple(p.command.value for p in entry.proofs if p.criterion.value == number) if entry else ()

    def _criterion(self, story: Story, number: int, text: str, ticket: Ticket) -> CriterionOutcome:
        proofs = self.proofs(story, number)
        if not proofs:
            reason = "it has no proof command; give it one in verification.yaml, or let a person judge it"
            return CriterionOutcome(number=number, text=text, state="human_needed", reason=reason)
        shown = [self.prover.show("criterion", f"{story.id.value}#{number}", (p,), ticket) for p in proofs]
        return CriterionOutcome(
            number=number,
            text=text,
            state=combine(item.state for item in shown),
            evidence=tuple(dict.fromkeys(digest for item in shown for digest in item.evidence)),
            reason="; ".join(item.reason for item in shown if item.reason),
        )

    def _files(self, story: Story, ticket: Ticket) -> tuple[Part, ...]:
        if not story.files:
            return ()
        started = timestamp()
        subject = subject_of(ticket)
        lost = missing_files((path.value for path in story.files), self.files_of(subject.commit))
        state: State = "failed" if lost else "passed"
        reason = f"not in the commit: {', '.join(lost)}" if lost else ""
        envelope = Envelope(
            subject=subject,
            kind="files",
            about=story.id.value,
            command=f"git ls-tree -r --name-only {subject.commit}",
            state=state,
            reason=reason,
            started=started,
            ended=timestamp(),
            session=ticket.session,
            plan=ticket.plan,
        )
        return (Part(what="files", state=state, reason=reason, evidence=(self.prover.store.put_envelope(envelope),)),)


def outcome_of(story: Story, ticket: Ticket, findings: Findings, done: StoryStatus, mode: str) -> StoryOutcome:
    """What a story comes to by what was found on the ticket's commit.

    ``done`` if everything is shown to hold; ``failed`` if something is shown not to; ``blocked`` if something could not
    be shown either way.
    """
    statuses: dict[State, StoryStatus] = {"passed": done, "failed": "failed"}
    return StoryOutcome(
        story=story.id.value,
        wave=ticket.wave,
        status=statuses.get(findings.state, "blocked"),
        mode=mode,
        plan=ticket.plan,
        session=ticket.session,
        commit=ticket.commit,
        tree=ticket.tree,
        criteria=findings.criteria,
        evidence=findings.evidence,
        reason=findings.causes(),
    )


def missing_files(declared: Iterable[str], present: Sequence[str]) -> tuple[str, ...]:
    """The declared paths or globs (``globs.covers``) that mean none of the present files."""
    there = set(present)
    return tuple(
        pattern for pattern in declared if pattern not in there and not any(covers(pattern, path) for path in present)
    )
