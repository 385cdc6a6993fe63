from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest
from pydantic import TypeAdapter

from radeng_assets.planning.located import Fact, Place, values
from radeng_assets.record import Record

FACT = Fact("W1-S1", "PLAN.md", 12)


class Story(Record):
    id: Fact[str]
    points: Fact[int] | None = None


def test_a_fact_says_where_it_stands():
    assert FACT.at == Place("PLAN.md", 12)
    assert str(FACT.at) == "PLAN.md:12"
    assert str(FACT) == "W1-S1 (PLAN.md:12)"


def test_a_place_without_a_line_is_the_whole_file():
    assert str(Place("PLAN.md")) == "PLAN.md"


def test_a_derived_fact_keeps_its_place():
    assert FACT.with_value(3) == Fact(3, "PLAN.md", 12)


def test_facts_cannot_be_changed_and_compare_by_value_and_place():
    with pytest.raises(FrozenInstanceError):
        FACT.line = 13  # type: ignore[misc]  # that it fails is the point
    assert Fact("W1-S1", "PLAN.md", 12) == FACT
    assert Fact("W1-S1", "PLAN.md", 13) != FACT
    assert len({FACT, Fact("W1-S1", "PLAN.md", 12), Place("PLAN.md", 12)}) == 2


def test_values_are_bare_and_in_order():
    assert values((FACT, FACT.with_value("W1-S2"))) == ("W1-S1", "W1-S2")
    assert values(()) == ()


def test_facts_survive_json_and_are_checked_on_the_way_in():
    story = Story(id=FACT, points=FACT.with_value(3))
    assert Story.model_validate_json(story.model_dump_json()) == story
    adapter = TypeAdapter(Fact[int])
    with pytest.raises(ValueError, match="valid integer"):
        adapter.validate_python({"value": "many", "file": "PLAN.md", "line": 1})
