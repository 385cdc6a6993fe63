"""Carrying a plan out: waves open, stories are carried out or proved, waves close. All state is in the ledger.

A campaign is one plan on one target in one mode; a *session* is one walk through it (the runs of one
``radeng run``, or one run from the web UI with its re-executions). Every step asks the ledger what the session
did before, so a step that is repeated after a kill finds its result and does nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from radeng_assets.evidence.commons import Commons
from radeng_assets.evidence.ledger import Ledger
from radeng_assets.evidence.outcomes import (
    DONE,
    GateOutcome,
    GateState,
    Over,
    StoryOutcome,
    Ticket,
    WaveOutcome,
)
from radeng_assets.execution.admission import admit
from radeng_assets.execution.agents.runtime import Runtime
from radeng_assets.execution.gates import Stopped
from radeng_assets.execution.git import Commit
from radeng_assets.planning.documents.execution_plan import ExecutionPlan
from radeng_assets.planning.schedule import Schedule, ScheduledStory

FINAL = "(final)"
"""The place of a wave's id in the ticket of the final gate, which belongs to no wave."""


class NoTicket(Exception):  # noqa: N818  # named for what is missing
    """A step of a wave that was not opened in this session."""


def silent(line: str) -> None:
    """Progress that nobody reads."""
    del line


