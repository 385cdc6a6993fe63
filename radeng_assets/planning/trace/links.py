"""Explicit links between planning documents: only what somebody wrote down, with the place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Literal

from radeng_assets.planning.documents.execution_plan import ExecutionPlan, Story
from radeng_assets.planning.documents.gap_analysis import GapAnalysis
from radeng_assets.planning.documents.master_plan import MasterPlan
from radeng_assets.planning.documents.risk_register import RiskRegister
from radeng_assets.planning.documents.verification import Verification
from radeng_assets.planning.located import Fact, Place
from radeng_assets.planning.trace.mentions import EQUAL_ID, NAMED, mentions
from radeng_assets.record import Record

BY_ITS_WORDS: Final = "by its words"
"""How a story is tied to a success criterion whose key words it uses. Shown, and no gate counts it."""


class Link(Record):
    """``source`` (a story, a gap wave, a proof, a report) reaches ``target`` (a gap, a risk, a criterion).

    ``how`` is the key or the rule that says so. ``known`` is whether both ends are in the documents:
    a story that addresses a gap which nobody described addresses nothing.
    """

    kind: Literal["story-gap", "story-risk", "wave-gap", "proof-criterion", "story-success", "report-success"]
    source: str
    target: str
    how: Literal[
        "addresses",
        "mitigates",
        "equal id",
        "named",
        "wave_assignment",
        "proof",
        "every story",
        "its wave",
        "by its words",
        "report",
    ]
    at: Place
    known: bool = True

    @property
    def counts(self) -> bool:
        """Whether a gate may take the target for linked: both ends exist, and it says more than a wave or a word."""
        return self.known and self.kind != "wave-gap" and self.how != BY_ITS_WORDS


def explicit_links(
    plan: ExecutionPlan | None,
    gaps: GapAnalysis | None,
    verification: Verification | None = None,
    risks: RiskRegister | None = None,
    master: MasterPlan | None = None,
) -> tuple[Link, ...]:
    """All links to gaps and risks that the documents state, once each: keys first, then prose, then gap waves.

    An id is known when one of the documents given holds it, so without ``risks`` no risk is.
    """
    stories = {story.id.value for story in plan.stories} if plan else set[str]()
    gap_ids = {gap.id.value for gap in gaps.gaps} if gaps else set[str]()
    risk_ids = {risk.id.value for risk in risks.risks} if risks else set[str]()
    links: list[Link] = []
    for source, addresses, mitigates in (*_of_plan(plan), *_of_verification(verification)):
        for gap in addresses:
            known = source in stories and gap.value in gap_ids
            links.append(_to_gap(source, gap, "addresses", known))
        for risk in mitigates:
            known = source in stories and risk.value in risk_ids
            links.append(_to_risk(source, risk, "mitigates", known))
    for source, named, equal in mentions(plan, master, gap_ids | risk_ids):
        how = EQUAL_ID if equal else NAMED
        if named.value in gap_ids:
            links.append(_to_gap(source, named, how, True))
        if named.value in risk_ids:
            links.append(_to_risk(source, named, how, True))
    return tuple(dict.fromkeys((*links, *_of_waves(gaps, gap_ids))))


def proof_links(plan: ExecutionPlan | None, verification: Verification | None) -> tuple[Link, ...]:
    """Which acceptance criteria have a proof; the source is the proof's own place (``verification.yaml:12``)."""
    there = {criterion_id(story.id.value, n + 1) for story in _stories(plan) for n in range(len(story.criteria))}
    links: list[Link] = []
    for entry in verification.stories if verification else ():
        for proof in entry.proofs:
            target = criterion_id(entry.story.value, proof.criterion.value)
            at = proof.criterion.at
            links.append(
                Link(kind="proof-criterion", source=str(at), target=target, how="proof", at=at, known=target in there)
            )
    return tuple(links)


def criterion_id(story: str, number: int) -> str:
    """The id of a story's acceptance criterion, by its number from 1: ``W1-S1#2``."""
    return f"{story}#{number}"


_Stated = tuple[str, tuple[Fact[str], ...], tuple[Fact[str], ...]]


def _stories(plan: ExecutionPlan | None) -> tuple[Story, ...]:
    return plan.stories if plan else ()


def _of_plan(plan: ExecutionPlan | None) -> Iterator[_Stated]:
    for story in _stories(plan):
        yield story.id.value, story.addresses, story.mitigates


def _of_verification(verification: Verification | None) -> Iterator[_Stated]:
    for entry in verification.stories if verification else ():
        yield entry.story.value, entry.addresses, entry.mitigates


def _to_gap(source: str, gap: Fact[str], how: Literal["addresses", "equal id", "named"], known: bool) -> Link:
    return Link(kind="story-gap", source=source, target=gap.value, how=how, at=gap.at, known=known)


def _to_risk(source: str, risk: Fact[str], how: Literal["mitigates", "equal id", "named"], known: bool) -> Link:
    return Link(kind="story-risk", source=source, target=risk.value, how=how, at=risk.at, known=known)


def _of_waves(gaps: GapAnalysis | None, gap_ids: Iterable[str]) -> Iterator[Link]:
    for wave in gaps.waves if gaps else ():
        for gap in wave.gaps:
            yield Link(
                kind="wave-gap",
                source=wave.name.value,
                target=gap.value,
                how="wave_assignment",
                at=gap.at,
                known=gap.value in gap_ids,
            )
