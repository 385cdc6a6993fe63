"""Explicit links between planning documents: only what somebody wrote down, with the place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from radeng_assets.planning.documents.execution_plan import ExecutionPlan
from radeng_assets.planning.documents.gap_analysis import GapAnalysis
from radeng_assets.planning.documents.verification import Verification
from radeng_assets.planning.located import Place
from radeng_assets.record import Record


class Link(Record):
    """``source`` (a story or a gap wave) reaches ``target`` (a gap or a risk); ``how`` is the key that says so."""

    kind: Literal["story-gap", "story-risk", "wave-gap"]
    source: str
    target: str
    how: str
    at: Place


def explicit_links(
    plan: ExecutionPlan, gaps: GapAnalysis, verification: Verification | None = None
) -> tuple[Link, ...]:
    """All links that the documents state, in file order, once each."""
    return tuple(dict.fromkeys((*_of_stories(plan), *_of_proofs(verification), *_of_waves(gaps))))


def _of_stories(plan: ExecutionPlan) -> Iterator[Link]:
    for story in plan.stories:
        source = story.id.value
        for gap in story.addresses:
            yield Link(kind="story-gap", source=source, target=gap.value, how="addresses", at=gap.at)
        for risk in story.mitigates:
            yield Link(kind="story-risk", source=source, target=risk.value, how="mitigates", at=risk.at)


def _of_proofs(verification: Verification | None) -> Iterator[Link]:
    for entry in verification.stories if verification else ():
        source = entry.story.value
        for gap in entry.addresses:
            yield Link(kind="story-gap", source=source, target=gap.value, how="addresses", at=gap.at)
        for risk in entry.mitigates:
            yield Link(kind="story-risk", source=source, target=risk.value, how="mitigates", at=risk.at)


def _of_waves(gaps: GapAnalysis) -> Iterator[Link]:
    for wave in gaps.waves:
        for gap in wave.gaps:
            yield Link(
                kind="wave-gap",
                source=wave.name.value,
                target=gap.value,
                how="wave_assignment",
                at=gap.at,
            )
