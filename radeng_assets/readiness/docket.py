"""The docket: everything that a verdict rests on, held fast, so that it can be judged here, elsewhere and later."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from radeng_assets.evidence.ledger import LedgerCopy
from radeng_assets.planning.audit import audit
from radeng_assets.planning.folder import POLICY, Planning, Sources
from radeng_assets.planning.schedule import Schedule
from radeng_assets.planning.snapshot import execution_digest, schedule_of
from radeng_assets.readiness.case import Case, Records, gather
from radeng_assets.readiness.circumstances import Circumstances
from radeng_assets.readiness.freshness import day
from radeng_assets.readiness.policy import Policy, policy_findings, read_policy


@dataclass(frozen=True)
class Docket:
    """The planning folder's files and what they say, the ledger, the circumstances, and how evidence is read by digest.

    ``planning`` is ``sources``, read. ``read`` raises ``EvidenceMissing`` or ``EvidenceChanged``.
    """

    sources: Sources
    planning: Planning
    ledger: LedgerCopy
    circumstances: Circumstances
    read: Callable[[str], bytes]

    def case(self) -> Case:
        """What is to be judged. Equal dockets give equal cases."""
        schedule, sound = schedule_of(self.sources)
        policy = read_policy(self.sources.sources.get(POLICY))[0]
        problems = tuple(f"ledger.jsonl:{problem.line}: {problem.message}" for problem in self.ledger.problems)
        return gather(
            Records(self.ledger.entries, problems, self.read),
            planning=self.planning,
            schedule=schedule or Schedule(),
            execution_digest=execution_digest(self.sources),
            policy=policy,
            sound=sound and not self.circumstances.unserved,
            refusal=self._refusal(policy),
            circumstances=self.circumstances,
        )

    def _refusal(self, policy: Policy) -> str:
        """Why no wave would open, where the policy lets the audit block: what was shown before does not make up."""
        if not policy.audit_blocks:
            return ""
        today = day(self.circumstances.as_of)
        problems = policy_findings(self.sources.sources.get(POLICY), self.planning, today)
        return audit(self.sources, today, self.planning, problems).refusal()
