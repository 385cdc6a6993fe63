"""Risks in the order of their expected loss, with ranges, and where a probability x impact matrix misranks them.

A matrix of words ties unlike risks and can order two of them the wrong way round (L. A. Cox, "What's Wrong with Risk
Matrices?", Risk Analysis 28(2), 2008). So each word gets a stated range, and what the ranges cannot decide is said.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from radeng_assets.planning.documents.risk_register import Risk, RiskRegister
from radeng_assets.planning.levels import RANK, Level, level_of, risk_score
from radeng_assets.planning.located import Fact, Place
from radeng_assets.record import Record

PROBABILITY: dict[Level, tuple[float, float]] = {
    "LOW": (0.05, 0.25),
    "MEDIUM": (0.25, 0.60),
    "HIGH": (0.60, 0.90),
    "CRITICAL": (0.90, 1.00),
}
"""The chance that a risk comes true, from and to. A stated assumption: the register gives words only."""

IMPACT: dict[Level, tuple[float, float]] = {
    "LOW": (1.0, 3.0),
    "MEDIUM": (3.0, 10.0),
    "HIGH": (10.0, 30.0),
    "CRITICAL": (30.0, 100.0),
}
"""The loss if it does, from and to, in units of the smallest loss that is called ``LOW``. A stated assumption: each
level is about half a decade (a factor of three), so that two levels are ten times as bad."""


class LevelRange(Record):
    """What the ranking takes a word to mean: probabilities from 0 to 1, impacts in loss units."""

    level: Level
    probability_low: float
    probability_high: float
    impact_low: float
    impact_high: float


class RankedRisk(Record):
    """One risk's place by expected loss, and by the matrix.

    ``probability`` and ``impact`` are ``None`` where the document states no level; loss and ``rank`` are then ``None``
    as well. ``stated_score`` is as written, ``table_score`` follows from the two levels (``risk_score``), ``score`` is
    the stated one where it is a level and the table's otherwise. Losses are in loss units, rounded to four decimals.
    Ranks begin with 1, and equals share theirs.
    """

    id: str
    title: str | None
    at: Place
    probability: Level | None = None
    impact: Level | None = None
    stated_score: str | None = None
    table_score: Level | None = None
    score: Level | None = None
    loss: float | None = None
    loss_low: float | None = None
    loss_high: float | None = None
    rank: int | None = None
    rank_by_matrix: int | None = None


class Flip(Record):
    """Risks that the matrix scores above others, in an order that expected loss does not bear out.

    ``misranked``: every risk of ``below`` has the larger expected loss. ``may-flip``: the order agrees, or the two are
    equal, but the ranges overlap. Each group holds the risks of one probability, one impact and one score.
    """

    kind: Literal["misranked", "may-flip"]
    above: tuple[str, ...]
    below: tuple[str, ...]
    reason: str


class Ranking(Record):
    """All risks of a register, largest expected loss first; ``scale`` is what the words were taken to mean."""

    risks: tuple[RankedRisk, ...] = ()
    flips: tuple[Flip, ...] = ()
    scale: tuple[LevelRange, ...] = ()


@dataclass(frozen=True, slots=True)
class _Loss:
    """An expected loss: the ends by interval arithmetic, the point as the geometric mean of the ends."""

    low: float
    point: float
    high: float

    @classmethod
    def of(cls, probability: Level, impact: Level) -> _Loss:
        low = PROBABILITY[probability][0] * IMPACT[impact][0]
        high = PROBABILITY[probability][1] * IMPACT[impact][1]
        return cls(low, math.sqrt(low * high), high)


_Class = tuple[Level, Level, Level]
"""Probability, impact, score: risks that agree in all three are ranked alike."""


def rank_risks(register: RiskRegister) -> Ranking:
    """The ranking of a register. Ties keep the file's order; risks without a level for both factors come last."""
    risks = [_ranked(risk) for risk in register.risks]
    # File order settles ties, because the sort is stable.
    risks.sort(key=lambda risk: -math.inf if risk.loss is None else risk.loss, reverse=True)
    losses = [risk.loss for risk in risks if risk.loss is not None]
    scores = sorted((RANK[risk.score] for risk in risks if risk.score is not None), reverse=True)
    by_loss = _first_places(losses)
    by_score = _first_places(scores)
    return Ranking(
        risks=tuple(
            risk.model_copy(
                update={
                    "rank": None if risk.loss is None else by_loss[risk.loss],
                    "rank_by_matrix": None if risk.score is None else by_score[RANK[risk.score]],
                }
            )
            for risk in risks
        ),
        flips=tuple(_flips(risks)),
        scale=tuple(
            LevelRange(
                level=level,
                probability_low=PROBABILITY[level][0],
                probability_high=PROBABILITY[level][1],
                impact_low=IMPACT[level][0],
                impact_high=IMPACT[level][1],
            )
            for level in RANK
        ),
    )


