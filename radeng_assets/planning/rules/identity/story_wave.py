"""One story in two waves."""

from __future__ import annotations

import re
from collections.abc import Iterator

from radeng_assets.planning.documents.execution_plan import UI_TRACK
from radeng_assets.planning.rules.documents import Documents, wave_key
from radeng_assets.planning.rules.rule import Issue, Rule
from radeng_assets.planning.rules.statements import Stated, contradiction, says

_ASSIGNED = re.compile(r"^(?P<ui>UI )?Wave (?P<number>\d{1,6})\b", re.IGNORECASE)


def check(documents: Documents) -> Iterator[Issue]:
    """The plan's wave, the heading above the story, its wave assignment and its tracker's group against each other."""
    headed: dict[str, list[Stated[str]]] = {}
    for wave in documents.master.waves:
        key = wave_key(wave.name.value, wave.number.value if wave.number else None)
        for story in wave.story_ids if key else ():
            headed.setdefault(story.value, []).append(
                Stated(key, f"headed in {wave.name.at}", (story.at, wave.name.at))
            )
    tracked: dict[str, list[Stated[str]]] = {}
    for entry in documents.master.tracker:
        if entry.group and (key := wave_key(entry.group.value)):
            tracked.setdefault(entry.id.value, []).append(
                Stated(key, f"tracked in {entry.group.at}", (entry.id.at, entry.group.at))
            )
    for name in dict.fromkeys((*documents.story_of, *documents.told_of)):
        said = [*headed.get(name, ()), *tracked.get(name, ()), *_assigned(documents, name)]
        if wave := documents.wave_of.get(name):
            key = wave_key(wave.id.value)
            at = (documents.story_of[name].id.at, wave.id.at)
            said += [Stated(key, f"planned in {wave.id.at}", at)] if key else []
        yield from contradiction(name, f"Wave of {name}", said, "Put it into one wave.")


def _assigned(documents: Documents, name: str) -> list[Stated[str]]:
    told = documents.told_of.get(name)
    match = _ASSIGNED.match(told.assignment.value) if told and told.assignment else None
    if told is None or told.assignment is None or match is None:
        return []
    key = UI_TRACK if match["ui"] else f"wave-{int(match['number'])}"
    return says(told.assignment.with_value(key), "assigned in")


RULE = Rule(
    id="story-wave-differs",
    severity="error",
    why="A story is carried out, gated and counted with its wave. In two waves it is done too early, or waited "
    "for too long.",
    example="Wave of W4-S1: wave-4 (headed in MASTER-IMPLEMENTATION-PLAN.md:426) against wave-3 (assigned in …:452).",
    check=check,
)
