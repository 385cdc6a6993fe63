"""The waivers of a case, put to the issues of its reports."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from radeng_assets.planning.folder import POLICY
from radeng_assets.readiness.case import Case
from radeng_assets.readiness.freshness import day
from radeng_assets.readiness.reports.assessment import Assessment
from radeng_assets.readiness.waivers import Acceptance, Standing, WaiverState, apply
from radeng_assets.record import Record

CRITERION_OF = {
    "coverage": "test_coverage",
    "chaos": "test_coverage",
    "load": "load_test",
    "security": "security_audit",
    "ui": "ui_integration",
    "documentation": "documentation",
    "ess": "ess_integration",
}
"""Report → the criterion that rests on it."""


def accept(case: Case, reports: Iterable[Assessment]) -> Acceptance:
    """What the case's waivers accept of some reports' issues, on the day of judging (UTC).

    A waiver is judged by every report: where one thing is an issue of two, the worse grade counts for both.
    """
    there = {issue.digest for report in reports for issue in report.issues}
    whole = _whole(case)
    return Acceptance(
        open=tuple(issue for issue in whole.open if issue.digest in there),
        standings=tuple(one for one in whole.standings if one.waiver.digest in there),
    )


def _whole(case: Case) -> Acceptance:
    return apply(
        case.policy.waivers,
        [issue for report in case.reports.values() for issue in report.issues],
        days=case.policy.waiver_days,
        planning=case.planning,
        today=day(case.circumstances.as_of),
    )


def waived(standings: Iterable[Standing]) -> list[str]:
    """Accepted issues in words, one for each waiver."""
    return [
        f"waived until {one.waiver.expires}: {one.issue.grade}: {one.issue.message} "
        f"(risk {one.waiver.risk}, approved by {one.waiver.approver})"
        for one in standings
        if one.issue is not None
    ]


class WaiverVerdict(Record):
    """Where one waiver stands, in the verdict.

    ``criterion``, ``subject`` and ``grade`` are the issue's, where it is there. ``problem`` says why the waiver accepts
    nothing, ``at`` where it is written.
    """

    digest: str
    criterion: str
    subject: str
    grade: str
    reason: str
    owner: str
    approver: str
    risk: str
    expires: date | None
    state: WaiverState
    problem: str = ""
    at: str


def waiver_verdicts(case: Case) -> tuple[WaiverVerdict, ...]:
    """Every waiver of a case, in the policy's order."""
    criterion = {
        issue.digest: CRITERION_OF.get(name, "") for name, report in case.reports.items() for issue in report.issues
    }
    return tuple(_verdict(one, criterion) for one in _whole(case).standings)


def _verdict(standing: Standing, criterion: dict[str, str]) -> WaiverVerdict:
    waiver, issue = standing.waiver, standing.issue
    return WaiverVerdict(
        digest=waiver.digest,
        criterion=criterion.get(waiver.digest, waiver.criterion),
        subject=issue.subject if issue else "",
        grade=issue.grade if issue else waiver.grade,
        reason=waiver.reason,
        owner=waiver.owner,
        approver=waiver.approver,
        risk=waiver.risk,
        expires=waiver.expires,
        state=standing.state,
        problem=" ".join(finding.message for finding in standing.findings),
        at=f"{POLICY}:{waiver.line}",
    )
