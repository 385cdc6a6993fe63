"""What a waiver says: one item of ``waivers:`` in ``readiness.yaml``."""

from __future__ import annotations

from datetime import date

from radeng_assets.record import Record


class WaiverTerms(Record):
    """A waiver as written; what is missing is empty, and makes it accept nothing.

    ``digest`` is the issue's content digest. ``owner`` mends it, ``requester`` asked, ``approver`` accepts the risk
    whose id is ``risk``. It holds from ``granted`` through the whole day of ``expires``, in UTC. ``criterion`` and
    ``grade`` are notes for people: what counts is the issue's own.
    """

    digest: str = ""
    reason: str = ""
    owner: str = ""
    requester: str = ""
    approver: str = ""
    granted: date | None = None
    expires: date | None = None
    risk: str = ""
    criterion: str = ""
    grade: str = ""


class Waiver(WaiverTerms):
    """A waiver, with the line of ``readiness.yaml`` that it begins on."""

    line: int
