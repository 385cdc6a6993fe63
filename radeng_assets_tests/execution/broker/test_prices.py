"""Money in whole pico-dollars: prices, bounds, texts."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.execution.agents.claude.models import ESCALATION, PLAIN, NoSuchModel, known_models, model_of
from radeng_assets.execution.broker.line import Spent
from radeng_assets.execution.broker.prices import Unpriced, pico, price_of, price_table, usage_of, usd


def test_the_default_models_are_known_priced_and_have_no_end() -> None:
    for model in (PLAIN, ESCALATION):
        assert model in known_models()
        assert price_of(model).output > 0


def test_a_model_that_ends_or_is_unknown_is_refused() -> None:
    with pytest.raises(NoSuchModel, match="November 30th, 2026"):
        model_of("claude-sonnet-4-5", PLAIN)
    with pytest.raises(NoSuchModel, match="unknown"):
        model_of("claude-of-my-dreams", PLAIN)
    with pytest.raises(Unpriced):
        price_of("claude-of-my-dreams")


def test_a_known_price() -> None:
    sonnet = price_of("claude-sonnet-5-5")
    used = Spent(input=1_000_000, output=1_000_000, cache_read=1_000_000, cache_write_5m=1_000_000)
    assert usd(sonnet.cost(used)) == "14.60"  # 2 + 10 + 0.1 + 2.5


@given(st.integers(0, 10**6), st.integers(1, 10**5), st.data())
def test_no_usage_within_a_request_costs_more_than_the_bound(size: int, most: int, data: st.DataObject) -> None:
    price = price_of(data.draw(st.sampled_from(sorted(price_table()[1]))))
    classes = ("input", "cache_write_5m", "cache_write_1h", "cache_read")
    left = size
    used = {"output": data.draw(st.integers(0, most))}
    for name in classes:
        used[name] = data.draw(st.integers(0, left))
        left -= used[name]
    cost = price.cost(Spent.model_validate(used))
    assert cost <= price.worst(size, most)


@given(st.integers(0, 10**15))
def test_an_amount_is_exact_in_words(amount: int) -> None:
    assert pico(Decimal(usd(amount))) == amount


@pytest.mark.parametrize(
    ("usage", "spent"),
    [
        (None, None),
        ({}, None),
        ({"input_tokens": "5", "output_tokens": 1}, None),
        ({"input_tokens": 5, "output_tokens": 1}, Spent(turns=1, input=5, output=1)),
        (
            {
                "input_tokens": 5,
                "output_tokens": 1,
                "cache_creation_input_tokens": 10,
                "cache_read_input_tokens": 7,
                "cache_creation": {"ephemeral_5m_input_tokens": 6, "ephemeral_1h_input_tokens": 4},
            },
            Spent(turns=1, input=5, output=1, cache_write_5m=6, cache_write_1h=4, cache_read=7),
        ),
        (
            {"input_tokens": 5, "output_tokens": 1, "cache_creation_input_tokens": 3, "cache_read_input_tokens": None},
            Spent(turns=1, input=5, output=1, cache_write_5m=3),
        ),
    ],
)
def test_usage_by_class(usage: dict[str, object] | None, spent: Spent | None) -> None:
    assert usage_of(usage) == spent  # pyright: ignore[reportArgumentType]  # as JSON has it
