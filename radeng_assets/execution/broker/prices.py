"""What a turn costs at most, and what it cost: exact integers, from a dated table."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files

from pydantic import JsonValue, TypeAdapter

from radeng_assets.execution.broker.line import Spent
from radeng_assets.record import Record

PICO = 10**12
"""Pico-dollars in a dollar: the unit of all sums, in which a token's price is whole."""

OVERHEAD_TOKENS = 2048
"""Tokens that the API adds to a request: the system prompt of tool use (up to 804) and a few for each message and
tool.
"""

_TABLE = TypeAdapter(dict[str, dict[str, Decimal]])


class Unpriced(Exception):  # noqa: N818  # named for what was found
    """A model that the table has no price for: what it would cost cannot be bounded."""


class Price(Record):
    """Pico-dollars a token, by class."""

    input: int
    cache_write_5m: int
    cache_write_1h: int
    cache_read: int
    output: int

    def cost(self, used: Spent) -> int:
        """The cost of consumed tokens, in pico-dollars."""
        return (
            used.input * self.input
            + used.cache_write_5m * self.cache_write_5m
            + used.cache_write_1h * self.cache_write_1h
            + used.cache_read * self.cache_read
            + used.output * self.output
        )

    def worst(self, request_bytes: int, max_tokens: int) -> int:
        """An upper bound of a request's cost, in pico-dollars.

        A token stands for one byte of text at least, so a request cannot have more tokens than bytes; each is priced as
        the dearest class of input. The API ends a reply at ``max_tokens``.
        """
        dearest = max(self.input, self.cache_write_5m, self.cache_write_1h, self.cache_read)
        return (request_bytes + OVERHEAD_TOKENS) * dearest + max_tokens * self.output


def price_of(model: str) -> Price:
    """A model's price. Raises ``Unpriced``."""
    price = price_table()[1].get(model)
    if price is None:
        raise Unpriced(f"the price table has no {model!r}; priced are {', '.join(sorted(price_table()[1]))}")
    return price


@cache
def price_table() -> tuple[date, Mapping[str, Price]]:
    """(as of, model → price)."""
    text = files("radeng_assets.execution.broker").joinpath("prices.toml").read_text("utf-8")
    document = tomllib.loads(text)
    models = _TABLE.validate_python(document["models"])
    # USD for a million tokens are micro-dollars for one, a million pico-dollars each.
    prices = {
        model: Price(**{name: int(usd * (PICO // 10**6)) for name, usd in classes.items()})
        for model, classes in models.items()
    }
    return document["as_of"], prices


def usage_of(usage: Mapping[str, JsonValue] | None) -> Spent | None:
    """What the API's usage says, by class; ``None`` where it says nothing that can be counted."""
    if (
        usage is None
        or not isinstance(usage.get("input_tokens"), int)
        or not isinstance(usage.get("output_tokens"), int)
    ):
        return None

    def count(name: str, table: Mapping[str, JsonValue] = usage) -> int:
        value = table.get(name)
        return value if isinstance(value, int) and value > 0 else 0

    created = usage.get("cache_creation")
    written = count("cache_creation_input_tokens")
    long = min(count("ephemeral_1h_input_tokens", created), written) if isinstance(created, dict) else 0
    return Spent(
        turns=1,
        input=count("input_tokens"),
        cache_write_5m=written - long,
        cache_write_1h=long,
        cache_read=count("cache_read_input_tokens"),
        output=count("output_tokens"),
    )


def usd(pico: int) -> str:
    """An amount as a decimal text in USD: exact, with two digits after the point at least."""
    text = f"{Decimal(pico) / PICO:f}"
    whole, _, digits = text.partition(".")
    return f"{whole}.{digits.rstrip('0').ljust(2, '0')}"


def pico(amount: Decimal) -> int:
    """A limit in USD as pico-dollars, rounded down."""
    return int(amount * PICO)
