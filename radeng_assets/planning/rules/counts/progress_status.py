"""What is called done, in the plan's counters, its wave statuses, the progress tables and the tick boxes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from radeng_assets.planning.located import Fact
from radeng_assets.planning.rules.checklists import checklist_items
from radeng_assets.planning.rules.documents import Documents, wave_key
from radeng_assets.planning.rules.rule import Issue, Rule
from radeng_assets.planning.rules.statements import Stated, contradiction, says

_SAME = {"complete": "completed", "done": "completed", "not started": "pending"}
_ALL_DONE = re.compile(r"\ball (?:\d{1,6} )?stories completed?\b", re.IGNORECASE)


def check(documents: Documents) -> Iterator[Issue]:
    """Wave statuses told differently, ticks that the counters do not count, a criterion ticked too early."""
    yield from _statuses(documents)
    yield from _ticks(documents)
    yield from _criterion(documents)


def _statuses(documents: Documents) -> Iterator[Issue]:
    said: dict[str, list[Stated[str]]] = defaultdict(list)
    for status in documents.plan.wave_status:
        said[wave_key(status.wave.value)].extend(says(_word(status.status)))
    for table in documents.master.progress:
        for row in table.rows:
            said[wave_key(row.wave.value)].extend(says(_word(row.status) if row.status else None))
    for key, statements in said.items():
        if key:
            yield from contradiction(key, f"Status of {key}", statements, "Settle on one status.")


def _word(status: Fact[str]) -> Fact[str]:
    word = status.value.strip(" *_`").lower().replace("_", " ").replace("-", " ")
    return status.with_value(_SAME.get(word, word))


def _ticks(documents: Documents) -> Iterator[Issue]:
    """The last tracker of the master plan is the one that is kept up."""
    entries = documents.master.tracker
    completed = documents.plan.progress.completed
    ticked = [entry.id for entry in entries if entry.tracker == entries[-1].tracker and entry.ticked]
    if entries and completed and len(ticked) != completed.value:
        names = f": {', '.join(fact.value for fact in ticked[:20])}" if ticked else ""
        message = f"{len(ticked)} stories are ticked off{names}; completed is {completed.value} ({completed.at})."
        at = (completed.at, *(fact.at for fact in ticked[:20] or [entries[-1].id]))
        subject = ticked[0].value if len(ticked) == 1 else "completed"
        yield Issue(subject, message, at, "Tick off what is completed, and nothing else.")


def _criterion(documents: Documents) -> Iterator[Issue]:
    progress = documents.plan.progress
    done, total = progress.completed, progress.total_stories
    for item in checklist_items(documents):
        if item.ticked and done and total and done.value < total.value and _ALL_DONE.search(item.text.value):
            message = (
                f"{item.text.value!r} is ticked ({item.text.at}), and {done.value} of {total.value} are ({done.at})."
            )
            yield Issue("stories_completed", message, (item.text.at, done.at), "Take the tick back.")


RULE = Rule(
    id="progress-status-differs",
    severity="error",
    why=(
        "A tick is a claim, and so is a status. Where one document ticks off what another calls pending, at "
        "least one person "
        "reports progress that is not there."
    ),
    example="Status of wave-1: completed (EXECUTION-PLAN.yaml:690) against pending "
    "(MASTER-IMPLEMENTATION-PLAN.md:871).",
    check=check,
)
