"""From the execution plan to the order of work: which wave after which, which story after which.

The schedule is what a graph of ops is built from, so it must be sound by construction: ids that
cannot collide, no cycle, every edge known. What stands in the way is a finding, and then there is
no schedule.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Hashable, Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import TypeVar

from radeng_assets.canonical import digest_of
from radeng_assets.planning.documents.execution_plan import ExecutionPlan, Story, Wave
from radeng_assets.planning.findings import Finding
from radeng_assets.planning.located import Fact, Place, values
from radeng_assets.record import Record

K = TypeVar("K", bound=Hashable)


class ScheduledStory(Record):
    """One story's place in the order of work.

    ``needs`` are stories of the same wave that must be done first; ``needs_elsewhere`` those of other waves;
    ``after`` are stories of the same wave that it runs after, whatever becomes of them: the one before it in a wave
    that runs in order, and in a parallel wave those that declare a file which it declares too.
    """

    story: Story
    needs: tuple[str, ...] = ()
    needs_elsewhere: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The story's id."""
        return self.story.id.value

    @property
    def node(self) -> str:
        """The id as a Dagster name."""
        return node_name(self.id)


class ScheduledWave(Record):
    """One wave's place in the order of work; its stories stand in an order that can be walked."""

    wave: Wave
    needs: tuple[str, ...] = ()
    stories: tuple[ScheduledStory, ...] = ()

    @property
    def id(self) -> str:
        """The wave's id, which is its partition key."""
        return self.wave.id.value

    @property
    def prerequisites(self) -> tuple[str, ...]:
        """Every story of another wave that one of this wave's stories needs, once each."""
        needed = (need for story in self.stories for need in story.needs_elsewhere)
        return tuple(dict.fromkeys(needed))


class Schedule(Record):
    """Waves in an order in which each comes after all that it needs. ``agents`` may work at once."""

    waves: tuple[ScheduledWave, ...] = ()
    agents: int = 1

    @property
    def stories(self) -> tuple[ScheduledStory, ...]:
        """Every story, wave by wave."""
        return tuple(story for wave in self.waves for story in wave.stories)

    def wave(self, wave_id: str) -> ScheduledWave:
        """The wave of an id; ``KeyError`` where there is none."""
        for wave in self.waves:
            if wave.id == wave_id:
                return wave
        raise KeyError(wave_id)

    def wave_of(self) -> dict[str, str]:
        """Story id → wave id."""
        return {story.id: wave.id for wave in self.waves for story in wave.stories}


def shape(schedule: Schedule) -> str:
    """The identity of the graph that is built from a schedule: waves, stories, what waits for what, what is checked.

    Words, points and files are no part of it: where they change, the graph stays as it is.
    """
    return digest_of(
        [
            [
                wave.id,
                [
                    [s.id, *map(list, (s.needs, s.needs_elsewhere, s.after)), len(s.story.criteria)]
                    for s in wave.stories
                ],
            ]
            for wave in schedule.waves
        ]
    )


def node_name(identifier: str) -> str:
    """An id as a name that Dagster accepts: everything but letters and digits becomes ``_``."""
    return re.sub(r"[^A-Za-z0-9]", "_", identifier)


def compile_schedule(plan: ExecutionPlan) -> tuple[Schedule | None, tuple[Finding, ...]]:
    """The schedule of a plan, or ``None`` and the findings that say why there is none.

    No story at all, an id that stands twice (or differs from another only in punctuation) and a
    cycle among waves or stories are errors. A dependency on something that the plan lacks is an error
    finding too, but leaves a schedule: the wave that needs it will refuse to open.
    """
    if not plan.stories:
        at = (Place(plan.file),)
        finding = _error("plan-without-stories", plan.file, "The plan has no story.", at, "Add one.")
        return None, (finding,)
    clashes = [
        *_clashes("wave", [wave.id for wave in plan.waves]),
        *_clashes("story", [story.id for story in plan.stories]),
    ]
    if clashes:
        return None, tuple(clashes)
    home = {story.id.value: wave.id.value for wave in plan.waves for story in wave.stories}
    findings = list(_unknown_needs(plan, home))
    order = _order(_wave_edges(plan, home), "wave", plan, findings)
    stories = {wave.id.value: _stories_in_order(wave, home, plan, findings) for wave in plan.waves}
    if order is None or None in stories.values():
        return None, tuple(findings)
    waves = {wave.id.value: wave for wave in plan.waves}
    limit = plan.constraints.max_parallel_agents
    return (
        Schedule(
            waves=tuple(
                ScheduledWave(
                    wave=waves[wave_id],
                    needs=values(waves[wave_id].dependencies),
                    stories=stories[wave_id] or (),
                )
                for wave_id in order
            ),
            agents=max(1, limit.value) if limit else 1,
        ),
        tuple(findings),
    )


