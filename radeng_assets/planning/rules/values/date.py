"""Dates that cannot be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from radeng_assets.planning.located import Fact
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule

_DATE = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?:[T "
    r"](?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?)?"
)


def check(documents: Documents) -> Iterator[Issue]:
    """Days that no calendar has, and documents updated before they were made."""
    for document in (
        documents.readme,
        documents.gaps,
        documents.risks,
        documents.tests,
        documents.master,
        documents.plan,
    ):
        header = document.header
        days: dict[str, tuple[Fact[str], date | None]] = {}
        for name in ("generated", "last_updated"):
            fact: Fact[str] | None = getattr(header, name)
            if fact and (match := _DATE.search(fact.value)):
                days[name] = fact, _day(match)
        for name, (fact, day) in days.items():
            if day is None:
                message = f"{name} of {document.file} is {fact.value[:40]!r} ({fact.at}), which is no date."
                yield Issue(f"{document.file}: {name}", message, (fact.at,), "Write the date as 2026-01-31.")
        made, updated = days.get("generated"), days.get("last_updated")
        if made and updated and made[1] and updated[1] and updated[1] < made[1]:
            message = (
                f"{document.file} was last updated on {updated[1]} ({updated[0].at}), before it was made on {made[1]} "
                f"({made[0].at})."
            )
            at = (updated[0].at, made[0].at)
            yield Issue(f"{document.file}: last_updated", message, at, "Correct one of the dates.")


def _day(match: re.Match[str]) -> date | None:
    if int(match["hour"] or 0) > 23 or int(match["minute"] or 0) > 59 or int(match["second"] or 0) > 60:
        return None
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None


RULE = Rule(
    id="date-impossible",
    severity="error",
    why="Freshness is judged by dates. A document from a day that no calendar has is neither fresh nor stale.",
    example="generated of RISK-ASSESSMENT.md is '2026-02-30' (RISK-ASSESSMENT.md:4), which is no date.",
    check=check,
)
