"""Claimed numbers of waves against the waves that are there. The UI track is no wave in these claims."""

from __future__ import annotations

import re
from collections.abc import Iterator

from radeng_assets.planning.documents.execution_plan import UI_TRACK
from radeng_assets.planning.rules.checklists import checklist_items
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule
from radeng_assets.planning.rules.statements import Stated, contradiction, counted, says

_ALL = re.compile(r"\ball (?P<count>\d{1,6}) waves\b", re.IGNORECASE)


def check(documents: Documents) -> Iterator[Issue]:
    """At most one issue."""
    yield from contradiction(
        "waves", "Waves in all", list(_statements(documents)), "Correct the number, or add the waves."
    )


def _statements(documents: Documents) -> Iterator[Stated[int]]:
    readme, plan, master = documents.readme, documents.plan, documents.master
    yield from says(readme.claimed_waves, "claimed in")
    for item in checklist_items(documents):
        if match := _ALL.search(item.text.value):
            yield from says(item.text.with_value(int(match["count"])), "claimed in")
    listed = [wave.name for wave in readme.waves if wave.number]
    yield from counted(len(listed), readme.file, listed)
    headed = [wave.name for wave in master.waves if wave.number]
    yield from counted(len(headed), master.file, headed)
    planned = [wave.id for wave in plan.waves if wave.id.value != UI_TRACK]
    yield from counted(len(planned), plan.file, planned)


RULE = Rule(
    id="wave-count-differs",
    severity="error",
    why=(
        "Waves are what is carried out and gated. A document that counts more of them than the execution plan "
        "holds describes "
        "work that nothing will ever run."
    ),
    example="Waves in all: 6 (claimed in README.md:82) against 8 (counted in MASTER-IMPLEMENTATION-PLAN.md).",
    check=check,
)
