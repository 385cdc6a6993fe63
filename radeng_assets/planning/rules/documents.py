"""The documents as rules look at them: never missing (an empty one says nothing), with indexes by id."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TypeVar

from radeng_assets.planning.documents.execution_plan import UI_TRACK, ExecutionPlan, Story, Wave
from radeng_assets.planning.documents.gap_analysis import Gap, GapAnalysis
from radeng_assets.planning.documents.master_plan import MasterPlan, MasterStory
from radeng_assets.planning.documents.readme import Readme
from radeng_assets.planning.documents.risk_register import Risk, RiskRegister
from radeng_assets.planning.documents.testing_requirements import TestingRequirements
from radeng_assets.planning.documents.verification import Verification
from radeng_assets.planning.folder import (
    EXECUTION_PLAN,
    GAP_ANALYSIS,
    MASTER_PLAN,
    README,
    RISK_REGISTER,
    TESTING_REQUIREMENTS,
    VERIFICATION,
    Planning,
)
from radeng_assets.planning.located import Fact
from radeng_assets.planning.rules.words import words
from radeng_assets.planning.trace.coverage import gap_stories, links_of, risk_stories
from radeng_assets.planning.trace.links import Link

T = TypeVar("T")

_NUMBER = re.compile(r"(?:^|[^a-z])w(?:ave)?[ _-]?(\d{1,6})", re.IGNORECASE)


class Documents:
    """All documents of a folder, and who is who in them. Where an id stands twice, the first counts."""

    def __init__(self, planning: Planning) -> None:
        self.planning = planning
        self.readme = planning.readme or Readme(file=README)
        self.gaps = planning.gap_analysis or GapAnalysis(file=GAP_ANALYSIS)
        self.risks = planning.risk_register or RiskRegister(file=RISK_REGISTER)
        self.tests = planning.testing_requirements or TestingRequirements(file=TESTING_REQUIREMENTS)
        self.master = planning.master_plan or MasterPlan(file=MASTER_PLAN)
        self.plan = planning.execution_plan or ExecutionPlan(file=EXECUTION_PLAN)
        self.verification = planning.verification or Verification(file=VERIFICATION)

    @cached_property
    def gap_of(self) -> Mapping[str, Gap]:
        """Gap by id."""
        return first_of((gap.id.value, gap) for gap in self.gaps.gaps)

    @cached_property
    def risk_of(self) -> Mapping[str, Risk]:
        """Risk by id."""
        return first_of((risk.id.value, risk) for risk in self.risks.risks)

    @cached_property
    def story_of(self) -> Mapping[str, Story]:
        """The execution plan's story by id."""
        return first_of((story.id.value, story) for story in self.plan.stories)

    @cached_property
    def told_of(self) -> Mapping[str, MasterStory]:
        """The master plan's story by id."""
        return first_of((story.id.value, story) for story in self.master.stories)

    @cached_property
    def told_twice(self) -> tuple[tuple[Story, MasterStory], ...]:
        """Each story of the execution plan that the master plan tells too, with it."""
        return tuple((story, self.told_of[name]) for name, story in self.story_of.items() if name in self.told_of)

    @cached_property
    def wave_of(self) -> Mapping[str, Wave]:
        """The execution plan's wave of a story, by the story's id."""
        return first_of((story.id.value, wave) for wave in self.plan.waves for story in wave.stories)

    @cached_property
    def waves_before(self) -> Mapping[str, frozenset[str]]:
        """Wave id → every wave that its own dependencies put before it, at any distance."""
        needs = {wave.id.value: [need.value for need in wave.dependencies] for wave in self.plan.waves}
        before: dict[str, frozenset[str]] = {}
        for start, first in needs.items():
            stack, seen = list(first), set[str]()
            while stack:
                wave = stack.pop()
                if wave not in seen:
                    seen.add(wave)
                    done = before.get(wave)
                    seen.update(done or ())
                    stack.extend(needs.get(wave, ()) if done is None else ())
            before[start] = frozenset(seen)
        return before

    @cached_property
    def wave_by_key(self) -> Mapping[str, Wave]:
        """The execution plan's wave by the key that ``wave_key`` gives it."""
        return first_of((key, wave) for wave in self.plan.waves if (key := wave_key(wave.id.value)))

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Every explicit link to a gap or a risk."""
        return links_of(self.planning)

    @cached_property
    def gap_stories(self) -> Mapping[str, tuple[Link, ...]]:
        """Gap id → the explicit links from stories to it."""
        return gap_stories(self.planning, self.links)

    @cached_property
    def risk_stories(self) -> Mapping[str, tuple[Link, ...]]:
        """Risk id → the explicit links from stories to it."""
        return risk_stories(self.planning, self.links)


def wave_key(name: str, number: int | None = None) -> str:
    """What one wave is called in every document: ``wave-2`` for ``Wave 2: Core``, ``wave_2_core`` and ``W2``.

    The UI track is ``UI_TRACK`` by any name that begins with UI; another wave without number has no key (``""``).
    """
    if number is not None:
        return f"wave-{number}"
    if match := _NUMBER.search(name):
        return f"wave-{int(match[1])}"
    return UI_TRACK if "ui" in words(name) else ""


def first_of(pairs: Iterable[tuple[str, T]]) -> dict[str, T]:
    """Name → the first value of that name, in order."""
    found: dict[str, T] = {}
    for name, value in pairs:
        found.setdefault(name, value)
    return found


def present(facts: Iterable[Fact[int] | None]) -> list[Fact[int]]:
    """The facts that are there."""
    return [fact for fact in facts if fact is not None]
