"""Status words outside their vocabulary."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from radeng_assets.planning.located import Fact
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule

PROGRESS = ("pending", "not started", "in progress", "completed", "complete", "done", "blocked", "failed", "skipped")
TESTS = (
    "exists",
    "required",
    "done",
    "missing",
    "planned",
    "partial",
    "passing",
    "failing",
    "n/a",
    "pass",
    "fail",
    "pending",
)


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each word of the plan's waves, the progress tables and the test tables."""
    for status in documents.plan.wave_status:
        yield from _outside(status.wave.value, status.status, PROGRESS)
    for table in documents.master.progress:
        for row in table.rows:
            yield from _outside(row.wave.value, row.status, PROGRESS)
    for item in documents.tests.owasp:
        yield from _outside(item.id.value, item.status, TESTS)
    for case in documents.tests.cases:
        if case.note_kind.lower() == "status":
            yield from _outside(case.name.value, case.note, TESTS)


def _outside(subject: str, status: Fact[str] | None, words: Collection[str]) -> Iterator[Issue]:
    if status and status.value.strip(" *_`").lower().replace("_", " ").replace("-", " ") not in words:
        message = (
            f"The status of {subject} is {status.value[:60]!r} ({status.at}), which is none of {', '.join(words)}."
        )
        yield Issue(subject, message, (status.at,), "Use one of these words.")


RULE = Rule(
    id="status-outside-vocabulary",
    severity="warning",
    why="A status that no reader knows is neither done nor open; reports leave it out.",
    example="The status of wave-3 is 'almost' (EXECUTION-PLAN.yaml:692), which is none of pending, not started, "
    "in progress …",
    check=check,
)
