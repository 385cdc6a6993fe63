"""The keys of this machine: what must stand in no file, whatever it looks like."""

from __future__ import annotations

from collections.abc import Mapping

NAMES = ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "RADENG_ESS_API_KEY", "RADENG_WEBHOOK_URL")
"""The variables of ours that hold a key, or an address that is one."""

_SHORTEST = 8
"""A shorter value stands in texts by chance."""


def own_keys(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The keys of an environment. They are for comparing only, and go into no message, record or file."""
    return tuple(key for name in NAMES if len(key := environ.get(name, "").strip()) >= _SHORTEST)
