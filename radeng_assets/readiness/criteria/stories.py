"""What the criteria about stories share: how many of some stories are shown to be done."""

from __future__ import annotations

from collections.abc import Sequence

from radeng_assets.evidence.outcomes import DONE
from radeng_assets.planning.schedule import ScheduledStory
from radeng_assets.readiness.case import Case
from radeng_assets.readiness.claims import NEED_TARGET, claim_of, stated
from radeng_assets.readiness.verdict import CriterionStatus, CriterionVerdict


def judge_stories(
    case: Case, criterion: str, stories: Sequence[ScheduledStory], obstacles: Sequence[str]
) -> CriterionVerdict:
    """A criterion that holds when every story of a set is done and nothing else stands in the way.

    ``obstacles`` are other reasons why it cannot be verified (gates that did not pass, a damaged plan).
    A ticked box, with work that is shown not to be done, is a contradiction.
    """
    outcomes = [case.stories.get(story.id) for story in stories]
    done = [outcome for outcome in outcomes if outcome is not None and outcome.status in DONE]
    failed = [outcome.story for outcome in outcomes if outcome and outcome.status == "failed"]
    rehearsed = [outcome for outcome in outcomes if outcome and outcome.status == "rehearsed"]
    stale = [story.id for story in stories if story.id in case.lapsed and case.lapsed[story.id].stale]
    doubted = [story.id for story in stories if story.id in case.lapsed and not case.lapsed[story.id].stale]
    item = stated(case, criterion)
    status: CriterionStatus = "unverified"
    if stories and len(done) == len(stories) and not obstacles:
        status = "verified"
    elif item is not None and item.ticked and failed:
        status = "contradicted"
    elif stale:
        status = "stale"
    reasons = [f"{len(done)} of {len(stories)} stories are shown to be done"]
    if failed:
        reasons.append(f"failed: {_some(failed)}")
    if rehearsed:
        reasons.append(f"{len(rehearsed)} were only rehearsed")
    if stale:
        reasons.append(f"stale: {_some(stale)} ({case.lapsed[stale[0]].reason})")
    if doubted:
        reasons.append(f"not borne out by evidence: {_some(doubted)} ({case.lapsed[doubted[0]].reason})")
    reasons += obstacles
    return CriterionVerdict(
        id=criterion,
        status=status,
        claimed=claim_of(case, criterion),
        measured=float(len(done)),
        threshold=float(len(stories)),
        evidence=tuple(dict.fromkeys(digest for outcome in done for digest in outcome.evidence)),
        reason="; ".join(reasons),
        next="" if status == "verified" else _next(case),
    )


def _some(ids: Sequence[str], most: int = 5) -> str:
    more = f" and {len(ids) - most} more" if len(ids) > most else ""
    return ", ".join(ids[:most]) + more


def _next(case: Case) -> str:
    if case.target is None:
        return NEED_TARGET
    return "Mend what failed, give each criterion a proof in verification.yaml, then run again."
