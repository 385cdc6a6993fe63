"""The keys of this machine: what must stand in no file, whatever it looks like."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from radeng_assets.database import passwords

NAMES = ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "RADENG_ESS_API_KEY", "RADENG_WEBHOOK_URL", "PGPASSWORD")
"""The variables of ours that hold a key, or an address that is one."""

QUEUE = "RADENG_CELERY_URL"
"""An address that may hold a password."""

_SHORTEST = 8
"""A shorter value stands in texts by chance."""


def own_keys(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The keys of an environment. They are for comparing only, and go into no message, record or file."""
    named = (environ.get(name, "").strip() for name in NAMES)
    keys = (*named, *passwords(environ), *_passwords(environ.get(QUEUE, "")))
    return tuple(key for key in keys if len(key) >= _SHORTEST)


def _passwords(url: str) -> tuple[str, ...]:
    """The password in an address as it stands there, percent-encoded, and as it is."""
    try:
        written = urlsplit(url).password or ""
    except ValueError:
        return ()
    return tuple(dict.fromkeys((written, unquote(written))))
