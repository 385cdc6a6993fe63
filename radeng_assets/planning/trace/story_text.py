"""All that the two plans say about a story."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from radeng_assets.planning.documents.common import Task
from radeng_assets.planning.documents.execution_plan import ExecutionPlan, Story
from radeng_assets.planning.documents.master_plan import MasterPlan, MasterStory
from radeng_assets.planning.located import Fact


@dataclass(frozen=True, slots=True)
class StoryText:
    """A story of the execution plan, its prose in both plans, and every path that they declare, once each."""

    story: Story
    texts: tuple[Fact[str], ...]
    files: tuple[str, ...]


def story_texts(plan: ExecutionPlan | None, master: MasterPlan | None) -> Iterator[StoryText]:
    """Every story of the execution plan, in file order, joined with the master plan's first story of the same id."""
    same: dict[str, MasterStory] = {}
    for entry in master.stories if master else ():
        same.setdefault(entry.id.value, entry)
    for story in plan.stories if plan else ():
        told = same.get(story.id.value)
        files = (*story.files, *(told.files if told else ()))
        yield StoryText(
            story=story,
            texts=(*own_texts(story), *(_told_texts(told) if told else ())),
            files=tuple(dict.fromkeys(path.value for path in files)),
        )


def own_texts(story: Story) -> Iterator[Fact[str]]:
    """Title, tasks and criteria of a story as the execution plan states them."""
    if story.title:
        yield story.title
    yield from _tasks(story.tasks)
    yield from story.criteria


def _told_texts(story: MasterStory) -> Iterator[Fact[str]]:
    if story.title:
        yield story.title
    if story.description:
        yield story.description
    yield from _tasks(story.tasks)
    yield from (item.text for item in story.tests)


def _tasks(tasks: tuple[Task, ...]) -> Iterator[Fact[str]]:
    yield from (task.description for task in tasks if task.description)
