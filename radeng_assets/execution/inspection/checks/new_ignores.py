"""Marks and settings that make tools look away."""

from __future__ import annotations

import re
from collections.abc import Iterator

from radeng_assets.execution.inspection.change import Change, Terms
from radeng_assets.execution.inspection.inspection import Inspection
from radeng_assets.execution.inspection.kinds import is_settings
from radeng_assets.execution.inspection.text import added_lines

_MARK = re.compile(
    r"#\s*noqa|#\s*type:\s*ignore|#\s*pyright:\s*(?:ignore|basic)|#\s*mypy:\s*ignore|#\s*pragma:\s*no\s*cover"
    r"|#\s*nosec|#\s*pylint:\s*disable|eslint-disable|@ts-(?:ignore|nocheck|expect-error)|(?:istanbul|c8|v8)\s+ignore"
    r"|biome-ignore|//\s*nolint|#!?\[allow\(|@SuppressWarnings|@SuppressFBWarnings|NOSONAR|coverage:\s*ignore",
    re.IGNORECASE,
)
_SETTING = re.compile(
    r"\b(?:omit|exclude(?:_lines|_also)?|extend-exclude|(?:extend-|per-file-)?ignores?|ignore_errors|ignore_missing_imports"
    r"|coveragePathIgnorePatterns|testPathIgnorePatterns|modulePathIgnorePatterns|collect_ignore\w*|norecursedirs"
    r"|exclude_dirs|skip_covered|disable|disable_error_code|skipLibCheck)\b|--(?:ignore|deselect|exclude)\b",
)
_TEXT = re.compile(r".*\.(?:md|rst|txt|lock)", re.IGNORECASE | re.DOTALL)


def _find(change: Change, terms: Terms) -> Iterator[tuple[str, int, str]]:
    del terms
    for file in change.files:
        if file.after is None or _TEXT.fullmatch(file.path):
            continue
        settings = is_settings(file.path)
        for number, line in added_lines(file):
            mark = _MARK.search(line)
            if mark:
                yield file.path, number, f"it makes a tool look away: {mark.group().strip()}"
            elif settings and (setting := _SETTING.search(line)):
                yield file.path, number, f"it makes a tool look away: {setting.group()}"


INSPECTION = Inspection(
    "new-ignores",
    "Every check can be passed by telling it not to look. Whether it may look away is the plan's to say.",
    _find,
)
