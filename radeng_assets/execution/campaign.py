"""Carrying a plan out: waves open, stories are carried out or proved, waves close. All state is in the ledger.

A campaign is one plan on one target in one mode; a *session* is one walk through it (the runs of one
``radeng run``, or one run from the web UI with its re-executions). Every step asks the ledger what the session
did before, so a step that is repeated after a kill finds its result and does nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from radeng_assets.evidence.ledger import Ledger
from radeng_assets.evidence.outcomes import (
    DONE,
    GateOutcome,
    GateState,
    StoryOutcome,
    Ticket,
    WaveOutcome,
)
from radeng_assets.evidence.store import EvidenceStore
from radeng_assets.execution.admission import admit
from radeng_assets.execution.agents.none import NoAgent
from radeng_assets.execution.agents.rehearse import Rehearsal
from radeng_assets.execution.agents.runtime import Runtime
from radeng_assets.execution.gates import Limits, Prover
from radeng_assets.execution.git import Commit, TargetRepository
from radeng_assets.execution.workspace import Workspaces
from radeng_assets.planning.documents.execution_plan import ExecutionPlan
from radeng_assets.planning.documents.verification import Verification
from radeng_assets.planning.located import values
from radeng_assets.planning.schedule import Schedule, ScheduledStory

FINAL = "(final)"
"""The place of a wave's id in the ticket of the final gate, which belongs to no wave."""


class NoTicket(Exception):  # noqa: N818  # named for what is missing
    """A step of a wave that was not opened in this session."""


