"""What secrets look like in a text, whoever looks for them.

Forms of well-known keys, random texts with a telling name, and the exact values of a machine's own keys however they
are disguised.
"""

from __future__ import annotations

import base64
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of secret. ``marks`` are texts of which one stands in each of them: looking for these first is fast."""

    id: str
    title: str
    marks: tuple[str, ...]
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Sighting:
    """A text that looks like a secret: where it begins, and itself. It is for digests, never for eyes."""

    form: Form
    start: int
    text: str


def _form(title: str, pattern: str, *marks: str, flags: int = 0) -> Form:
    return Form(title.lower().replace(" ", "-"), title, marks, re.compile(pattern, flags))


KNOWN = (
    _form("Anthropic key", r"sk-ant-[A-Za-z0-9_-]{20,}", "sk-ant-"),
    _form("OpenAI key", r"\bsk-(?:proj-)?[A-Za-z0-9_-]{32,}", "sk-"),
    _form("AWS access key", r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b", "AKIA", "ASIA"),
    _form("GitHub token", r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,})", "gh", "github_pat_"),
    _form("GitLab token", r"\bglpat-[A-Za-z0-9_-]{20,}", "glpat-"),
    _form("Slack token", r"\bxox[abeprs]-[A-Za-z0-9-]{10,}", "xox"),
    _form("Google key", r"\bAIza[A-Za-z0-9_-]{35}\b", "AIza"),
    _form("Stripe key", r"\b[rs]k_live_[A-Za-z0-9]{20,}", "k_live_"),
    _form("npm token", r"\bnpm_[A-Za-z0-9]{36}\b", "npm_"),
    _form("PyPI token", r"\bpypi-AgE[A-Za-z0-9_-]{50,}", "pypi-AgE"),
    # With the key itself, as far as it stands there: all keys begin with the same line.
    _form(
        "private key",
        r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----(?:.{0,16384}?-----END (?:[A-Z]+ )*PRIVATE KEY-----|.{0,4096})",
        "PRIVATE KEY-----",
        flags=re.DOTALL,
    ),
    _form("JSON web token", r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}", "eyJ"),
)

MACHINE = Form("machine-secret", "secret of this machine", (), re.compile(""))
"""The form of exact values."""

ASSIGNED = _form(
    "random text with a telling name",
    r"(?:password|passwd|secret|api_?key|token|credential)s?[\"']?\s*[:=]\s*[\"']([^\s\"']{12,})[\"']",
    *("password", "passwd", "secret", "apikey", "api_key", "token", "credential"),
    flags=re.IGNORECASE,
)

FORMS = (*KNOWN, MACHINE, ASSIGNED)

_BITS = 3.5
"""Shannon entropy a character, in bits, over which an assigned text looks random (English words: 2 to 3)."""

_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff]")


def sightings(text: str, exact: Iterable[str] = ()) -> Iterator[Sighting]:
    """Everything in a text that looks like a secret, the surest first; nothing that lies within another.

    ``exact`` are texts that are secrets (``disguises``). ``start`` counts in the text without its invisible characters,
    in which every line is where it was.
    """
    plain = text if text.isascii() else _INVISIBLE.sub("", text)
    taken: list[tuple[int, int]] = []

    def free(start: int, end: int) -> bool:
        if any(begin <= start and end <= stop for begin, stop in taken):
            return False
        taken.append((start, end))
        return True

    for form in KNOWN:
        if any(mark in plain for mark in form.marks):
            for match in form.pattern.finditer(plain):
                if free(*match.span()):
                    yield Sighting(form, match.start(), match[0])
    for secret in exact:
        at = plain.find(secret)
        while at >= 0:
            if free(at, at + len(secret)):
                yield Sighting(MACHINE, at, secret)
            at = plain.find(secret, at + len(secret))
    lower = plain.lower()
    if any(mark in lower for mark in ASSIGNED.marks):
        for match in ASSIGNED.pattern.finditer(plain):
            if _entropy(match[1]) > _BITS and free(*match.span(1)):
                yield Sighting(ASSIGNED, match.start(1), match[1])


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
