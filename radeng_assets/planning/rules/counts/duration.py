"""Claimed durations in weeks against each other."""

from __future__ import annotations

import re
from collections.abc import Iterator

from radeng_assets.planning.located import Fact
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule
from radeng_assets.planning.rules.statements import contradiction, says

_WEEKS = re.compile(
    r"(?P<low>\d{1,4}(?:\.\d{1,2})?)(?:\s{0,2}(?:-|\u2013|to)\s{0,2}(?P<high>\d{1,4}(?:\.\d{1,2})?))?(?:\s{0,2}weeks?)?\b"
)


def check(documents: Documents) -> Iterator[Issue]:
    """At most one issue."""
    claims = (
        documents.readme.claimed_duration,
        documents.master.claimed_duration,
        documents.plan.meta.estimated_weeks,
        documents.gaps.claimed_weeks,
    )
    said = [one for claim in claims if claim for one in says(_weeks(claim), "claimed in")]
    yield from contradiction("estimated_weeks", "Duration in weeks", said, "Settle on one estimate.")


def _weeks(claim: Fact[str]) -> Fact[str] | None:
    match = _WEEKS.match(claim.value.strip())
    return claim.with_value(f"{match['low']}-{match['high'] or match['low']}") if match else None


RULE = Rule(
    id="duration-differs",
    severity="error",
    why="The date is what stakeholders remember. Two documents of one folder that name two durations will each "
    "be quoted.",
    example="Duration in weeks: 8-12 (claimed in README.md:84) against 6-8 (claimed in EXECUTION-PLAN.yaml:9).",
    check=check,
)