def _ranked(risk: Risk) -> RankedRisk:
    probability, impact, stated = _level(risk.probability), _level(risk.impact), _level(risk.score)
    loss = _Loss.of(probability, impact) if probability and impact else None
    table = risk_score(probability, impact) if probability and impact else None
    return RankedRisk(
        id=risk.id.value,
        title=risk.title.value if risk.title else None,
        at=risk.id.at,
        probability=probability,
        impact=impact,
        stated_score=risk.score.value if risk.score else None,
        table_score=table,
        score=stated or table,
        loss=round(loss.point, 4) if loss else None,
        loss_low=round(loss.low, 4) if loss else None,
        loss_high=round(loss.high, 4) if loss else None,
    )


def _level(fact: Fact[str] | None) -> Level | None:
    return level_of(fact.value) if fact else None


def _first_places(values: list[float] | list[int]) -> dict[float, int]:
    """Value → its rank among ``values``, which come largest first."""
    places: dict[float, int] = {}
    for place, value in enumerate(values, start=1):
        places.setdefault(value, place)
    return places


def _flips(risks: list[RankedRisk]) -> Iterator[Flip]:
    """By class and not by risk: a register of thousands has at most 64 classes, and one finding about each pair."""
    members: dict[_Class, list[str]] = {}
    for risk in risks:
        if risk.probability and risk.impact and risk.score:
            members.setdefault((risk.probability, risk.impact, risk.score), []).append(risk.id)
    found: list[tuple[float, Flip]] = []
    for one, other in combinations(members, 2):
        if RANK[one[2]] == RANK[other[2]]:
            continue
        above, below = (one, other) if RANK[one[2]] > RANK[other[2]] else (other, one)
        kind = _kind(_Loss.of(*above[:2]), _Loss.of(*below[:2]))
        if kind is not None:
            ratio = _Loss.of(*below[:2]).point / _Loss.of(*above[:2]).point
            ids = tuple(members[above]), tuple(members[below])
            found.append((ratio, Flip(kind=kind, above=ids[0], below=ids[1], reason=_reason(kind, above, below))))
    # The larger the loss of what stands below, the worse the matrix's order: those come first.
    found.sort(key=lambda entry: entry[0], reverse=True)
    return (flip for _, flip in found)


def _kind(above: _Loss, below: _Loss) -> Literal["misranked", "may-flip"] | None:
    if below.point > above.point:
        return "misranked"
    return "may-flip" if below.high > above.low else None


def _reason(kind: str, above: _Class, below: _Class) -> str:
    scored = f"The matrix puts {_in_words(above)} above {_in_words(below)}"
    if kind == "misranked":
        return f"{scored}; by expected loss it is the other way round."
    if above[:2] == below[:2]:
        return f"{scored}; probability and impact are the same."
    return f"{scored}; the ranges overlap, so that the order may be the other way round."


def _in_words(group: _Class) -> str:
    probability, impact, score = group
    loss = _Loss.of(probability, impact)
    return f"{score} ({probability} x {impact}: {loss.point:.3g}, from {loss.low:.3g} to {loss.high:.3g})"