@dataclass(frozen=True)
class Campaign:
    """One plan on one target (``None``: a rehearsal). ``execution_digest`` identifies the plan and its proofs."""

    plan: ExecutionPlan
    schedule: Schedule
    verification: Verification | None
    execution_digest: str
    limits: Limits
    home: Path
    ledger: Ledger
    store: EvidenceStore
    target: Path | None

    @property
    def rehearsal(self) -> bool:
        """Whether nothing is carried out at all."""
        return self.target is None

    @cached_property
    def repository(self) -> TargetRepository | None:
        """The target, opened. Raises ``NotARepository``."""
        return TargetRepository.open(self.target) if self.target else None

    @cached_property
    def runtime(self) -> Runtime:
        """Who carries the stories out."""
        if self.repository is None:
            return Rehearsal()
        prover = Prover(
            home=self.home,
            workspaces=Workspaces(self.home, self.repository),
            ledger=self.ledger,
            store=self.store,
            setup=values(self.verification.setup) if self.verification else (),
            limits=self.limits,
        )
        return NoAgent(self.plan, self.verification, prover, self.repository)

    def head(self) -> Commit | None:
        """The commit in question now; ``None`` in a rehearsal."""
        return self.repository.head() if self.repository else None

    def open_wave(self, wave_id: str, session: str) -> Ticket:
        """Open a wave: pin the commit that all of its steps work on.

        Raises ``Refused`` unless everything that the wave depends on is done. Opened again in the same
        session, the first ticket holds. ``none`` verifies what a commit proves, so no wave waits for another
        there.
        """
        known = self._ticket(wave_id, session)
        if known is not None:
            return known
        ticket = self._new_ticket(wave_id, session)
        if self.rehearsal:
            waves, stories = self._standing(ticket.commit)
            admit(
                self.schedule.wave(wave_id),
                waves=waves,
                stories=stories,
                wave_of=self.schedule.wave_of(),
                known_waves=frozenset(wave.id for wave in self.schedule.waves),
                rehearsal=True,
            )
        self.ledger.append("ticket", ticket)
        return ticket

    def carry_out(self, wave_id: str, story_id: str, session: str) -> StoryOutcome:
        """Carry one story of an open wave out and record what it came to; ``NoTicket`` if the wave is not open.

        A story that is done in this session stays done; any other is tried again.
        """
        ticket = self._required_ticket(wave_id, session)
        outcomes = self._session_stories(session)
        known = outcomes.get(story_id)
        if known is not None and known.status in DONE:
            return known
        story = self._story(wave_id, story_id)
        before = [outcomes[need] for need in story.needs if need in outcomes]
        outcome = self.runtime.carry_out(story.story, ticket, before)
        self.ledger.append("story", outcome)
        return outcome

    def close_wave(self, wave_id: str, session: str) -> WaveOutcome:
        """Run the ``post_wave`` gate of an open wave and record what the wave came to."""
        ticket = self._required_ticket(wave_id, session)
        outcomes = self._session_stories(session)
        stories = tuple(outcomes[story.id] for story in self.schedule.wave(wave_id).stories if story.id in outcomes)
        gate = self.runtime.gate("post_wave", ticket)
        state, reason = self._gate_state(wave_id, stories, gate)
        outcome = WaveOutcome(
            wave=wave_id,
            gate=state,
            mode=ticket.mode,
            plan=ticket.plan,
            session=session,
            commit=ticket.commit,
            tree=ticket.tree,
            stories=stories,
            evidence=gate.evidence,
            reason=reason,
        )
        self.ledger.append("wave", outcome)
        return outcome

    def wave_outcome(self, wave_id: str, session: str) -> WaveOutcome | None:
        """What a wave came to in a session, ``None`` if it was not closed in it."""
        found = None
        for entry in self.ledger.entries("wave"):
            outcome = WaveOutcome.model_validate(entry.body)
            if (outcome.wave, outcome.session) == (wave_id, session):
                found = outcome
        return found

    def final_gate(self, session: str) -> GateOutcome:
        """Run the ``post_final`` gate on the commit in question and record what it came to."""
        outcome = self.runtime.gate("post_final", self._new_ticket(FINAL, session))
        self.ledger.append("gate", outcome)
        return outcome

    def _gate_state(self, wave_id: str, stories: tuple[StoryOutcome, ...], gate: GateOutcome) -> tuple[GateState, str]:
        """A wave passes if each of its stories is done and its gate passed; nothing else passes."""
        expected = self.schedule.wave(wave_id).stories
        if self.rehearsal:
            walked = [item for item in stories if item.status == "rehearsed"]
            if len(walked) == len(expected):
                return "rehearsed", "rehearsed: nothing ran, so nothing is shown"
            return "blocked", f"{len(expected) - len(walked)} stories could not be walked"
        undone = [item.story for item in stories if item.status not in DONE]
        undone += sorted({s.id for s in expected} - {s.story for s in stories})
        reasons = [f"not done: {', '.join(undone)}"] if undone else []
        # An empty gate that the plan does not require demands nothing.
        demanded = bool(self.plan.gates.post_wave) or self.plan.gates_required
        if demanded and gate.state != "passed":
            reasons.append(gate.reason or f"post_wave is {gate.state}")
        return ("failed" if reasons else "passed"), "; ".join(reasons)

    def _new_ticket(self, wave_id: str, session: str) -> Ticket:
        commit = self.head()
        return Ticket(
            wave=wave_id,
            session=session,
            mode=self.runtime.name,
            plan=self.execution_digest,
            commit=commit.commit if commit else None,
            tree=commit.tree if commit else None,
        )

    def _ticket(self, wave_id: str, session: str) -> Ticket | None:
        for entry in self.ledger.entries("ticket"):
            ticket = Ticket.model_validate(entry.body)
            if (ticket.wave, ticket.session) == (wave_id, session):
                return ticket
        return None

    def _required_ticket(self, wave_id: str, session: str) -> Ticket:
        ticket = self._ticket(wave_id, session)
        if ticket is None:
            raise NoTicket(f"{wave_id} is not open in session {session}; materialize the whole wave.")
        return ticket

    def _story(self, wave_id: str, story_id: str) -> ScheduledStory:
        return next(s for s in self.schedule.wave(wave_id).stories if s.id == story_id)

    def _stories(self) -> Iterator[StoryOutcome]:
        for entry in self.ledger.entries("story"):
            yield StoryOutcome.model_validate(entry.body)

    def _session_stories(self, session: str) -> dict[str, StoryOutcome]:
        return {outcome.story: outcome for outcome in self._stories() if outcome.session == session}

    def _standing(self, commit: str | None) -> tuple[dict[str, WaveOutcome], dict[str, StoryOutcome]]:
        """The latest outcomes about a commit under this plan, whichever session they are from."""
        stories = {
            outcome.story: outcome
            for outcome in self._stories()
            if (outcome.plan, outcome.commit) == (self.execution_digest, commit)
        }
        waves: dict[str, WaveOutcome] = {}
        for entry in self.ledger.entries("wave"):
            outcome = WaveOutcome.model_validate(entry.body)
            if (outcome.plan, outcome.commit) == (self.execution_digest, commit):
                waves[outcome.wave] = outcome
        return waves, stories
