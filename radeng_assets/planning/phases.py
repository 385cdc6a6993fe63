"""Which stories wait for another system's phases (those of the engineering support system, in the published plan).

A phase is complete when every place that states its status says so. What says nothing, or one thing here and another
there, is not complete. A story waits for a phase that holds up the story itself, its wave, or a gap that it addresses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from radeng_assets.planning.documents.common import ChecklistItem
from radeng_assets.planning.documents.integration import Integration
from radeng_assets.planning.folder import Planning
from radeng_assets.planning.located import Place
from radeng_assets.planning.readers.markdown_facts import read_ids
from radeng_assets.planning.trace.coverage import gap_stories
from radeng_assets.record import Record

How = Literal["story", "wave", "gap"]

_WORD = re.compile(r"\w[\w.-]*")


class Phase(Record):
    """A phase, all documents together. ``status`` is what they say, in their words; ``blocks`` what it holds up."""

    number: int
    name: str
    complete: bool
    status: str
    blocks: tuple[str, ...]
    checkpoints: tuple[ChecklistItem, ...]
    at: tuple[Place, ...]


class Wait(Record):
    """A story that waits for a phase, because the phase holds up ``held``: the story, its wave, or its gap."""

    story: str
    phase: int
    how: How
    held: str
    reason: str
    at: tuple[Place, ...]


def phases_of(planning: Planning) -> tuple[Phase, ...]:
    """Every phase that a document states or that something waits for, by number."""
    documents = _documents(planning)
    numbers = {one.number.value for document in documents for one in (*document.phases, *document.blocked)}
    return tuple(_phase(number, documents) for number in sorted(numbers))


def waits_of(planning: Planning) -> tuple[Wait, ...]:
    """Every wait, by story in file order and by phase; none where no document on phases stands beside the plan."""
    plan = planning.execution_plan
    if plan is None:
        return ()
    gaps: dict[str, list[str]] = {}
    for gap, links in gap_stories(planning).items():
        for link in links:
            gaps.setdefault(link.source, []).append(gap)
    pending = [(phase, _held(phase, planning)) for phase in phases_of(planning) if not phase.complete]
    found: list[Wait] = []
    for wave in plan.waves:
        for story in wave.stories:
            name = story.id.value
            ways: list[tuple[How, str]] = [("story", name), ("wave", wave.id.value)]
            ways.extend(("gap", gap) for gap in gaps.get(name, []))
            for phase, held in pending:
                way = next((way for way in ways if way[1] in held), None)
                if way is not None:
                    found.append(_wait(name, phase, *way, held[way[1]]))
    return tuple(found)


def waiting_reasons(planning: Planning) -> dict[str, str]:
    """Why each story that waits for a phase waits, in words, by its id."""
    found: dict[str, list[str]] = {}
    for wait in waits_of(planning):
        found.setdefault(wait.story, []).append(wait.reason)
    return {story: "; ".join(reasons) for story, reasons in found.items()}


def _documents(planning: Planning) -> tuple[Integration, ...]:
    return tuple(one for one in (planning.integration_status, planning.integration_dependencies) if one)


def _phase(number: int, documents: Iterable[Integration]) -> Phase:
    statements = [one for document in documents for one in document.phases if one.number.value == number]
    stated = [one for one in statements if one.status]
    blocked = [one for document in documents for one in document.blocked if one.number.value == number]
    return Phase(
        number=number,
        name=", ".join(dict.fromkeys(one.name.value for one in statements if one.name)),
        complete=bool(stated) and all(one.done for one in stated),
        status=", ".join(dict.fromkeys(one.status.value for one in stated if one.status)),
        blocks=tuple(dict.fromkeys(one.what.value for one in blocked)),
        checkpoints=tuple(box for one in statements for box in one.checkpoints),
        at=tuple(dict.fromkeys(one.status.at for one in stated if one.status)),
    )


def _held(phase: Phase, planning: Planning) -> dict[str, Place]:
    """Every word and id of what a phase holds up, and where it stands. A word that names nothing does no harm."""
    held: dict[str, Place] = {}
    for document in _documents(planning):
        for blocked in document.blocked:
            if blocked.number.value == phase.number:
                ids = (fact.value for fact in read_ids(blocked.what).found)
                for word in (*_WORD.findall(blocked.what.value), *ids):
                    held.setdefault(word.rstrip(".-"), blocked.what.at)
    return held


def _wait(story: str, phase: Phase, how: How, held: str, at: Place) -> Wait:
    title = f"phase {phase.number}" + (f" ({phase.name})" if phase.name else "")
    said = f"it is {phase.status}" if phase.status else "nothing says that it is complete"
    what = "" if how == "story" else f", which holds up its {how} {held}"
    return Wait(
        story=story,
        phase=phase.number,
        how=how,
        held=held,
        reason=f"waits for {title}{what}: {said}",
        at=(at, *phase.at),
    )
