"""The plan audit: what the documents hold, and every finding about them, those that the team accepted apart."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from radeng_assets.planning.baseline import Accepted, accept, finding_digest, read_baseline
from radeng_assets.planning.collection import collection_paused
from radeng_assets.planning.findings import Finding, worst_first
from radeng_assets.planning.folder import BASELINE, PlanCounts, Planning, Sources, read_planning
from radeng_assets.planning.rules.book import FAMILIES, READING, apply_rules, family_of
from radeng_assets.planning.schedule import compile_schedule
from radeng_assets.record import Record


class Audit(Record):
    """Counts of what is there, and findings, worst first. ``accepted`` are findings that the baseline covers today.

    ``digests`` are the findings' content digests, in their order: what the baseline names them by.
    """

    plan: PlanCounts
    findings: tuple[Finding, ...]
    digests: tuple[str, ...] = ()
    accepted: tuple[Accepted, ...] = ()

    def document(self) -> dict[str, object]:
        """The contract's JSON document (``radeng/audit/v1``); each finding with its family and digest."""
        findings = [
            {**finding.model_dump(mode="json"), "family": family_of(finding.rule), "digest": digest}
            for finding, digest in zip(self.findings, self.digests, strict=True)
        ]
        return {
            "schema": "radeng/audit/v1",
            "plan": self.plan.model_dump(mode="json"),
            "findings": findings,
            "accepted": [one.model_dump(mode="json") for one in self.accepted],
        }

    def by_family(self) -> Mapping[str, tuple[Finding, ...]]:
        """Family → its findings, worst first; every family is there."""
        families = {finding.rule: family_of(finding.rule) for finding in self.findings}
        return {
            family: tuple(finding for finding in self.findings if families[finding.rule] == family)
            for family in (READING, *FAMILIES)
        }

    def refusal(self) -> str:
        """Why a plan with these findings may not be carried out; empty where nothing of level error is open."""
        errors = [finding for finding in self.findings if finding.severity == "error"]
        if not errors:
            return ""
        rules = ", ".join(dict.fromkeys(finding.rule for finding in errors))
        return (
            f"the plan audit has {len(errors)} open errors ({rules}). `radeng audit` lists them; "
            "readiness.yaml demands none."
        )

    def keep(self, rules: frozenset[str]) -> Audit:
        """The same audit with the findings of some rules only."""
        pairs = [pair for pair in zip(self.findings, self.digests, strict=True) if pair[0].rule in rules]
        return self.model_copy(
            update={
                "findings": tuple(finding for finding, _ in pairs),
                "digests": tuple(digest for _, digest in pairs),
                "accepted": tuple(one for one in self.accepted if one.finding.rule in rules),
            }
        )


def reading_findings(planning: Planning) -> tuple[Finding, ...]:
    """Everything that reading the folder and putting its plan in order brought up; no rule applied."""
    plan = planning.execution_plan
    problems = compile_schedule(plan)[1] if plan else ()
    return worst_first((*planning.findings, *problems))


@collection_paused()
def audit(
    sources: Sources, today: date, planning: Planning | None = None, policy_findings: tuple[Finding, ...] = ()
) -> Audit:
    """The audit of a folder. ``today`` decides which acceptances have expired.

    ``planning`` saves reading again; ``policy_findings`` are those about ``readiness.yaml``, which another room reads.
    """
    planning = planning or read_planning(sources)
    found = worst_first((*reading_findings(planning), *policy_findings, *apply_rules(planning)))
    baseline = sources.sources.get(BASELINE)
    if baseline is None:
        kept, accepted = found, ()
    else:
        entries, problems = read_baseline(baseline)
        kept, accepted, about = accept(found, entries, sources, today)
        kept = worst_first((*kept, *problems, *about))
    digests = tuple(finding_digest(finding, sources) for finding in kept)
    return Audit(plan=planning.counts, findings=kept, digests=digests, accepted=accepted)
