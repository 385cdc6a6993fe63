"""Stories said to run in parallel in a wave called sequential, and the other way round."""

from __future__ import annotations

import re
from collections.abc import Iterator

from radeng_assets.planning.located import Fact
from radeng_assets.planning.rules.documents import Documents, wave_key
from radeng_assets.planning.rules.rule import Issue, Rule

_PARALLEL = re.compile(r"\b(?:in )?parallel\b(?: with (?P<with>[\w.-]+))?", re.IGNORECASE)


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each story whose assignment says parallel, in a wave of which a document says sequential."""
    modes: dict[str, list[Fact[str]]] = {}
    for wave in documents.master.waves:
        key = wave_key(wave.name.value, wave.number.value if wave.number else None)
        if wave.mode and "sequential" in wave.mode.value.lower():
            for story in wave.story_ids:
                modes.setdefault(story.value, []).append(wave.mode)
        planned = documents.wave_by_key.get(key)
        if planned and planned.parallel and not planned.parallel.value:
            for story in wave.story_ids:
                modes.setdefault(story.value, []).append(planned.parallel.with_value("parallel: false"))
    for name, said in modes.items():
        told = documents.told_of.get(name)
        match = _PARALLEL.search(told.assignment.value) if told and told.assignment else None
        if told is None or told.assignment is None or match is None:
            continue
        beside = f" with {match['with']}" if match["with"] else ""
        wave = " and ".join(f"{mode.value} ({mode.at})" for mode in said)
        message = f"{name} is to run in parallel{beside} ({told.assignment.at}) in a wave that is {wave}."
        yield Issue(
            name,
            message,
            (told.assignment.at, *(mode.at for mode in said)),
            "Make the wave parallel, or the story not.",
        )


RULE = Rule(
    id="sequential-wave-contradicted",
    severity="error",
    why="A sequential wave carries its stories out one by one. A story that counts on another beside it waits "
    "for nothing.",
    example="W2-S3 is to run in parallel with W2-S2 (…:311) in a wave that is SEQUENTIAL (…:210).",
    check=check,
)
