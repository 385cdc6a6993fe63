"""Whether a report was made by the commands that left it, by the dates that stand in it: a copy of an old one was not.

A date is never demanded, since many reports have none; what is no date says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from radeng_assets.readiness.freshness import moment
from radeng_assets.readiness.reports.material import Material

CLOCKS = timedelta(seconds=1)
"""By how much the clock of what wrote a date may differ from ours; tools cut fractions of a second off."""

ZONES = timedelta(hours=14)
"""By how much a date that names no zone may differ beside that: the farthest zones are 14 hours from UTC."""


def misdated(material: Material, path: str, dates: Iterable[str]) -> tuple[str, ...]:
    """What speaks against the dates (ISO 8601) in a file: each that is outside of the time in which all commands ran.

    All, not the one that left the file: it may have put into another form what an earlier one measured.
    """
    begun = min(moment(envelope.started) for envelope in material.envelopes.values())
    ended = max(moment(envelope.ended) for envelope in material.envelopes.values())
    return tuple(
        f"{path} is dated {text[:40]}, outside of the time in which its commands ran"
        for text in dict.fromkeys(dates)
        if _is_outside(text, begun - CLOCKS, ended + CLOCKS)
    )


def _is_outside(text: str, begun: datetime, ended: datetime) -> bool:
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        return False
    if date.tzinfo is not None:
        return not begun <= date <= ended
    # Added to both ends rather than taken from the date, which may be the first or the last that there is.
    return not begun - ZONES <= date.replace(tzinfo=UTC) <= ended + ZONES
