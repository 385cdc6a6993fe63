"""One attempt: a bench, an agent, and then everything that stands between its work and a merge.

The order is fixed: what happened outside the workspace, what was changed inside, whether the plan's commands
hold on it, whether they hold with the base's own tests and gates, and whether they hold on what was merged
meanwhile. The first that objects ends the attempt; the work is kept under ``refs/radeng`` in any case.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from radeng_assets.evidence.outcomes import Ticket
from radeng_assets.evidence.store import EvidenceStore
from radeng_assets.execution.agent_policy import AgentPolicy
from radeng_assets.execution.agents.agent import Agent, AgentReport, Job
from radeng_assets.execution.attempts import Attempt, AttemptEnd, AttemptEnding, History
from radeng_assets.execution.bench import Bench
from radeng_assets.execution.brief import Failure
from radeng_assets.execution.briefing import brief_of
from radeng_assets.execution.checkout import Checkout, CheckoutState
from radeng_assets.execution.control import Control
from radeng_assets.execution.gates import Stopped, on_commit
from radeng_assets.execution.git import Commit, GitError
from radeng_assets.execution.inspection.change import Change, Objection, Terms
from radeng_assets.execution.inspection.inspector import Inspection, inspect, inspections, proof_files
from radeng_assets.execution.integration import TRAILER, Integration, Unproven
from radeng_assets.execution.machine import Machine
from radeng_assets.execution.mirror import Conflict, Mirror
from radeng_assets.execution.names import shown
from radeng_assets.execution.proof import Examiner, Findings, Part
from radeng_assets.planning.documents.execution_plan import GATE_PHASES, ExecutionPlan, Story
from radeng_assets.planning.located import values

OUTPUT_TAIL = 4000
"""Bytes of a failing command's output that the next attempt is shown."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What one attempt came to; ``proof`` and ``on`` (the merged commit) where it was merged."""

    end: AttemptEnd
    proof: Findings | None = None
    on: Commit | None = None


@dataclass(frozen=True, slots=True)
class Guards:
    """What stands between an agent's work and a merge. Tests take one away to show that it is what holds.

    ``overlay``: the proof runs once more with the base's own version of changed tests, gates and settings.
    ``control``: it runs once more where it must fail.
    """

    inspections: Sequence[Inspection]
    checkout: bool = True
    overlay: bool = True
    control: bool = True

    @classmethod
    def all(cls) -> Guards:
        """Every guard."""
        return cls(inspections=inspections())