@dataclass(frozen=True)
class Campaign:
    """One plan in one mode. ``execution_digest`` identifies the plan and its proofs.

    ``commons`` is what the machines of a fleet share: there a story is carried out by one of them at a time.
    """

    plan: ExecutionPlan
    schedule: Schedule
    execution_digest: str
    ledger: Ledger
    runtime: Runtime
    commons: Commons | None = None

    def standing(self) -> Commit | None:
        """The commit in question now; ``None`` in a rehearsal."""
        return self.runtime.standing()

    def ticket_now(self, session: str, occasion: str = "") -> Ticket:
        """A ticket of no wave, on the commit in question now."""
        return self._new_ticket(FINAL, session, self.runtime.standing()).model_copy(update={"occasion": occasion})

    def open_wave(self, wave_id: str, session: str) -> Ticket:
        """Open a wave: pin the commit that all of its steps work on.

        Raises ``Refused`` unless everything that the wave depends on is done. Opened again in the same
        session, the first ticket holds. ``none`` verifies what a commit proves, so no wave waits for another
        there.
        """
        known = self._ticket(wave_id, session)
        if known is not None:
            return known
        ticket = self._new_ticket(wave_id, session, self.runtime.opening())
        if self.runtime.ordered:
            waves, stories = self._standing(ticket.commit)
            admit(
                self.schedule.wave(wave_id),
                waves=waves,
                # Where work is carried out, a story that waits for another's is blocked alone, not its whole wave.
                stories=stories if ticket.commit is None else None,
                wave_of=self.schedule.wave_of(),
                known_waves=frozenset(wave.id for wave in self.schedule.waves),
                rehearsal=ticket.commit is None,
            )
        self.ledger.append("ticket", ticket)
        return ticket

    @property
    def delivers(self) -> bool:
        """Whether stories are carried out, by agents that can be asked again."""
        return self.runtime.ordered and self.runtime.standing() is not None

    def carry_out(
        self, wave_id: str, story_id: str, session: str, log: Callable[[str], None] = silent, occasion: str = ""
    ) -> StoryOutcome:
        """Carry one story of an open wave out and record what it came to; ``NoTicket`` if the wave is not open.

        A story that is done in this session stays done; any other is tried again, with as many attempts as the policy
        has for each ``occasion``. ``log`` takes lines of progress.
        """
        ticket = self._required_ticket(wave_id, session).model_copy(update={"occasion": occasion})
        with self._alone(story_id):
            return self._carried_out(story_id, ticket, log)

    def _alone(self, story_id: str) -> AbstractContextManager[object]:
        return self.commons.lock("story", self.execution_digest, story_id) if self.commons else nullcontext()

    def _carried_out(self, story_id: str, ticket: Ticket, log: Callable[[str], None]) -> StoryOutcome:
        outcomes = self._session_stories(ticket.session)
        known = outcomes.get(story_id)
        if known is not None and known.status in DONE:
            return known
        story = self._story(ticket.wave, story_id)
        before = [outcomes[need] for need in story.needs if need in outcomes]
        if story.needs_elsewhere:
            before += self._elsewhere(story, ticket)
        try:
            outcome = self.runtime.carry_out(story.story, ticket, before, log)
        except Stopped as stopped:
            outcome = _halted_story(story_id, ticket, stopped)
        self.ledger.append("story", outcome)
        return outcome

    def undone(self, wave_id: str, session: str) -> tuple[str, ...]:
        """The stories of a wave that are not done in a session, in their order of work."""
        outcomes = self._session_stories(session)
        stories = [story.id for story in self.schedule.wave(wave_id).stories]
        return tuple(s for s in stories if s not in outcomes or outcomes[s].status not in DONE)

    def close_wave(self, wave_id: str, session: str, occasion: str = "") -> WaveOutcome:
        """Run the ``post_wave`` gate of an open wave and record what the wave came to."""
        opened = self._required_ticket(wave_id, session).model_copy(update={"occasion": occasion})
        outcomes = self._session_stories(session)
        stories = tuple(outcomes[story.id] for story in self.schedule.wave(wave_id).stories if story.id in outcomes)
        # With agents, the wave has moved the commit in question; without, it is the one that it opened on.
        ticket = self._moved(opened) if any(item.status == "verified" for item in stories) else opened
        outcome = self._closed(wave_id, ticket, stories)
        self.ledger.append("wave", outcome)
        return outcome

    def _closed(self, wave_id: str, ticket: Ticket, stories: tuple[StoryOutcome, ...]) -> WaveOutcome:
        gate = self._gate("post_wave", ticket)
        state, reason = self._gate_state(wave_id, stories, gate)
        return WaveOutcome(
            wave=wave_id,
            gate=state,
            mode=ticket.mode,
            plan=ticket.plan,
            session=ticket.session,
            commit=ticket.commit,
            tree=ticket.tree,
            stories=stories,
            evidence=gate.evidence,
            reason=reason,
        )

    def wave_outcome(self, wave_id: str, session: str) -> WaveOutcome | None:
        """What a wave came to in a session, ``None`` if it was not closed in it."""
        found = None
        for entry in self.ledger.entries("wave"):
            outcome = WaveOutcome.model_validate(entry.body)
            if (outcome.wave, outcome.session) == (wave_id, session):
                found = outcome
        return found

    def over(self, session: str) -> frozenset[str]:
        """The waves that are over in a session: closed, or given up."""
        found: set[str] = set()
        for entry in self.ledger.entries("wave", "over"):
            if entry.body.get("session") == session:
                found.add(str(entry.body["wave"]))
        return frozenset(found)

    def give_up(self, wave_id: str, session: str) -> None:
        """Record that a wave will not be closed in a session: its run has ended."""
        self.ledger.append("over", Over(wave=wave_id, session=session))

    def at_last_story(self, wave_id: str, session: str) -> bool:
        """Whether all stories of a wave but one have come to something in a session."""
        outcomes = self._session_stories(session)
        left = [story for story in self.schedule.wave(wave_id).stories if story.id not in outcomes]
        return len(left) <= 1

    def final_gate(self, session: str) -> GateOutcome:
        """Show everything that is done once more on the commit in question, then run the ``post_final`` gate on it."""
        ticket = self._new_ticket(FINAL, session, self.runtime.standing())
        try:
            self._confirm(ticket)
        except Stopped as stopped:
            outcome = _halted_gate("post_final", ticket, stopped)
        else:
            outcome = self._gate("post_final", ticket)
        self.ledger.append("gate", outcome)
        return outcome

    def _gate(self, phase: str, ticket: Ticket) -> GateOutcome:
        try:
            return self.runtime.gate(phase, ticket)
        except Stopped as stopped:
            return _halted_gate(phase, ticket, stopped)

    def _confirm(self, ticket: Ticket) -> None:
        """Stories that were shown on an earlier commit may not hold on this one: other stories came after them."""
        waves, stories = self._standing(ticket.commit)
        for wave in self.schedule.waves:
            now: dict[str, StoryOutcome] = {}
            for story in wave.stories:
                outcome = stories.get(story.id)
                if outcome is None:
                    continue
                now[story.id] = outcome
                if outcome.status in DONE and outcome.commit != ticket.commit:
                    here = ticket.model_copy(update={"wave": wave.id})
                    now[story.id] = self.runtime.confirm(story.story, outcome, here)
                    self.ledger.append("story", now[story.id])
            closed = waves.get(wave.id)
            if closed is not None and closed.commit != ticket.commit:
                here = ticket.model_copy(update={"wave": wave.id})
                self.ledger.append("wave", self._closed(wave.id, here, tuple(now.values())))

    def _gate_state(self, wave_id: str, stories: tuple[StoryOutcome, ...], gate: GateOutcome) -> tuple[GateState, str]:
        """A wave passes if each of its stories is done and its gate passed; nothing else passes."""
        expected = self.schedule.wave(wave_id).stories
        if gate.state == "rehearsed":
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

    def _new_ticket(self, wave_id: str, session: str, commit: Commit | None) -> Ticket:
        return Ticket(
            wave=wave_id,
            session=session,
            mode=self.runtime.name,
            plan=self.execution_digest,
            commit=commit.commit if commit else None,
            tree=commit.tree if commit else None,
        )

    def _moved(self, ticket: Ticket) -> Ticket:
        moved = self._new_ticket(ticket.wave, ticket.session, self.runtime.standing())
        return moved.model_copy(update={"occasion": ticket.occasion})

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

    def _elsewhere(self, story: ScheduledStory, ticket: Ticket) -> Iterator[StoryOutcome]:
        """The latest outcomes of the stories of other waves that one needs; what has none is said to be missing."""
        if not self.runtime.ordered or ticket.commit is None:
            return
        now = self._moved(ticket)
        _, stories = self._standing(now.commit)
        for need in story.needs_elsewhere:
            missing = StoryOutcome(
                story=need,
                wave="",
                status="not_run",
                mode=ticket.mode,
                plan=ticket.plan,
                session=ticket.session,
            )
            yield stories.get(need, missing)

    def _standing(self, commit: str | None) -> tuple[dict[str, WaveOutcome], dict[str, StoryOutcome]]:
        """The latest outcomes under this plan that say something about a commit, whichever session they are from."""
        relevant: dict[str | None, bool] = {}

        def counts(about: str | None) -> bool:
            if about not in relevant:
                relevant[about] = self.runtime.counts(about, commit)
            return relevant[about]

        stories: dict[str, StoryOutcome] = {}
        waves: dict[str, WaveOutcome] = {}
        for outcome in self._stories():
            if outcome.plan == self.execution_digest and counts(outcome.commit):
                stories[outcome.story] = outcome
        for entry in self.ledger.entries("wave"):
            closed = WaveOutcome.model_validate(entry.body)
            if closed.plan == self.execution_digest and counts(closed.commit):
                waves[closed.wave] = closed
        return waves, stories


def _halted_story(story: str, ticket: Ticket, stopped: Stopped) -> StoryOutcome:
    return StoryOutcome(
        story=story,
        wave=ticket.wave,
        status="blocked",
        mode=ticket.mode,
        plan=ticket.plan,
        session=ticket.session,
        commit=ticket.commit,
        tree=ticket.tree,
        reason=_halted(stopped),
    )


def _halted_gate(phase: str, ticket: Ticket, stopped: Stopped) -> GateOutcome:
    return GateOutcome(
        phase=phase,
        state="skipped",
        plan=ticket.plan,
        session=ticket.session,
        commit=ticket.commit,
        tree=ticket.tree,
        reason=_halted(stopped),
    )


def _halted(stopped: Stopped) -> str:
    return f"stopped: {stopped}; run again, it goes on where it was"
