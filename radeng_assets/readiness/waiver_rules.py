"""What is wrong with a waiver: each fault is a finding, and a waiver with any fault accepts nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from radeng_assets.planning.findings import Finding, Severity
from radeng_assets.planning.folder import POLICY, RISK_REGISTER
from radeng_assets.planning.located import Place
from radeng_assets.readiness.people import is_person, same_person
from radeng_assets.readiness.reports.assessment import Grade
from radeng_assets.readiness.waiver_terms import Waiver

REQUIRED = ("digest", "reason", "owner", "requester", "approver", "granted", "expires", "risk")
"""Without any one of these a waiver accepts nothing."""

REASON_WORDS = 3
"""A reason is at least a short sentence: this many different words."""

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
# Scripts that are written without spaces: each character carries meaning.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]{2,}")


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a waiver is judged by.

    ``risks`` are the ids on the risk register, ``agents`` the names of agents. ``most`` is how many days it may last,
    ``grade`` that of the issue, where it is there. ``earlier`` is another waiver of the same issue above it.
    """

    risks: frozenset[str]
    agents: frozenset[str]
    today: date
    most: int
    grade: Grade | None = None
    earlier: Waiver | None = None


def faults(waiver: Waiver, grounds: Grounds) -> tuple[Finding, ...]:
    """Everything that is wrong with a waiver by itself; empty where it may accept its issue."""
    return (*_incomplete(waiver), *_said(waiver), *_people(waiver, grounds), *_risk(waiver, grounds),
            *_time(waiver, grounds), *_twice(waiver, grounds))  # fmt: skip


def _incomplete(waiver: Waiver) -> Iterator[Finding]:
    lacking = [name for name in REQUIRED if not getattr(waiver, name)]
    if lacking:
        what = f"has no {', '.join(lacking)}"
        yield _finding(waiver, "waiver-incomplete", what, f"Add {', '.join(lacking)}; every field counts.")


def _said(waiver: Waiver) -> Iterator[Finding]:
    if waiver.digest and not _DIGEST.fullmatch(waiver.digest):
        yield _finding(
            waiver, "waiver-digest", "names no digest", "Copy the issue's digest (sha256:…) from the report."
        )
    if waiver.reason and len(set(_WORD.findall(waiver.reason.casefold()))) < REASON_WORDS:
        what = f"has no reason of substance ({waiver.reason[:40]!r})"
        yield _finding(waiver, "waiver-reason", what, "Say in a sentence why the issue can be lived with.")


def _people(waiver: Waiver, grounds: Grounds) -> Iterator[Finding]:
    if waiver.approver and waiver.requester and same_person(waiver.approver, waiver.requester):
        what = f"is approved by {waiver.approver[:60]}, who requested it"
        yield _finding(waiver, "waiver-self-approved", what, "Let somebody else approve it.")
    for role in ("owner", "requester", "approver"):
        name: str = getattr(waiver, role)
        if name and not is_person(name, grounds.agents):
            what = f"has {name[:60]!r} as its {role}, which is no person's name"
            yield _finding(waiver, "waiver-no-person", what, f"Name the person who is its {role}.")


def _risk(waiver: Waiver, grounds: Grounds) -> Iterator[Finding]:
    if waiver.risk and waiver.risk not in grounds.risks:
        what = f"names the risk {waiver.risk[:40]!r}, which {RISK_REGISTER} does not have"
        yield _finding(waiver, "waiver-risk", what, "Name the risk that is taken, or put it on the register.")


def _time(waiver: Waiver, grounds: Grounds) -> Iterator[Finding]:
    granted, expires = waiver.granted, waiver.expires
    if granted and granted > grounds.today:
        what = f"is granted on {granted}, which is still to come"
        yield _finding(waiver, "waiver-not-granted", what, "Write the day on which it was granted.")
    if granted and expires:
        length = (expires - granted).days
        if length < 0:
            what = f"expires on {expires}, before it is granted"
            yield _finding(waiver, "waiver-dates", what, "Correct the dates.")
        elif length > grounds.most:
            whose = f"an issue of grade {grounds.grade}" if grounds.grade else "any issue"
            what = f"lasts {length} days; {whose} may be waived for {grounds.most} at most"
            yield _finding(waiver, "waiver-too-long", what, "Shorten it, and decide anew when it ends.")
    if expires and expires < grounds.today:
        fix = "Mend what it accepted, or decide anew."
        yield _finding(waiver, "waiver-expired", f"ended on {expires}", fix, severity="warning")


def _twice(waiver: Waiver, grounds: Grounds) -> Iterator[Finding]:
    if grounds.earlier is not None:
        what = f"is the second one for its issue, after line {grounds.earlier.line}"
        yield _finding(waiver, "waiver-duplicate", what, "Keep one of the two.", earlier=grounds.earlier)


def _finding(
    waiver: Waiver, rule: str, what: str, fix: str, *, severity: Severity = "error", earlier: Waiver | None = None
) -> Finding:
    lines = [waiver.line, *([earlier.line] if earlier else [])]
    return Finding(
        rule=rule,
        severity=severity,
        subject=waiver.digest[:80] or "waivers",
        message=f"The waiver of {waiver.digest[:19] or 'nothing'}… {what}; it accepts nothing.",
        at=tuple(Place(POLICY, line) for line in lines),
        fix=fix,
    )
