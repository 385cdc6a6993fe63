"""What waits for what, from a schedule: which waves come before a wave, and how much work hangs on a story.

What hangs on a story is the longest chain of work that begins with it. The longest of all is the critical path: no
number of agents ends the plan sooner. Agents that are short go to the story with the longest chain.
"""

from __future__ import annotations

from collections.abc import Callable

from radeng_assets.planning.documents.execution_plan import Story
from radeng_assets.planning.located import values
from radeng_assets.planning.schedule import Schedule


def waves_before(schedule: Schedule) -> dict[str, frozenset[str]]:
    """Wave id → the known waves that must have ended first, by the wave's own word or by a story's.

    And earlier ones that declare a file which it declares too: their stories would be merged into each other's way.
    """
    home = schedule.wave_of()
    found: dict[str, frozenset[str]] = {}
    writers: dict[str, set[str]] = {}
    for wave in schedule.waves:
        needed = {home[need] for need in wave.prerequisites if need in home}
        needed |= {need for need in wave.needs if need in found}
        declared = {path for story in wave.stories for path in values(story.story.files)}
        needed |= {writer for path in declared for writer in writers.get(path, ())}
        found[wave.id] = frozenset(needed)
        for path in declared:
            writers.setdefault(path, set()).add(wave.id)
    return found


def points(story: Story) -> int:
    """A story's points as its weight; 1 where the plan states none, and never less."""
    return max(1, story.points.value) if story.points else 1


def chains(schedule: Schedule, weight: Callable[[Story], int] = points) -> dict[str, int]:
    """Story id → the weight of the longest chain that begins with it, up to the end of the plan.

    A wave begins when all that comes before it has ended, so a story's chain goes on in every wave behind its own.
    """
    before = waves_before(schedule)
    behind = {wave.id: 0 for wave in schedule.waves}
    found: dict[str, int] = {}
    for wave in reversed(schedule.waves):
        after = {story.id: behind[wave.id] for story in wave.stories}
        for story in reversed(wave.stories):
            found[story.id] = weight(story.story) + after[story.id]
            for need in (*story.needs, *story.after):
                after[need] = max(after[need], found[story.id])
        whole = max((found[story.id] for story in wave.stories), default=behind[wave.id])
        for need in before[wave.id]:
            behind[need] = max(behind[need], whole)
    return found
