"""Age limits of the policy as Dagster's freshness policies: for people's eyes, and nothing is gated on them."""

from __future__ import annotations

from datetime import timedelta

import dagster as dg

SHORTEST = timedelta(seconds=60)
"""The shortest window that Dagster's freshness has."""


def fresh_for(days: float) -> dg.FreshnessPolicy:
    """Stale when nothing was materialized for so many days, but never sooner than ``SHORTEST``.

    It knows no partitions: one fresh wave makes the whole asset fresh.
    """
    return dg.FreshnessPolicy.time_window(fail_window=max(timedelta(days=days), SHORTEST))
