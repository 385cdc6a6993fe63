"""What looks like a secret does not go into a letter."""

from __future__ import annotations

import re

REDACTED = "[redacted]"

_SECRETS = (
    re.compile(r"\bsk-[A-Za-z0-9_-]{20,}"),
    re.compile(r"\bAKIA[A-Z0-9]{16}\b"),
    re.compile(r"\bgh[pousr]_[A-Za-z0-9]{30,}"),
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL),
)


def redact(text: str) -> str:
    """The text without keys of services and private keys."""
    for secret in _SECRETS:
        text = secret.sub(REDACTED, text)
    return text
