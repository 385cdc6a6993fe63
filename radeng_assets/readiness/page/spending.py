"""What stories have cost, from the ledger's attempts: work that no longer counts was paid for all the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress

from pydantic import ValidationError

from radeng_assets.evidence.ledger import Entry
from radeng_assets.evidence.outcomes import Tokens
from radeng_assets.execution.attempts import Attempt, AttemptEnd, total_usd
from radeng_assets.planning.schedule import Schedule
from radeng_assets.readiness.page.facts import Spending, SpendRow


def spending_of(entries: Iterable[Entry], plan_name: str, schedule: Schedule, ceiling: str) -> Spending:
    """Sums by story and wave, in the schedule's order, over every attempt at the plan that has ended.

    A story that the plan has no more counts in the total.
    """
    story_of: dict[str, str] = {}
    ends: dict[str, AttemptEnd] = {}
    for entry in entries:
        # A record that calls itself an attempt and is none was written by nobody who spent anything.
        with suppress(ValidationError):
            if entry.kind == "attempt":
                attempt = Attempt.model_validate(entry.body)
                if attempt.plan == plan_name:
                    story_of[attempt.key] = attempt.story
            elif entry.kind == "attempt_end" and (end := AttemptEnd.model_validate(entry.body)).key in story_of:
                ends[end.key] = end
    by_story: dict[str, list[AttemptEnd]] = {story.id: [] for story in schedule.stories}
    for key, end in ends.items():
        by_story.setdefault(story_of[key], []).append(end)
    return Spending(
        total=_row("total", list(ends.values())),
        waves=tuple(
            _row(wave.id, [end for story in wave.stories for end in by_story[story.id]]) for wave in schedule.waves
        ),
        stories=tuple(_row(story, found) for story, found in by_story.items()),
        ceiling=ceiling,
    )


def _row(subject: str, ends: Sequence[AttemptEnd]) -> SpendRow:
    return SpendRow(
        subject=subject,
        attempts=len(ends),
        tokens=Tokens(
            input=sum(end.tokens.input for end in ends),
            output=sum(end.tokens.output for end in ends),
        ),
        usd=total_usd(end.cost_usd for end in ends),
    )
