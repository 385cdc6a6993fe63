"""The README's success criteria: which they are, and which stories and reports speak to each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from radeng_assets.planning.documents.common import ChecklistItem
from radeng_assets.planning.documents.execution_plan import UI_TRACK, ExecutionPlan, Story
from radeng_assets.planning.documents.readme import Readme
from radeng_assets.planning.located import Fact
from radeng_assets.planning.trace.links import BY_ITS_WORDS, Link
from radeng_assets.planning.trace.story_text import own_texts


@dataclass(frozen=True, slots=True)
class SuccessRule:
    """How one of the contract's criteria is found.

    ``stated`` are words of the README's line, in lower case; ``words`` is what a story's title, tasks or criteria must
    hold (``None``: no story is found by words); ``reports`` are the assets that measure the criterion.
    """

    stated: tuple[str, ...]
    words: re.Pattern[str] | None = None
    reports: tuple[str, ...] = ()


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


SUCCESS_RULES: dict[str, SuccessRule] = {
    "stories_completed": SuccessRule(("stories",)),
    "test_coverage": SuccessRule(("coverage",), _words(r"\bcoverage\b"), ("coverage_report",)),
    "load_test": SuccessRule(("load test", "load-test"), _words(r"\bload[\s-]*test"), ("load_test_report",)),
    "security_audit": SuccessRule(("security",), _words(r"\bsecurity[\s-]+audit"), ("security_report",)),
    "ui_integration": SuccessRule(("ui integration", "ui-integration")),
    "ess_integration": SuccessRule(("ess ", "ess integration"), _words(r"\bESS\b"), ("ess_index_snapshot",)),
    "documentation": SuccessRule(
        ("documentation",), _words(r"\b(documentation|runbook)s?\b"), ("documentation_report",)
    ),
    "stakeholder_signoff": SuccessRule(
        ("sign-off", "signoff", "sign off", "stakeholder"), _words(r"\bstakeholder|\bsign[\s-]?off\b")
    ),
}
"""The contract's eight criterion ids, in order. The words are the criterion's own name, nothing guessed beyond it."""


def success_criteria(readme: Readme | None) -> Iterator[tuple[str, ChecklistItem]]:
    """The README's criteria in its order, each with its id: the contract's, else its number in the list.

    As in the verdict, a criterion is the first line that holds its words; one line may state two.
    """
    items = readme.success_criteria if readme else ()
    first: dict[str, int] = {}
    for name, rule in SUCCESS_RULES.items():
        for index, item in enumerate(items):
            if any(word in item.text.value.lower() for word in rule.stated):
                first[name] = index
                break
    for index, item in enumerate(items):
        names = [name for name, where in first.items() if where == index]
        yield from ((name, item) for name in names or [str(index + 1)])


def success_links(plan: ExecutionPlan | None, readme: Readme | None) -> tuple[Link, ...]:
    """Stories and reports of every criterion that the README states."""
    return tuple(link for name, item in success_criteria(readme) for link in links_to(name, item, plan))


def links_to(name: str, item: ChecklistItem, plan: ExecutionPlan | None) -> Iterator[Link]:
    """What feeds one criterion, found as it is asked for: stories first, in file order, then reports."""
    rule = SUCCESS_RULES.get(name)
    if rule is None:
        return
    if name == "stories_completed":
        yield from (_from_story(story, name, "every story") for story in (plan.stories if plan else ()))
    elif name == "ui_integration":
        for wave in plan.waves if plan else ():
            if wave.id.value == UI_TRACK:
                yield from (_from_story(story, name, "its wave") for story in wave.stories)
    elif rule.words is not None:
        for story in plan.stories if plan else ():
            fact = next((fact for fact in own_texts(story) if rule.words.search(fact.value)), None)
            if fact is not None:
                yield _from_story(story, name, BY_ITS_WORDS, fact)
    for report in rule.reports:
        yield Link(kind="report-success", source=report, target=name, how="report", at=item.text.at)


def _from_story(
    story: Story, name: str, how: Literal["every story", "its wave", "by its words"], fact: Fact[str] | None = None
) -> Link:
    at = (fact or story.id).at
    return Link(kind="story-success", source=story.id.value, target=name, how=how, at=at)
