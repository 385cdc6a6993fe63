"""Expected loss against the matrix: the order, the ranges, and what the ranges cannot decide."""

from __future__ import annotations

from itertools import combinations, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.canonical import canonical
from radeng_assets.planning.documents.risk_register import Risk, RiskRegister, RiskSection
from radeng_assets.planning.folder import read_planning, read_sources
from radeng_assets.planning.levels import LEVELS, RANK
from radeng_assets.planning.located import Fact
from radeng_assets.planning.ranking import IMPACT, PROBABILITY, RankedRisk, rank_risks

FILE = "RISK-ASSESSMENT.md"


def fact(text: str | None, line: int = 1) -> Fact[str] | None:
    return None if text is None else Fact(text, FILE, line)


def risk(name: str, probability: str | None, impact: str | None, score: str | None = None, line: int = 1) -> Risk:
    return Risk(
        id=Fact(name, FILE, line), probability=fact(probability), impact=fact(impact), score=fact(score), title=None
    )


def register(*risks: Risk) -> RiskRegister:
    return RiskRegister(file=FILE, sections=(RiskSection(level=Fact("All", FILE, 1), risks=risks),))


def losses(item: RankedRisk) -> tuple[float | None, float | None, float | None]:
    return item.loss_low, item.loss, item.loss_high


def test_an_expected_loss_is_the_product_of_the_ranges_and_their_geometric_middle() -> None:
    ranked = rank_risks(register(risk("R-1", "**High**", "critical", line=7))).risks[0]
    # 0.6 x 30 = 18 and 0.9 x 100 = 90; the square root of 18 x 90 = 1620 is 40.2492...
    assert losses(ranked) == (18.0, 40.2492, 90.0)
    assert (ranked.probability, ranked.impact, ranked.at.line) == ("HIGH", "CRITICAL", 7)
    ranked = rank_risks(register(risk("R-1", "LOW", "LOW"))).risks[0]
    assert losses(ranked) == (0.05, 0.1936, 0.75)


def test_the_order_is_by_loss_then_by_file_and_equals_share_a_rank() -> None:
    ranking = rank_risks(
        register(
            risk("small", "LOW", "LOW", "LOW"),
            risk("first", "MEDIUM", "HIGH", "HIGH"),
            risk("second", "MEDIUM", "HIGH", "CRITICAL"),
            risk("large", "CRITICAL", "CRITICAL", "CRITICAL"),
        )
    )
    assert [(item.id, item.rank, item.rank_by_matrix) for item in ranking.risks] == [
        ("large", 1, 1),
        ("first", 2, 3),
        ("second", 2, 1),
        ("small", 4, 4),
    ]


def test_a_risk_without_both_levels_has_no_loss_and_stands_last() -> None:
    ranking = rank_risks(
        register(
            risk("vague", "MEDIUM-HIGH", "HIGH", "CRITICAL"),
            risk("silent", None, None),
            risk("known", "LOW", "LOW"),
        )
    )
    assert [item.id for item in ranking.risks] == ["known", "vague", "silent"]
    vague, silent = ranking.risks[1:]
    assert (vague.loss, vague.loss_low, vague.loss_high, vague.rank) == (None, None, None, None)
    assert (vague.score, vague.rank_by_matrix, ranking.risks[0].rank_by_matrix) == ("CRITICAL", 1, 2)
    assert (silent.score, silent.rank, silent.rank_by_matrix) == (None, None, None)
    assert ranking.flips == ()


def test_the_stated_score_counts_and_the_table_where_it_is_no_level() -> None:
    ranking = rank_risks(
        register(
            risk("stated", "HIGH", "HIGH", "**MEDIUM**"),
            risk("unclear", "MEDIUM", "HIGH", "MEDIUM-HIGH"),
            risk("unstated", "LOW", "LOW"),
        )
    )
    assert [(item.stated_score, item.table_score, item.score) for item in ranking.risks] == [
        ("**MEDIUM**", "CRITICAL", "MEDIUM"),
        ("MEDIUM-HIGH", "HIGH", "HIGH"),
        (None, "LOW", "LOW"),
    ]


def test_a_matrix_alone_misranks() -> None:
    # By the table alone: HIGH x MEDIUM is HIGH (0.6 x 3 .. 0.9 x 10, middle 4.02), LOW x CRITICAL only
    # MEDIUM (0.05 x 30 .. 0.25 x 100, middle 6.12).
    ranking = rank_risks(register(risk("often", "HIGH", "MEDIUM"), risk("rarely", "LOW", "CRITICAL")))
    assert [item.id for item in ranking.risks] == ["rarely", "often"]
    assert [(flip.kind, flip.above, flip.below) for flip in ranking.flips] == [
        ("misranked", ("often",), ("rarely",)),
    ]
    assert "HIGH (HIGH x MEDIUM: 4.02, from 1.8 to 9)" in ranking.flips[0].reason
    assert "MEDIUM (LOW x CRITICAL: 6.12, from 1.5 to 25)" in ranking.flips[0].reason


