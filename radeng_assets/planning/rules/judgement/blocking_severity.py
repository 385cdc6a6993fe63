"""A blocking issue's severity against that of the gap it points to."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule
from radeng_assets.planning.rules.statements import contradiction, says


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each row of the README's blocking issues."""
    for row in documents.readme.blocking_issues:
        for named in row.gaps:
            gap = documents.gap_of.get(named.value)
            if gap and gap.severity and row.severity:
                said = [
                    *says(row.severity.with_value(row.severity.value.upper())),
                    *says(gap.severity.with_value(gap.severity.value.upper())),
                ]
                yield from contradiction(named.value, f"Severity of {named.value}", said, "Settle on one severity.")


RULE = Rule(
    id="blocking-severity-differs",
    severity="error",
    why="The README repeats each blocker's severity. Another one there than in the gap analysis is a judgement "
    "made twice.",
    example="Severity of SEC-001: CRITICAL (README.md:149) against HIGH (COMPREHENSIVE-GAP-ANALYSIS.yaml:507).",
    check=check,
)
