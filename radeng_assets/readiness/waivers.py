"""Waivers: people accept an issue that is there and known, for a reason, for a time, at a risk that is on the register.

A waiver binds to the digest of what was found (``issue_digest``), so it holds for that very thing and for nothing else.
Only issues can be waived. What is not known (evidence that is missing, stale, or broken) is no issue, and no waiver
reaches it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal

from pydantic import Field

from radeng_assets.planning.fields import Fields
from radeng_assets.planning.findings import Finding
from radeng_assets.planning.folder import POLICY, Planning
from radeng_assets.planning.located import Place
from radeng_assets.readiness.people import agents_of
from radeng_assets.readiness.reports.assessment import GRADES, Grade, Issue
from radeng_assets.readiness.terms import read_terms
from radeng_assets.readiness.waiver_rules import Grounds, faults
from radeng_assets.readiness.waiver_terms import Waiver, WaiverTerms
from radeng_assets.record import Record

WaiverState = Literal["applied", "unmatched", "expired", "invalid"]


class WaiverDays(Record):
    """``waiver_days:`` of ``readiness.yaml``: how long an issue of a grade may be waived, from grant to expiry.

    The defaults are the times in which findings must be mended in federal practice: 30, 90 and 180 days for high,
    moderate and low (FedRAMP Continuous Monitoring Strategy Guide), 15 for critical (CISA BOD 19-02).
    """

    critical: int = Field(default=15, le=366)
    high: int = Field(default=30, le=366)
    medium: int = Field(default=90, le=366)
    low: int = Field(default=180, le=366)

    def of(self, grade: Grade) -> int:
        """The most days of a grade."""
        days: int = getattr(self, grade)
        return days


class Standing(Record):
    """Where one waiver stands: the issue that it is about, where there is one, and what is wrong with it."""

    waiver: Waiver
    state: WaiverState
    issue: Issue | None = None
    findings: tuple[Finding, ...] = ()


class Acceptance(Record):
    """Issues with the waivers put to them: what stays open, and where each waiver stands."""

    open: tuple[Issue, ...] = ()
    standings: tuple[Standing, ...] = ()

    @property
    def applied(self) -> tuple[Standing, ...]:
        """The waivers that accept something."""
        return tuple(standing for standing in self.standings if standing.state == "applied")


def read_waivers(fields: Fields) -> tuple[Waiver, ...]:
    """The list ``waivers``. A part that cannot be used is a finding, and missing from its waiver."""
    return tuple(
        Waiver(**read_terms(part, WaiverTerms).model_dump(), line=part.line)
        for part in fields.mappings("waivers", "a waiver")
    )


def apply(
    waivers: Sequence[Waiver], issues: Iterable[Issue], *, days: WaiverDays, planning: Planning, today: date
) -> Acceptance:
    """Put waivers to issues, as of a day (UTC). Pure.

    An issue is accepted by the first waiver of its digest, if nothing at all is wrong with that. Where issues of equal
    digest have several grades, the worst counts for all of them.
    """
    found: dict[str, Issue] = {}
    listed = tuple(issues)
    for issue in sorted(listed, key=lambda one: GRADES.index(one.grade)):
        found.setdefault(issue.digest, issue)
    standings = tuple(
        _standing(waiver, found.get(waiver.digest), grounds)
        for waiver, grounds in _with_grounds(waivers, found, days, planning, today)
    )
    accepted = {standing.waiver.digest for standing in standings if standing.state == "applied"}
    return Acceptance(open=tuple(issue for issue in listed if issue.digest not in accepted), standings=standings)


def waiver_findings(
    waivers: Sequence[Waiver], *, days: WaiverDays, planning: Planning, today: date
) -> tuple[Finding, ...]:
    """What is wrong with waivers by themselves, whatever there is to accept."""
    return tuple(
        finding
        for waiver, grounds in _with_grounds(waivers, {}, days, planning, today)
        for finding in faults(waiver, grounds)
    )


def _with_grounds(
    waivers: Sequence[Waiver], found: dict[str, Issue], days: WaiverDays, planning: Planning, today: date
) -> Iterable[tuple[Waiver, Grounds]]:
    register = planning.risk_register
    risks = frozenset(risk.id.value for risk in register.risks) if register else frozenset[str]()
    agents = agents_of(planning)
    first: dict[str, Waiver] = {}
    for waiver in waivers:
        issue = found.get(waiver.digest)
        # Without the issue nobody knows its grade: only what no grade allows is too long for certain.
        most = days.of(issue.grade) if issue else max(days.of(grade) for grade in GRADES)
        earlier = first.setdefault(waiver.digest, waiver) if waiver.digest else waiver
        grade = issue.grade if issue else None
        yield waiver, Grounds(risks, agents, today, most, grade, earlier if earlier is not waiver else None)


def _standing(waiver: Waiver, issue: Issue | None, grounds: Grounds) -> Standing:
    problems = faults(waiver, grounds)
    if problems:
        state: WaiverState = "expired" if [one.rule for one in problems] == ["waiver-expired"] else "invalid"
        return Standing(waiver=waiver, state=state, issue=issue, findings=problems)
    if issue is None:
        return Standing(waiver=waiver, state="unmatched", findings=(_unmatched(waiver),))
    return Standing(waiver=waiver, state="applied", issue=issue)


def _unmatched(waiver: Waiver) -> Finding:
    return Finding(
        rule="waiver-unmatched",
        severity="warning",
        subject=waiver.digest,
        message=f"The waiver of {waiver.digest[:19]}… matches no issue that is there.",
        at=(Place(POLICY, waiver.line),),
        fix="Remove it: what it accepted was mended, or is another thing now.",
    )
