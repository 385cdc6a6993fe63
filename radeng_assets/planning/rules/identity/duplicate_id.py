"""Ids that stand twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from radeng_assets.planning.located import Fact
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule


def check(documents: Documents) -> Iterator[Issue]:
    """Gaps, risks, the master plan's stories, tasks, wave headings, OWASP items. The schedule finds the plan's."""
    plan, master = documents.plan, documents.master
    yield from _twice("gap", (gap.id for gap in documents.gaps.gaps))
    yield from _twice("risk", (risk.id for risk in documents.risks.risks))
    yield from _twice("story", (story.id for story in master.stories))
    yield from _twice("task", (task.id for story in plan.stories for task in story.tasks))
    for story in master.stories:
        yield from _twice("task", (task.id for task in story.tasks))
    yield from _twice("wave", (wave.number for wave in master.waves if wave.number))
    yield from _twice("wave", (wave.number for wave in documents.readme.waves if wave.number))
    yield from _twice("vulnerability", (item.id for item in documents.tests.owasp))
    yield from _twice("load criterion", (criterion.agents for criterion in documents.tests.load))
    for tracker in dict.fromkeys(entry.tracker for entry in master.tracker):
        yield from _twice("tracker entry", (entry.id for entry in master.tracker if entry.tracker == tracker))


def _twice(kind: str, ids: Iterable[Fact[str] | Fact[int]]) -> Iterator[Issue]:
    seen: dict[str | int, Fact[str] | Fact[int]] = {}
    for fact in ids:
        first = seen.setdefault(fact.value, fact)
        if first is not fact:
            message = f"The {kind} {fact.value} stands twice ({first.at} and {fact.at})."
            yield Issue(str(fact.value), message, (first.at, fact.at), "Give each its own id, or remove one.")


RULE = Rule(
    id="duplicate-id",
    severity="error",
    why="An id is what every other document refers to. Where it stands twice, nobody can say which of the two "
    "is meant.",
    example="The risk R-007 stands twice (RISK-ASSESSMENT.md:199 and RISK-ASSESSMENT.md:240).",
    check=check,
)
