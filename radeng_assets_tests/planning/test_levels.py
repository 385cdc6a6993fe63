"""What is a level, and a table of scores that never contradicts its two factors."""

from __future__ import annotations

from itertools import product

import pytest

from radeng_assets.planning.levels import LEVELS, RANK, level_of, risk_score


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("HIGH", "HIGH"),
        ("high", "HIGH"),
        ("  **Critical**  ", "CRITICAL"),
        ("`low`", "LOW"),
        ("**Medium** (was low)", "MEDIUM"),
        ("Medium(was low)", "MEDIUM"),
        ("HIGH - nobody looks", "HIGH"),
        ("HIGH – nobody looks", "HIGH"),  # noqa: RUF001
        ("HIGH- nobody looks", "HIGH"),
        ("High\nprobability", "HIGH"),
        ("High\u00a0probability", "HIGH"),
        ("low, highly", None),
        ("MEDIUM-HIGH", None),
        ("MEDIUM - HIGH", None),
        ("MEDIUM – high", None),  # noqa: RUF001
        ("MEDIUM HIGH", None),
        ("low to medium", None),
        ("LOW/MEDIUM", None),
        ("LOW / MEDIUM", None),
        ("HIGHEST", None),
        ("HIGH_RISK", None),
        ("not HIGH", None),
        ("crıtical", None),  # noqa: RUF001  # a dotless i is no i
        ("severe", None),
        ("3", None),
        ("", None),
        ("**", None),
    ],
)
def test_a_level_is_the_word_and_perhaps_a_remark_on_it(text: str, level: str | None) -> None:
    assert level_of(text) == level


def test_levels_read_back_as_themselves_and_rise() -> None:
    assert LEVELS == ("LOW", "MEDIUM", "HIGH", "CRITICAL")
    assert [level_of(level) for level in LEVELS] == list(LEVELS)
    assert [RANK[level] for level in LEVELS] == [1, 2, 3, 4]


def test_the_whole_table() -> None:
    assert [[risk_score(probability, impact) for impact in LEVELS] for probability in LEVELS] == [
        ["LOW", "LOW", "MEDIUM", "MEDIUM"],
        ["LOW", "MEDIUM", "HIGH", "CRITICAL"],
        ["MEDIUM", "HIGH", "CRITICAL", "CRITICAL"],
        ["MEDIUM", "CRITICAL", "CRITICAL", "CRITICAL"],
    ]


def test_a_worse_factor_never_makes_a_better_score() -> None:
    for one, other in product(product(LEVELS, LEVELS), repeat=2):
        if RANK[one[0]] <= RANK[other[0]] and RANK[one[1]] <= RANK[other[1]]:
            assert RANK[risk_score(*one)] <= RANK[risk_score(*other)]
        assert risk_score(*one) == risk_score(one[1], one[0])
