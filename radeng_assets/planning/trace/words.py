"""Text to search terms: lower-case words without camel case, stop words and plurals."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_RUN = re.compile(r"[^\W_]+")
_JOINTS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])(?!.s$)|(?<=\d)(?=[A-Z][a-z])")
"""Where a compound falls apart: ``rateLimiter``, ``SDKIntegration``, ``oauth2Client``; ``E2E``, ``IDs`` stay whole."""

_FILE = re.compile(r"(?<![\w.*-])[\w-][\w.-]*\.[A-Za-z]\w{0,9}(?![\w*-]|\.\w)")

STOP_WORDS = frozenset(
    _RUN.findall(
        "a an and are as at be been but by can do does for from has have if in into is it its no not of on only or per "
        "so than that the their then there these they this to up via was were when where which while will with"
    )
)
"""Words that stand in any text. Few, because BM25 already gives a word in every document almost no weight."""


def terms(texts: Iterable[str]) -> list[str]:
    """The search terms of some texts, in order and as often as they occur.

    Words are runs of letters and digits, split at camel case, lower-cased, plurals cut; stop words and
    single characters are left out. ``RateLimiters.ts`` gives ``rate``, ``limiter``, ``ts``.
    """
    return [term for text in texts for run in _RUN.findall(text) for term in _of_run(run)]


def file_names(texts: Iterable[str]) -> list[str]:
    """The base names of files that some texts name, in lower case; globs (``*.test.ts``) name none."""
    return [name.lower() for text in texts for name in _FILE.findall(text)]


@lru_cache(maxsize=1 << 16)
def _of_run(run: str) -> tuple[str, ...]:
    words = (_singular(part.lower()) for part in _JOINTS.split(run))
    return tuple(word for word in words if len(word) > 1 and word not in STOP_WORDS)


def _singular(word: str) -> str:
    """Harman's S stemmer ("How effective is suffixing?", JASIS 42(1), 1991): plurals and nothing else."""
    if len(word) <= 3:  # what is left of ``TLS`` or ``AWS`` would be nobody's word
        return word
    if word.endswith("ies") and not word.endswith(("eies", "aies")):
        return word[:-3] + "y"
    if word.endswith("es") and not word.endswith(("aes", "ees", "oes")):
        return word[:-1]
    if word.endswith("s") and not word.endswith(("us", "ss")):
        return word[:-1]
    return word
