"""Secrets in what was added."""

from __future__ import annotations

import base64
import math
import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import quote

from radeng_assets.execution.inspection.change import Change, Terms
from radeng_assets.execution.inspection.inspection import Inspection
from radeng_assets.execution.inspection.text import added_lines

_FORMS = {
    "Anthropic key": r"sk-ant-[A-Za-z0-9_-]{20,}",
    "OpenAI key": r"\bsk-(?:proj-)?[A-Za-z0-9_-]{32,}",
    "AWS access key": r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",
    "GitHub token": r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,})",
    "GitLab token": r"\bglpat-[A-Za-z0-9_-]{20,}",
    "Slack token": r"\bxox[abeprs]-[A-Za-z0-9-]{10,}",
    "Google key": r"\bAIza[A-Za-z0-9_-]{35}\b",
    "Stripe key": r"\b[rs]k_live_[A-Za-z0-9]{20,}",
    "npm token": r"\bnpm_[A-Za-z0-9]{36}\b",
    "PyPI token": r"\bpypi-AgE[A-Za-z0-9_-]{50,}",
    "private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----",
    "JSON web token": r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}",
}
_KNOWN = re.compile("|".join(f"(?P<f{number}>{form})" for number, form in enumerate(_FORMS.values())))
_NAMES = tuple(_FORMS)
_ASSIGNED = re.compile(
    r"(?:password|passwd|secret|api_?key|token|credential)s?[\"']?\s*[:=]\s*[\"']([^\s\"']{12,})[\"']", re.IGNORECASE
)
_BITS = 3.5
"""Shannon entropy a character, in bits, over which an assigned text looks random (English words: 2 to 3)."""

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))


def _find(change: Change, terms: Terms) -> Iterator[tuple[str, int, str]]:
    exact = [form for secret in terms.secrets if secret for form in disguises(secret)]
    for file in change.files:
        if file.after is None:
            continue
        for number, line in added_lines(file):
            plain = line.translate(_INVISIBLE)
            known = _KNOWN.search(plain)
            if known:
                yield (
                    file.path,
                    number,
                    f"it holds what looks like a secret ({_NAMES[int((known.lastgroup or 'f0')[1:])]})",
                )
            elif any(form in plain for form in exact):
                yield file.path, number, "it holds a secret of this machine"
            elif (assigned := _ASSIGNED.search(plain)) and _entropy(assigned.group(1)) > _BITS:
                yield file.path, number, "it holds what looks like a secret (a random text with a telling name)"


def disguises(secret: str) -> tuple[str, ...]:
    """The forms in which a secret may stand in a text: as it is, reversed, in hex, URL and base64 (at each offset)."""
    data = secret.encode()
    coded = {secret, secret[::-1], data.hex(), data.hex().upper(), quote(secret, safe="")}
    for offset in range(3):
        # The first and last characters depend on the neighbours, so they are left out.
        text = base64.b64encode(b"\0" * offset + data).decode().rstrip("=")
        coded.add(text[4 if offset else 0 : -1])
    return tuple(sorted(form for form in coded if len(form) >= 8))


def _entropy(text: str) -> float:
    return -sum(n / len(text) * math.log2(n / len(text)) for n in Counter(text).values())


INSPECTION = Inspection(
    "secrets",
    "What is pushed is public to all who can read the repository, for ever. The message never repeats the secret.",
    _find,
    excusable=False,
)
