"""Where a target is: on this machine, or behind a URL."""

from __future__ import annotations

import re


def is_url(target: str) -> bool:
    """Whether a target is named by a URL (``scheme://…`` or ``host:path``), as git tells them from paths."""
    return "://" in target or bool(re.match(r"[^/:]{2,}:", target))
