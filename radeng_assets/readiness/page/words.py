"""How the page words facts: statuses with their signs, figures with their units, digests and times."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from decimal import Decimal
from typing import NamedTuple


class Sign(NamedTuple):
    """A status as people see it. ``tone`` is a class of the style sheet, ``icon`` a symbol of the page's own.

    Colour never says it alone: the word and the icon do as well.
    """

    tone: str
    icon: str
    word: str


_SIGNS: dict[str, Sign] = {
    "READY": Sign("good", "check", "ready"),
    "NOT_READY": Sign("bad", "cross", "not ready"),
    "verified": Sign("good", "check", "verified"),
    "already_satisfied": Sign("good", "check", "already satisfied"),
    "passed": Sign("good", "check", "passed"),
    "waived": Sign("info", "flag", "waived"),
    "applied": Sign("info", "flag", "applied"),
    "contradicted": Sign("bad", "cross", "contradicted"),
    "failed": Sign("bad", "cross", "failed"),
    "invalid": Sign("bad", "cross", "invalid"),
    "void": Sign("bad", "cross", "void"),
    "reject": Sign("bad", "cross", "rejects"),
    "error": Sign("bad", "cross", "error"),
    "critical": Sign("bad", "cross", "critical"),
    "high": Sign("bad", "cross", "high"),
    "stale": Sign("late", "clock", "stale"),
    "expired": Sign("late", "clock", "expired"),
    "timeout": Sign("late", "clock", "timed out"),
    "superseded": Sign("late", "clock", "superseded"),
    "unverified": Sign("open", "question", "unverified"),
    "unmatched": Sign("open", "question", "unmatched"),
    "missing": Sign("open", "question", "missing"),
    "no_runner": Sign("open", "question", "not run"),
    "human_needed": Sign("open", "question", "needs a person"),
    "warning": Sign("open", "question", "warning"),
    "medium": Sign("open", "question", "medium"),
    "blocked": Sign("open", "bar", "blocked"),
    "skipped": Sign("none", "bar", "skipped"),
    "not_run": Sign("none", "dash", "not run"),
    "rehearsed": Sign("none", "dash", "rehearsed only"),
    "info": Sign("none", "dash", "info"),
    "low": Sign("none", "dash", "low"),
    "valid": Sign("good", "check", "valid"),
    "approve": Sign("good", "check", "approves"),
}

CRITERIA: dict[str, tuple[str, str]] = {
    "stories_completed": ("Stories completed", "count"),
    "test_coverage": ("Test coverage", "share"),
    "load_test": ("Load test", "share"),
    "security_audit": ("Security audit", "count"),
    "ui_integration": ("UI integration", "count"),
    "ess_integration": ("Code index (ESS)", "points"),
    "documentation": ("Documentation", "count"),
    "stakeholder_signoff": ("Stakeholder sign-off", "count"),
}
"""Criterion → its name for people, and the kind of its figures (``share``: a fraction; ``points``: of 100)."""

_REPORTS = {"chaos": "Recovery", "load": "Load test", "ui": "User interface", "ess": "Code index (ESS)"}

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")

_REORDERING = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Characters that turn the direction of text: with them a document could make the page read otherwise than it says."""


def sign(status: str) -> Sign:
    """The sign of a status; an unknown one is open, under its own name."""
    return _SIGNS.get(status, Sign("open", "question", status.replace("_", " ")))


def criterion_name(criterion: str) -> str:
    """A criterion's name for people."""
    return CRITERIA.get(criterion, (criterion.replace("_", " "), ""))[0]


def report_name(report: str) -> str:
    """A report's name for people."""
    return _REPORTS.get(report, report.replace("_", " ").capitalize())


def figures(criterion: str, measured: float | None, threshold: float | None) -> tuple[str, str]:
    """(measured, threshold) in a criterion's unit; a dash where there is none.

    They never look equal unless they are: 79.996 % is not shown as 80 %, and one error in a million not as 0 %.
    """
    unit = CRITERIA.get(criterion, ("", ""))[1]
    for digits in range(4, 18):
        shown = [_figure(value, unit, digits) for value in (measured, threshold)]
        if measured is None or threshold is None or measured == threshold or shown[0] != shown[1]:
            return shown[0], shown[1]
    return str(measured), str(threshold)


def _figure(value: float | None, unit: str, digits: int) -> str:
    if value is None:
        return "–"  # noqa: RUF001  # an en dash stands for "no figure"
    # Via decimal text: 0.29 * 100 is 28.999999999999996 in binary.
    number = Decimal(repr(value)) * 100 if unit == "share" else Decimal(repr(value))
    if unit == "share":
        return f"{_plain(number, digits)} %"
    return f"{_plain(number, digits)} of 100" if unit == "points" else _plain(number, max(digits, 9))


def _plain(number: Decimal, digits: int) -> str:
    """Significant digits, without an exponent and without trailing zeros."""
    if not number.is_finite():
        return str(number)
    text = f"{Decimal(f'{number:.{digits}g}'):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def usd(amount: str) -> str:
    """A decimal text as money, never rounded to nothing."""
    value = Decimal(amount)
    return f"${value:,.2f}" if value == 0 or value >= Decimal("0.01") else f"${value.normalize():f}"


def thousands(number: int) -> str:
    """A count with separators."""
    return f"{number:,}"


def percent(share: float) -> str:
    """A share from 0 to 1. What is not quite all or nothing is not shown as such."""
    if 0 < share < 0.005:
        return "under 1 %"
    if 0.995 <= share < 1:
        return "over 99 %"
    return f"{share:.0%}".replace("%", " %")


def when(text: str) -> str:
    """A recorded moment, to the minute, in UTC; whatever is none stays as it is."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{moment.astimezone(UTC):%d %B %Y, %H:%M} UTC" if moment.tzinfo else text


def short(digest: str) -> str:
    """The beginning of a digest or commit, enough to tell it from others by eye."""
    return digest.removeprefix("sha256:")[:12]


def bundle_name(digest: str) -> str:
    """The name that evidence has in a bundle; empty for what is no digest."""
    return f"evidence/{digest.removeprefix('sha256:')}" if _DIGEST.fullmatch(digest) else ""


def visible(text: str) -> str:
    """Text with nothing in it that no reader sees: what reorders, controls or cannot be encoded becomes U+FFFD."""
    return "".join("\ufffd" if _hidden(char) else char for char in text)


def _hidden(char: str) -> bool:
    return char in _REORDERING or (unicodedata.category(char) in ("Cc", "Cs") and char not in "\t\n")
