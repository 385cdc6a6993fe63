"""Ids of traces and spans, derived from names: what is exported twice is the same span twice."""

from __future__ import annotations

import hashlib

from radeng_assets.telemetry.activity import Activity


def trace_id(run: str) -> int:
    """A run's trace, 128 bits."""
    return _bits(f"radeng/trace/{run}", 16)


def span_id(key: str) -> int:
    """An activity's span, 64 bits."""
    return _bits(f"radeng/span/{key}", 8)


def trace_hex(activity: Activity) -> str:
    """The trace that an activity is in, in hex; empty where it belongs to no run."""
    return f"{trace_id(activity.run):032x}" if activity.run else ""


def span_hex(activity: Activity) -> str:
    """The activity's span in hex; empty where it has none."""
    return f"{span_id(activity.key):016x}" if activity.run else ""


def _bits(name: str, size: int) -> int:
    """No id is 0: that stands for none."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:size], "big") or 1
