"""Line numbers in a gap's text against those of its evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule

_LINES = re.compile(r"\blines? (?P<first>\d{1,7})(?:\s?[-\u2013]\s?(?P<last>\d{1,7}))?", re.IGNORECASE)
_RANGE = re.compile(r"(?P<first>\d{1,7})(?:\s?[-\u2013]\s?(?P<last>\d{1,7}))?")


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each gap whose text names lines, none of which its evidence names."""
    for gap in documents.gaps.gaps:
        said = list(_LINES.finditer(gap.current_state.value)) if gap.current_state else []
        shown = [value for one in gap.evidence if one.kind.value in ("line", "lines") for value in one.values]
        spans = [match for value in shown if (match := _RANGE.search(value.value))]
        if (
            gap.current_state
            and said
            and spans
            and not any(_span(one) == _span(other) for one in said for other in spans)
        ):
            there = said[0].group()
            message = (
                f"{gap.id.value} is about {there} ({gap.current_state.at}), its evidence about "
                f"{shown[0].value} ({shown[0].at})."
            )
            yield Issue(
                gap.id.value,
                message,
                (gap.current_state.at, shown[0].at),
                "Look at the file, and correct one of the two.",
            )


def _span(match: re.Match[str]) -> tuple[int, int]:
    return int(match["first"]), int(match["last"] or match["first"])


RULE = Rule(
    id="evidence-lines-differ",
    severity="warning",
    why="Evidence that points elsewhere than the text that it supports was copied or is out of date: nobody can "
    "follow it.",
    example="SDK-001 is about line 251-254 (…:43), its evidence about 151-154 (…:53).",
    check=check,
)
