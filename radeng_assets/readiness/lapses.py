"""When what counts now will count no more by the clock alone: evidence gets too old, waivers expire."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta

from radeng_assets.evidence.envelope import Envelope
from radeng_assets.readiness.acceptance import waiver_verdicts
from radeng_assets.readiness.case import Case
from radeng_assets.readiness.freshness import moment
from radeng_assets.readiness.reports.ess import ESS
from radeng_assets.readiness.soundness import SETUP, Evidence, Unsound


def next_lapse(case: Case, read: Callable[[str], bytes]) -> datetime | None:
    """The first moment after the case's own at which age or expiry takes something away; ``None``: nothing is known to.

    ``read`` gives evidence by digest. What ages inside a report (a scanner's database) is not foreseen here.
    """
    now = moment(case.circumstances.as_of)
    return min((at for at in (*_ages(case, Evidence(read).envelope), *_expiries(case)) if at > now), default=None)


def _ages(case: Case, envelope: Callable[[str], Envelope]) -> Iterator[datetime]:
    general = case.policy.freshness.max_age_days
    shown = [*case.stories.values(), *case.waves.values(), *([case.final_gate] if case.final_gate else [])]
    limits = [(outcome.evidence, general) for outcome in shown]
    for name, report in case.reports.items():
        terms = case.policy.ess if name == ESS else case.policy.reports.of(name)
        limits.append((report.evidence, terms.max_age_days or general))
    for digests, days in limits:
        for digest in digests:
            try:
                found = envelope(digest)
            except Unsound:
                continue  # what is unsound counts for nothing already
            if found.kind != SETUP:
                yield moment(found.ended) + timedelta(days=days, microseconds=1)


def _expiries(case: Case) -> Iterator[datetime]:
    """A waiver holds through the whole of its last day, in UTC."""
    for waiver in waiver_verdicts(case):
        if waiver.state == "applied" and waiver.expires is not None:
            yield datetime.combine(waiver.expires + timedelta(days=1), time(), UTC)