def _error(rule: str, subject: str, message: str, at: tuple[Place, ...], fix: str) -> Finding:
    return Finding(rule=rule, severity="error", subject=subject, message=message, at=at, fix=fix)


def _clashes(kind: str, ids: Iterable[Fact[str]]) -> Iterable[Finding]:
    seen: dict[str, Fact[str]] = {}
    for fact in ids:
        # Case-insensitive, because asset folders may live on such file systems.
        first = seen.setdefault(node_name(fact.value).lower(), fact)
        if first is not fact:
            yield _error(
                "duplicate-id",
                fact.value,
                f"The {kind} ids {first.value!r} and {fact.value!r} are the same to the pipeline.",
                (first.at, fact.at),
                "Give each its own id; ids must differ in more than punctuation or case.",
            )


def _unknown_needs(plan: ExecutionPlan, home: Mapping[str, str]) -> Iterable[Finding]:
    waves = _ids(plan)
    for wave in plan.waves:
        for need in wave.dependencies:
            if need.value not in waves:
                yield _unknown("wave", wave.id.value, need)
        for story in wave.stories:
            for need in story.dependencies:
                if need.value not in home:
                    yield _unknown("story", story.id.value, need)


def _unknown(kind: str, subject: str, need: Fact[str]) -> Finding:
    return _error(
        f"unknown-{kind}",
        subject,
        f"{subject} depends on {need.value!r}, and the plan has no such {kind}.",
        (need.at,),
        f"Correct the id, or add the {kind}.",
    )


def _wave_edges(plan: ExecutionPlan, home: Mapping[str, str]) -> dict[str, list[str]]:
    """Wave → waves that must come first, by its own word or because one of its stories needs theirs."""
    edges: dict[str, list[str]] = {}
    for wave in plan.waves:
        own = wave.id.value
        needed = [need.value for need in wave.dependencies if need.value in _ids(plan)]
        needed += [
            home[need.value]
            for story in wave.stories
            for need in story.dependencies
            if need.value in home and home[need.value] != own
        ]
        edges[own] = needed
    return edges


def _ids(plan: ExecutionPlan) -> set[str]:
    return {wave.id.value for wave in plan.waves}


def _stories_in_order(
    wave: Wave, home: Mapping[str, str], plan: ExecutionPlan, findings: list[Finding]
) -> tuple[ScheduledStory, ...] | None:
    own = wave.id.value
    edges = {
        story.id.value: [need.value for need in story.dependencies if home.get(need.value) == own]
        for story in wave.stories
    }
    order = _order(edges, "story", plan, findings)
    if order is None:
        return None
    stories = {story.id.value: story for story in wave.stories}
    in_order = not (wave.parallel and wave.parallel.value)
    scheduled: list[ScheduledStory] = []
    for index, story_id in enumerate(order):
        story = stories[story_id]
        elsewhere = (need.value for need in story.dependencies if home.get(need.value) != own)
        scheduled.append(
            ScheduledStory(
                story=story,
                needs=tuple(dict.fromkeys(edges[story_id])),
                needs_elsewhere=tuple(dict.fromkeys(elsewhere)),
                after=tuple(order[index - 1 : index]) if in_order else _sharing(story, order[:index], stories),
            )
        )
    return tuple(scheduled)


def _sharing(story: Story, before: list[str], stories: Mapping[str, Story]) -> tuple[str, ...]:
    """Those of the stories ``before`` that declare a path or glob which ``story`` declares too."""
    own = set(values(story.files))
    needs = set(values(story.dependencies))
    return tuple(other for other in before if other not in needs and own & set(values(stories[other].files)))


def _order(edges: Mapping[K, list[K]], kind: str, plan: ExecutionPlan, findings: list[Finding]) -> list[K] | None:
    """A topological order that keeps the file's order wherever it may; ``None`` for a cycle."""
    rank = {key: index for index, key in enumerate(edges)}
    sorter = TopologicalSorter(edges)
    try:
        sorter.prepare()
    except CycleError as error:
        cycle = [str(node) for node in error.args[1]]
        findings.append(
            _error(
                f"{kind}-cycle",
                cycle[0],
                f"These wait for one another: {' → '.join(reversed(cycle))}.",
                _places(plan, cycle),
                "Remove one of the dependencies.",
            )
        )
        return None
    keys = list(edges)
    order: list[K] = []
    ready = [rank[key] for key in sorter.get_ready()]
    heapq.heapify(ready)
    while ready:
        key = keys[heapq.heappop(ready)]
        order.append(key)
        sorter.done(key)
        for freed in sorter.get_ready():
            heapq.heappush(ready, rank[freed])
    return order


def _places(plan: ExecutionPlan, ids: Iterable[str]) -> tuple[Place, ...]:
    where = {wave.id.value: wave.id.at for wave in plan.waves}
    where |= {story.id.value: story.id.at for story in plan.stories}
    return tuple(dict.fromkeys(where[name] for name in ids if name in where))
