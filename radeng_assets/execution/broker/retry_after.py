"""What a server asks callers to wait, by the HTTP header ``retry-after`` (RFC 9110, 10.2.3)."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from math import isfinite


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds to wait: a number, or an HTTP date against ``now`` (seconds since 1970); ``None`` without either."""
    text = headers.get("retry-after", "")
    try:
        seconds = float(text)
    except ValueError:
        pass
    else:
        return max(0.0, seconds) if isfinite(seconds) else None
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now)
    except (ValueError, TypeError):
        return None
