"""The execution plan's progress counters against each other and against the status of its waves."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.located import Fact, Place
from radeng_assets.planning.rules.documents import Documents, present
from radeng_assets.planning.rules.rule import Issue, Rule
from radeng_assets.planning.rules.statements import Stated, contradiction, says

ROUNDING = 1.0
"""Percentage points by which a claimed percentage may be off: tables are rounded to whole percents."""

_DONE = frozenset({"completed", "complete", "done"})


def check(documents: Documents) -> Iterator[Issue]:
    """Counters that do not add up, a percentage that they do not give, and waves done without their stories."""
    progress = documents.plan.progress
    parts = present((progress.completed, progress.in_progress, progress.pending))
    if len(parts) == 3:
        total = Stated(sum(part.value for part in parts), "completed, in progress and pending", _places(parts))
        said = [*says(progress.total_stories, "claimed in"), total]
        yield from contradiction("progress", "Stories in all", said, "Make the counters add up to the total.")
    yield from _over(progress.completed, progress.total_stories, "completed")
    yield from _over(progress.completed_points, progress.total_points, "completed_points")
    yield from _percentage(documents)
    yield from _waves(documents)


def _places(facts: list[Fact[int]]) -> tuple[Place, ...]:
    return tuple(fact.at for fact in facts)


def _over(part: Fact[int] | None, whole: Fact[int] | None, subject: str) -> Iterator[Issue]:
    if part and whole and part.value > whole.value:
        message = f"{subject} is {part.value} of {whole.value}."
        yield Issue(subject, message, (part.at, whole.at), "Correct one of the two.")


def _percentage(documents: Documents) -> Iterator[Issue]:
    progress = documents.plan.progress
    claimed = progress.percentage
    pairs = ((progress.completed, progress.total_stories), (progress.completed_points, progress.total_points))
    shares = [(done, 100 * done.value / whole.value) for done, whole in pairs if done and whole and whole.value > 0]
    if claimed and shares and all(abs(share - claimed.value) > ROUNDING for _, share in shares):
        counts = ", ".join(f"{share:.0f} % ({done.at})" for done, share in shares)
        message = f"percentage is {claimed.value:g} % ({claimed.at}), but the counters give {counts}."
        yield Issue(
            "percentage", message, (claimed.at, *(done.at for done, _ in shares)), "Compute the percentage again."
        )


def _waves(documents: Documents) -> Iterator[Issue]:
    completed = documents.plan.progress.completed
    waves = {wave.id.value: wave for wave in documents.plan.waves}
    done = [status for status in documents.plan.wave_status if status.status.value.lower() in _DONE]
    stories = sum(len(waves[status.wave.value].stories) for status in done if status.wave.value in waves)
    if completed and stories > completed.value:
        message = (
            f"The waves called completed have {stories} stories, but completed is {completed.value} ({completed.at})."
        )
        at = (completed.at, *(status.status.at for status in done))
        yield Issue("completed", message, at, "Correct the counter, or the status of the waves.")


RULE = Rule(
    id="progress-summary-differs",
    severity="error",
    why=(
        "Progress counters are the claim that this pipeline exists to replace. Where they contradict each "
        "other, not even the "
        "claim is known."
    ),
    example="percentage is 85 % (EXECUTION-PLAN.yaml:687), but the counters give 0 % (EXECUTION-PLAN.yaml:682).",
    check=check,
)