@dataclass(frozen=True, slots=True)
class Trial:
    """Carries attempts out. ``stopping`` says whether everything is to halt now.

    ``secrets`` are the keys of this machine: no work that holds one is merged.
    """

    agent: Agent
    plan: ExecutionPlan
    examiner: Examiner
    policy: AgentPolicy
    integration: Integration
    checkout: Checkout
    store: EvidenceStore
    guards: Guards
    stopping: Callable[[], bool]
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def carry_out(
        self, story: Story, attempt: Attempt, ticket: Ticket, history: History, log: Callable[[str], None]
    ) -> Carried:
        """Carry one attempt out, or go on with it after a kill. Raises ``Stopped``; it then stays open."""
        bench = Bench.of(self._mirror, attempt.key, attempt.base)
        bench.lay_out()
        before = self._remembered(bench)
        with Machine(self.policy.machine, self._mirror.home).room(self.stopping, log), bench.attended():
            report = self.agent.work(self._job(story, attempt, bench, history, log))
        if report.ending == "stopped":
            raise Stopped(report.reason)
        return self._judge(story, attempt, ticket, bench, before, report)

    def clear_away(self, attempt: Attempt) -> None:
        """Remove the files of an attempt that has ended."""
        Bench.of(self._mirror, attempt.key, attempt.base).remove()

    @property
    def _mirror(self) -> Mirror:
        return self.integration.mirror

    def _remembered(self, bench: Bench) -> CheckoutState:
        """The user's checkout as it was when the attempt began, also where it began in another process."""
        memory = bench.scratch / "checkout.json"
        if not memory.exists():
            draft = memory.with_suffix(".draft")
            draft.write_text(self.checkout.state().model_dump_json(), encoding="utf-8")
            draft.replace(memory)
        return CheckoutState.model_validate_json(memory.read_bytes())

    def _job(self, story: Story, attempt: Attempt, bench: Bench, history: History, log: Callable[[str], None]) -> Job:
        failures = history.last.failures if history.last else ()
        return Job(
            brief=brief_of(
                story,
                plan=self.plan,
                name=attempt.plan,
                wave=attempt.wave,
                attempt=attempt.number,
                scope=self._scope(story),
                examiner=self.examiner,
                failures=failures,
            ),
            tree=bench.tree,
            scratch=bench.scratch,
            shown=bench.shown,
            clear=bench.clear,
            base=attempt.base,
            key=attempt.key,
            tier=attempt.tier,
            timeout_s=self.policy.attempt_timeout_s,
            log=log,
            stopping=self.stopping,
        )

    def _judge(
        self, story: Story, attempt: Attempt, ticket: Ticket, bench: Bench, before: CheckoutState, report: AgentReport
    ) -> Carried:
        transcript = self._transcript(report.transcript)

        def ended(
            ending: AttemptEnding, failures: tuple[Failure, ...] = (), kept: str | None = None, changed: str = ""
        ) -> Carried:
            reason = "; ".join(f"{failure.where}: {failure.reason}" for failure in failures)
            end = AttemptEnd.of(
                attempt,
                report,
                ending=ending,
                reason=reason,
                failures=failures,
                kept=kept,
                changed=changed,
                transcript=transcript,
            )
            return Carried(end)

        oddities, nested = tuple(bench.oddities()), bench.nested()
        try:
            tree = bench.result_tree()
            result = self._mirror.commit(tree, attempt.base, self._message(story, attempt), attempt.began)
            kept = self.integration.branches.attempt(attempt.story, attempt.number)
            self._mirror.publish(result.commit, kept, force=True)
            files = self._mirror.changes(attempt.base, result.commit)
        except GitError as error:
            return ended("failed", (Failure(where="workspace", reason=f"its files make no commit: {error}"),))
        changed = self._mirror.stat(attempt.base, result.commit)
        change = Change(files, frozenset(self._mirror.files(attempt.base)), nested=nested, oddities=oddities)
        failures = self._objections(story, change, before)
        if report.ending != "claimed":
            said = report.transcript.read_bytes()[-OUTPUT_TAIL:].decode(errors="replace") if report.transcript else ""
            failures = (Failure(where=f"agent {report.ending}", reason=report.reason, output=said), *failures)
            return ended("refused" if report.ending == "refused" else "failed", failures, kept, changed)
        if not change.files and not failures:
            failures = (Failure(where="claim", reason="the agent says it is done and changed nothing"),)
        if failures:
            return ended("failed", failures, kept, changed)
        proof = self._prove(story, ticket, result, attempt, change)
        if proof.state != "passed":
            return ended("failed", self._shortfalls(proof), kept, changed)
        try:
            merged = self.integration.merge(
                result,
                attempt.base,
                attempt.key,
                story.id.value,
                self._message(story, attempt),
                attempt.began,
                lambda commit: self.examiner.examine(story, on_commit(ticket, commit), ("post_story",)),
            )
        except Conflict as conflict:
            return ended("failed", (Failure(where="merge", reason=str(conflict)),), kept, changed)
        except Unproven as unproven:
            return ended("failed", self._shortfalls(unproven.findings, "after the merge, "), kept, changed)
        except GitError as error:
            return ended("failed", (Failure(where="merge", reason=str(error)),), kept, changed)
        end = AttemptEnd.of(
            attempt,
            report,
            ending="merged",
            commit=merged.commit.commit,
            kept=kept,
            changed=changed,
            transcript=transcript,
        )
        return Carried(end, merged.findings or proof, merged.commit)

    def _objections(self, story: Story, change: Change, before: CheckoutState) -> tuple[Failure, ...]:
        """What stands against the work before any command runs."""
        failures: list[Failure] = []
        if self.guards.checkout:
            differences = before.differences(self.checkout.state())
            failures += [Failure(where="your checkout", reason=text) for text in differences]
        objections = inspect(change, self._terms(story), self.guards.inspections)
        return (*failures, *(_failure(objection) for objection in objections))

    def _prove(self, story: Story, ticket: Ticket, result: Commit, attempt: Attempt, change: Change) -> Findings:
        """The plan's commands on the result, on the result with the base's own proof, and where they must fail."""
        proof = self._with_bases_own(story, ticket, result, attempt, change)
        if proof.state != "passed" or not self.guards.control:
            return proof
        base = self._mirror.resolve(attempt.base)
        unfailing = Control(self._mirror, self.examiner).unfailing(story, ticket, result, base, attempt.began)
        return Findings(parts=unfailing, criteria=proof.criteria) if unfailing else proof

    def _with_bases_own(
        self, story: Story, ticket: Ticket, result: Commit, attempt: Attempt, change: Change
    ) -> Findings:
        proof = self.examiner.examine(story, on_commit(ticket, result), ("post_story",))
        spoiled = proof_files(change, self._terms(story)) if self.guards.overlay else ()
        if proof.state != "passed" or not spoiled:
            return proof
        base, began = attempt.base, attempt.began
        tree = self._mirror.with_files_of(result.tree, base, spoiled)
        overlay = self._mirror.commit(tree, base, f"{story.id.value} with the base's own proof", began)
        again = self.examiner.examine(story, on_commit(ticket, overlay), ("post_story",))
        if again.state == "passed":
            return proof
        return Findings(
            parts=tuple(
                part.model_copy(update={"what": f"{part.what}, with the base's own {', '.join(map(shown, spoiled))}"})
                for part in again.parts
            ),
            criteria=again.criteria,
        )

    def _scope(self, story: Story) -> tuple[str, ...]:
        return (*values(story.files), *self.policy.scope_also)

    def _terms(self, story: Story) -> Terms:
        verification = self.examiner.verification
        entry = verification.of(story.id.value) if verification else None
        commands = [command for phase in GATE_PHASES for command in self.plan.gates.commands(phase)]
        commands += [p.command.value for p in entry.proofs] if entry else []
        commands += values(verification.setup) if verification else ()
        return Terms(
            scope=self._scope(story),
            may_change=values(entry.may_change) if entry else (),
            commands=tuple(dict.fromkeys(commands)),
            file_bytes=self.policy.file_bytes,
            secrets=self.secrets,
        )

    def _shortfalls(self, proof: Findings, when: str = "") -> tuple[Failure, ...]:
        return tuple(
            Failure(where=f"{when}{part.what}", reason=part.reason, output=self._output(part)) for part in proof.unmet
        )

    def _output(self, part: Part) -> str:
        """The end of what the failing command of a part printed."""
        for digest in reversed(part.evidence):
            envelope = self.store.get_envelope(digest)
            if envelope.state != "passed" and envelope.artifacts:
                return self.store.get_bytes(envelope.artifacts[0].digest)[-OUTPUT_TAIL:].decode(errors="replace")
        return ""

    def _transcript(self, path: Path | None) -> str | None:
        return self.store.put_bytes(path.read_bytes()) if path is not None and path.is_file() else None

    def _message(self, story: Story, attempt: Attempt) -> str:
        title = story.title.value if story.title else "carried out"
        return f"{story.id.value}: {title}\n\n{TRAILER}: {attempt.key}\n"


def _failure(objection: Objection) -> Failure:
    place = f"{objection.path}:{objection.line}" if objection.line else objection.path
    return Failure(where=f"inspection {objection.inspection}", reason=f"{place}: {objection.message}".lstrip(": "))
