"""What a judged case shows, as the set that people sign."""

from __future__ import annotations

from collections.abc import Iterable

from radeng_assets.evidence.outcomes import DONE
from radeng_assets.readiness.acceptance import accept
from radeng_assets.readiness.case import Case
from radeng_assets.readiness.evidence_set import EvidenceSet, ShownCriterion, ShownReport, ShownStory
from radeng_assets.readiness.reports.assessment import Assessment
from radeng_assets.readiness.verdict import CriterionVerdict


def evidence_set(case: Case, criteria: Iterable[CriterionVerdict]) -> EvidenceSet:
    """The set of a case whose criteria, all but the sign-off, came to ``criteria``."""
    return EvidenceSet(
        plan=case.planning.digest,
        files=case.planning.files,
        execution=case.execution_digest,
        target=case.target,
        criteria={item.id: ShownCriterion(status=item.status, threshold=item.threshold) for item in criteria},
        stories={story.id: _story(case, story.id) for story in case.schedule.stories},
        gates={wave.id: _gate(case, wave.id) for wave in case.schedule.waves},
        final_gate=case.final_gate.state if case.final_gate else "missing",
        reports={name: _report(case, report) for name, report in case.reports.items()},
    )


def _gate(case: Case, wave_id: str) -> str:
    outcome = case.waves.get(wave_id)
    return outcome.gate if outcome else "not_run"


def _story(case: Case, story_id: str) -> ShownStory:
    outcome = case.stories.get(story_id)
    if outcome is None:
        return ShownStory(status="not_run")
    proved = sum(1 for item in outcome.criteria if item.state == "passed")
    return ShownStory(status="done" if outcome.status in DONE else outcome.status, proved=proved)


def _report(case: Case, report: Assessment) -> ShownReport:
    accepted = {standing.waiver.digest for standing in accept(case, [report]).applied}
    return ShownReport(
        state=report.state,
        issues=tuple(sorted({issue.digest for issue in report.issues})),
        waived=tuple(sorted(accepted)),
    )