def test_ranges_that_overlap_may_flip_and_those_that_do_not_are_settled() -> None:
    overlapping = rank_risks(register(risk("a", "HIGH", "HIGH"), risk("b", "MEDIUM", "HIGH")))
    assert [(flip.kind, flip.above, flip.below) for flip in overlapping.flips] == [("may-flip", ("a",), ("b",))]
    # 6 .. 27 against 0.05 .. 0.75.
    apart = rank_risks(register(risk("a", "HIGH", "HIGH"), risk("b", "LOW", "LOW")))
    assert apart.flips == ()
    # LOW x MEDIUM ends at 2.5, where MEDIUM x HIGH begins: ranges that only touch cannot change the order.
    touching = rank_risks(register(risk("a", "MEDIUM", "HIGH"), risk("b", "LOW", "MEDIUM")))
    assert touching.flips == ()


def test_the_same_levels_scored_differently_are_said_to_be_the_same() -> None:
    ranking = rank_risks(register(risk("a", "HIGH", "HIGH", "HIGH"), risk("b", "HIGH", "HIGH", "CRITICAL")))
    assert [(flip.kind, flip.above, flip.below) for flip in ranking.flips] == [("may-flip", ("b",), ("a",))]
    assert "probability and impact are the same" in ranking.flips[0].reason
    assert rank_risks(register(risk("a", "HIGH", "HIGH"), risk("b", "HIGH", "HIGH"))).flips == ()


def test_thousands_of_risks_give_a_page_of_flips() -> None:
    levels = [(p, i, s) for p in LEVELS for i in LEVELS for s in LEVELS]
    ranking = rank_risks(register(*(risk(f"R-{n}", *levels[n % 64]) for n in range(5_000))))
    assert len(ranking.risks) == 5_000
    # 64 classes make 2,016 pairs; 4 scores of 16 classes each leave 6 x 16 x 16 with different scores.
    assert 0 < len(ranking.flips) <= 1_536
    assert len({(flip.above, flip.below) for flip in ranking.flips}) == len(ranking.flips)


def test_the_published_register(real_folder: Path) -> None:
    published = read_planning(read_sources(real_folder)).risk_register
    assert published is not None
    ranking = rank_risks(published)
    assert len(ranking.risks) == 27
    assert ranking.risks[0].id == "R-002"
    levels = [item for item in ranking.risks if item.stated_score in LEVELS]
    assert len(levels) == 26
    assert sum(item.stated_score == item.table_score for item in levels) == 22
    # R-005 is called CRITICAL at MEDIUM x HIGH, R-006 only HIGH at HIGH x HIGH.
    assert [(flip.above, flip.below) for flip in ranking.flips if flip.kind == "misranked"] == [
        (("R-005",), ("R-006",))
    ]
    assert canonical(ranking) == canonical(rank_risks(published))


LEVEL = st.sampled_from([*LEVELS, None, "MEDIUM-HIGH"])


@given(st.lists(st.tuples(LEVEL, LEVEL, LEVEL), max_size=12))
def test_flips_are_exactly_the_pairs_whose_scores_and_losses_may_disagree(
    drawn: list[tuple[str | None, str | None, str | None]],
) -> None:
    ranking = rank_risks(register(*(risk(f"R-{number}", *levels) for number, levels in enumerate(drawn))))
    assert sorted(item.id for item in ranking.risks) == sorted(f"R-{number}" for number in range(len(drawn)))
    known = [item for item in ranking.risks if item.loss is not None]
    assert list(ranking.risks[: len(known)]) == known
    for one, other in pairwise(known):
        assert (one.loss or 0) >= (other.loss or 0)
    expected: dict[tuple[str, str], str] = {}
    for pair in combinations(known, 2):
        above, below = sorted(pair, key=lambda item: RANK[item.score or "LOW"], reverse=True)
        if above.score == below.score:
            continue
        if (below.loss or 0) > (above.loss or 0):
            expected[above.id, below.id] = "misranked"
        elif (below.loss_high or 0) > (above.loss_low or 0):
            expected[above.id, below.id] = "may-flip"
    found = {(a, b): flip.kind for flip in ranking.flips for a in flip.above for b in flip.below}
    assert found == expected


@pytest.mark.parametrize("ranges", [PROBABILITY, IMPACT])
def test_the_scale_has_no_gap_and_is_told_with_the_result(ranges: dict[str, tuple[float, float]]) -> None:
    assert list(ranges) == list(LEVELS)
    for (low, high), (next_low, _) in pairwise(ranges.values()):
        assert low < high == next_low
    scale = rank_risks(register()).scale
    assert [(item.probability_low, item.probability_high) for item in scale] == list(PROBABILITY.values())
    assert [(item.impact_low, item.impact_high) for item in scale] == list(IMPACT.values())
