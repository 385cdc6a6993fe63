"""One story's life: proved already, or carried out by an agent, proven, merged - or blocked with a reason.

An agent's word moves nothing here. What it left in its workspace becomes a commit; the commit is inspected, then
proved by the plan's commands in clean worktrees, and merged only then. Everything is in the ledger, so a
life that was cut short anywhere goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from radeng_assets.evidence.envelope import timestamp
from radeng_assets.evidence.ledger import Ledger
from radeng_assets.evidence.outcomes import (
    DONE,
    CriterionOutcome,
    GateOutcome,
    StoryOutcome,
    StoryStatus,
    Ticket,
)
from radeng_assets.execution.agent_policy import AgentPolicy
from radeng_assets.execution.agents.agent import Tier
from radeng_assets.execution.attempts import Attempt, AttemptEnd, Attempts, History
from radeng_assets.execution.gates import on_commit
from radeng_assets.execution.git import Commit
from radeng_assets.execution.integration import Integration
from radeng_assets.execution.proof import Examiner, Findings, outcome_of
from radeng_assets.execution.trial import Trial
from radeng_assets.planning.documents.execution_plan import ExecutionPlan, Story


@dataclass(frozen=True, slots=True)
class Delivery:
    """The runtime behind every agent.

    ``trial`` carries one attempt out; ``name`` is the mode's, as ``--agent`` has it. ``waits`` says of a
    story why nobody may begin it yet: something outside of the plan is not there.
    """

    name: str
    plan: ExecutionPlan
    examiner: Examiner
    policy: AgentPolicy
    integration: Integration
    attempts: Attempts
    ledger: Ledger
    trial: Trial
    ordered: bool = True
    waits: Mapping[str, str] = field(default_factory=dict[str, str])

    def opening(self) -> Commit:
        """The integration branch's commit, caught up with HEAD. Raises ``Diverged``."""
        return self.integration.catch_up()

    def standing(self) -> Commit:
        """The integration branch's commit, or HEAD where that has taken it over."""
        return self.integration.standing()

    def counts(self, commit: str | None, now: str | None) -> bool:
        """What was shown on a commit that lies below the one in question."""
        return commit is not None and now is not None and self.integration.mirror.holds(commit, now)

    def confirm(self, story: Story, outcome: StoryOutcome, ticket: Ticket) -> StoryOutcome:
        """A done story on a later commit: the same status where everything still holds, ``failed`` where it does not.

        What it cost, and what was true before an agent began, stays as it was.
        """
        found = self.examiner.examine(story, ticket, ("post_story",))
        again = outcome_of(story, ticket, found, outcome.status, self.name)
        held = [item for item in outcome.criteria if item.already_true]
        reason = "" if found.state == "passed" else f"it held on {outcome.commit} and does not now: {again.reason}"
        return outcome.model_copy(
            update={
                "status": again.status,
                "session": ticket.session,
                "commit": ticket.commit,
                "tree": ticket.tree,
                "criteria": tuple(_labelled(again.criteria, held)),
                "evidence": again.evidence,
                "reason": reason,
            }
        )

    def gate(self, phase: str, ticket: Ticket) -> GateOutcome:
        """Run a gate's commands on the ticket's commit."""
        return self.examiner.gate_outcome(phase, ticket)

    def carry_out(
        self, story: Story, ticket: Ticket, predecessors: Sequence[StoryOutcome], log: Callable[[str], None]
    ) -> StoryOutcome:
        """What the story comes to: ``verified``, ``already_satisfied``, or ``blocked`` with the reason.

        Raises ``Stopped``; an attempt that was going on stays open.
        """
        waiting = [item.story for item in predecessors if item.status not in DONE]
        if waiting:
            return self._blocked(story, ticket, f"waits for {', '.join(waiting)}")
        return self._lived(story, ticket, log)

    def _lived(self, story: Story, ticket: Ticket, log: Callable[[str], None]) -> StoryOutcome:
        history = self.attempts.of(story.id.value)
        attempt = history.open(ticket.plan)
        base = on_commit(ticket, self.integration.mirror.resolve(attempt.base) if attempt else self.integration.tip())
        before = self.examiner.criteria(story, base)
        waiting = self.waits.get(story.id.value)
        if attempt is None:
            settled = self._settled(story, base, before, history, waiting)
            if settled is not None:
                return settled
        elif waiting:
            return self._blocked(story, base, waiting, before.criteria)
        return self._attempts(story, ticket, before, attempt, log)

    def _settled(
        self, story: Story, base: Ticket, before: Findings, history: History, waiting: str | None
    ) -> StoryOutcome | None:
        """The outcome where no agent is needed, or none could help; ``None`` where one is needed."""
        if before.state == "passed":
            whole = self.examiner.examine(story, base)
            if whole.state == "passed":
                merged = history.last is not None and history.last.ending == "merged"
                outcome = outcome_of(story, base, whole, "verified" if merged else "already_satisfied", self.name)
                return self._with_history(outcome, history)
        if waiting:
            return self._blocked(story, base, waiting, before.criteria)
        unproved = [item for item in before.criteria if item.state == "human_needed"]
        if unproved or not before.criteria:
            # Whatever an agent did, nothing would show it done; so nobody is paid for it.
            return self._blocked(story, base, before.causes(), before.criteria)
        for part in self.examiner.gate("pre_story", story.id.value, base):
            if part.state != "passed":
                reason = f"the base {base.commit} does not pass pre_story: {part.reason}"
                return self._blocked(story, base, reason, before.criteria)
        return None

    def _attempts(
        self,
        story: Story,
        ticket: Ticket,
        before: Findings,
        attempt: Attempt | None,
        log: Callable[[str], None],
    ) -> StoryOutcome:
        """Attempt after attempt, until one is merged, none can help, or the policy's number is reached."""
        while True:
            history = self.attempts.of(story.id.value)
            tried = history.tried(ticket.session, ticket.occasion)
            if attempt is None:
                if tried >= self.policy.attempts:
                    reason = f"attempts failed: {tried}; the last: {history.last.reason if history.last else ''}"
                    return self._with_history(self._blocked(story, ticket, reason, before.criteria), history)
                attempt = self._begin(story, ticket, history, tried)
            number = f"attempt {attempt.number} ({attempt.tier})"
            log(f"{story.id.value}: {number} begins on {attempt.base[:12]}")
            carried = self.trial.carry_out(story, attempt, ticket, history, log)
            end = self.attempts.end(carried.end)
            self.trial.clear_away(attempt)
            log(f"{story.id.value}: {number} {end.ending}: {end.reason or end.changed}")
            history = self.attempts.of(story.id.value)
            if carried.proof is not None and carried.on is not None:
                outcome = outcome_of(story, on_commit(ticket, carried.on), carried.proof, "verified", self.name)
                labelled = outcome.model_copy(update={"criteria": tuple(_labelled(outcome.criteria, before.criteria))})
                return self._with_history(labelled, history)
            if end.ending == "refused":
                return self._with_history(self._blocked(story, ticket, end.reason, before.criteria), history)
            attempt = None

    def _begin(self, story: Story, ticket: Ticket, history: History, tried: int) -> Attempt:
        last = tried == self.policy.attempts - 1 and self.policy.attempts > 1
        declined = history.last is not None and history.last.declined
        tier: Tier = "escalation" if last or declined else "plain"
        return self.attempts.begin(
            Attempt(
                plan=self.attempts.plan,
                execution=ticket.plan,
                story=story.id.value,
                wave=ticket.wave,
                session=ticket.session,
                number=len(history.attempts) + 1,
                base=self.integration.tip().commit,
                tier=tier,
                began=timestamp(),
                occasion=ticket.occasion,
            )
        )

    def _blocked(
        self, story: Story, ticket: Ticket, reason: str, criteria: tuple[CriterionOutcome, ...] = ()
    ) -> StoryOutcome:
        status: StoryStatus = "blocked"
        return StoryOutcome(
            story=story.id.value,
            wave=ticket.wave,
            status=status,
            mode=self.name,
            plan=ticket.plan,
            session=ticket.session,
            commit=ticket.commit,
            tree=ticket.tree,
            criteria=criteria,
            reason=reason,
        )

    def _with_history(self, outcome: StoryOutcome, history: History) -> StoryOutcome:
        """The outcome with what all attempts at the story consumed."""
        last: AttemptEnd | None = history.last
        return outcome.model_copy(
            update={
                "attempts": len(history.ends),
                "tokens": history.tokens,
                "cost_usd": history.cost_usd,
                "changed": last.changed if last else "",
                "transcript": last.transcript if last else None,
                "sandboxed": last.sandboxed if last else None,
            }
        )


def _labelled(after: Sequence[CriterionOutcome], before: Sequence[CriterionOutcome]) -> Iterator[CriterionOutcome]:
    """The criteria of a result, those that held on the base marked as nobody's work."""
    held = {item.number for item in before if item.state == "passed"}
    for item in after:
        if item.number in held:
            reason = item.reason or "already true before an agent began"
            yield item.model_copy(update={"already_true": True, "reason": reason})
        else:
            yield item
