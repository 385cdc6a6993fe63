"""The rules as a book: found by their files, told apart by their ids, explained by a page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from radeng_assets.planning.folder import Planning
from radeng_assets.planning.rules.book import (
    FAMILIES,
    READING,
    apply_rules,
    family_about,
    family_of,
    rule_book,
    rules_named,
)
from radeng_assets.planning.rules.page import rules_page
from radeng_assets.planning.rules.rule import Rule
from radeng_assets_tests.conftest import ROOT

RULES = [(family, rule) for family, found in rule_book().items() for rule in found]


def test_every_family_has_rules_and_every_id_stands_once() -> None:
    assert tuple(rule_book()) == FAMILIES
    assert all(rule_book().values())
    ids = [rule.id for _, rule in RULES]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(("family", "rule"), RULES, ids=[rule.id for _, rule in RULES])
def test_a_rule_says_what_it_is_for(family: str, rule: Rule) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", rule.id)
    assert len(rule.why) > 30
    assert rule.example
    assert family_of(rule.id) == family
    assert rules_named(rule.id) == (rule.id,)


def test_a_family_is_named_and_explained() -> None:
    assert len(rules_named("judgement")) == len(rule_book()["judgement"])
    assert rules_named("nothing-of-the-kind") == ()
    assert family_of("yaml-broken") == READING
    assert all(family_about(family).endswith(".") for family in (READING, *FAMILIES))


def test_nothing_is_found_in_nothing() -> None:
    assert list(apply_rules(Planning(digest="sha256:0"))) == []


def test_each_rule_is_one_file_of_its_family() -> None:
    folder = ROOT / "radeng_assets" / "planning" / "rules"
    files = [path for family in FAMILIES for path in (folder / family).glob("*.py") if path.name != "__init__.py"]
    assert len(files) == len(RULES)
    assert max(len(path.read_text("utf-8").splitlines()) for path in files) < 200


def test_the_page_is_made_from_the_rules() -> None:
    page = Path(ROOT / "docs" / "rules.md").read_text("utf-8")
    assert page == rules_page(), "run `make docs`"
