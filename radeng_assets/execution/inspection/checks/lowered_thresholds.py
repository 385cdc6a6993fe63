"""Numbers and strict flags of tool settings that were made weaker."""

from __future__ import annotations

import re
from collections.abc import Iterator

from radeng_assets.execution.inspection.change import Change, Terms
from radeng_assets.execution.inspection.inspection import Inspection
from radeng_assets.execution.inspection.kinds import is_settings
from radeng_assets.execution.inspection.text import text_of

_LOWER_IS_WEAKER = (
    r"fail[_-]under|cov-fail-under|coverage[_-]?threshold|min(?:imum)?[_-]?coverage|statements|branches|functions|lines"
    r"|threshold|target|minimum"
)
_HIGHER_IS_WEAKER = (
    r"max-warnings|max[_-]complexity|max[_-]line[_-]length|retries|maxfail|max[_-]args|max[_-]statements"
)
_STRICT = (
    r"strict\w*|noImplicit\w+|noUnused\w+|noUnchecked\w+|noFallthrough\w+|disallow_\w+|check_untyped_defs|warn_\w+|checkJs"
    r"|exactOptionalPropertyTypes|xfail_strict|branch|recommended|skip_empty"
)
_NUMBER = re.compile(
    rf"\b({_LOWER_IS_WEAKER}|{_HIGHER_IS_WEAKER})[\"']?\s*[:=\s]\s*[\"']?(-?\d+(?:\.\d+)?)", re.IGNORECASE
)
_FLAG = re.compile(rf"\b({_STRICT})[\"']?\s*[:=]\s*[\"']?(true|false|\"?strict\"?|on|off)", re.IGNORECASE)
_WEAK_WHEN_HIGHER = re.compile(_HIGHER_IS_WEAKER, re.IGNORECASE)


def _find(change: Change, terms: Terms) -> Iterator[tuple[str, int, str]]:
    del terms
    for file in change.files:
        if file.before is None or not is_settings(file.path):
            continue
        before, after = text_of(file.before), text_of(file.after)
        numbers = _numbers(after)
        for key, old in _numbers(before).items():
            new = numbers.get(key)
            if new is None:
                yield file.path, 0, f"the threshold {key} {_plain(old)} is gone"
            elif (new > old) if _WEAK_WHEN_HIGHER.fullmatch(key[0]) else (new < old):
                yield file.path, 0, f"the threshold {key[0]} went from {_plain(old)} to {_plain(new)}"
        flags = _flags(after)
        for key, old_flag in _flags(before).items():
            if old_flag and not flags.get(key, False):
                yield file.path, 0, f"the strict setting {key[0]} was switched off"


def _plain(number: float) -> str:
    return f"{number:g}"


def _numbers(text: str) -> dict[tuple[str, int], float]:
    """(key in lower case, its how-manieth) → value."""
    found: dict[tuple[str, int], float] = {}
    for match in _NUMBER.finditer(text):
        name = match.group(1).lower()
        found[name, sum(1 for known, _ in found if known == name)] = float(match.group(2))
    return found


def _flags(text: str) -> dict[tuple[str, int], bool]:
    found: dict[tuple[str, int], bool] = {}
    for match in _FLAG.finditer(text):
        name = match.group(1).lower()
        on = match.group(2).strip("\"'").lower() in ("true", "strict", "on")
        found[name, sum(1 for known, _ in found if known == name)] = on
    return found


INSPECTION = Inspection(
    "lowered-thresholds",
    "A threshold that is lowered until it is met measures nothing.",
    _find,
)
