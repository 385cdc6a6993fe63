"""Reads what a master plan's wave headings claim: ``Wave 1: Foundation (11 points, 3 stories, PARALLEL)``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from radeng_assets.planning.documents.master_plan import MasterWave
from radeng_assets.planning.located import Fact
from radeng_assets.planning.markdown_tree import Section
from radeng_assets.planning.readers.markdown_facts import whole_number
from radeng_assets.planning.readers.markdown_reading import Reading
from radeng_assets.planning.readers.master_outline import WaveHeading, entries
from radeng_assets.planning.readers.master_values import points

_POINTS = re.compile(r"(?:\b|(?<=[0-9]))(?:pts?|points?|sp)\b", re.IGNORECASE)
_STORIES = re.compile(r"\bstor(?:y|ies)\b", re.IGNORECASE)
_MODE = re.compile(r"\b(?:parallel|sequential)\b", re.IGNORECASE)


def read_wave(reading: Reading, head: Section, heading: WaveHeading) -> MasterWave:
    """The heading's claims; ``**Points**:`` and its like below it fill what the bracket leaves open."""
    name = heading.name if _claims(heading.bracket) else head.title
    facts = _bracketed(reading, heading, name.value)
    for label in entries(reading, head):
        if label.name in ("points", "stories", "mode") and label.name not in facts and label.value.value:
            facts[label.name] = label.value
            reading.take(*label.lines)
    mode = facts.get("mode")
    word = _MODE.search(mode.value) if mode else None
    return MasterWave(
        name=name,
        number=heading.number,
        points=points(reading, facts.get("points"), name.value),
        stories=reading.parsed(facts.get("stories"), name.value, whole_number, "a whole number of stories"),
        mode=mode and mode.with_value(word.group() if word else mode.value),
    )


def _bracketed(reading: Reading, heading: WaveHeading, subject: str) -> dict[str, Fact[str]]:
    """What the bracket claims, field by field."""
    facts: dict[str, Fact[str]] = {}
    for part in _parts(heading.bracket):
        field = _field(part)
        if field and field not in facts:
            facts[field] = part
        else:
            message = f"{part.value[:80]!r} is neither points, stories nor a mode, or one of them again."
            reading.report("unread-block", part, subject, message, "Write '(11 points, 3 stories, PARALLEL)'.")
    return facts


def _claims(bracket: Fact[str] | None) -> bool:
    """Whether a bracket claims something: ``(11 points)`` does, ``(REST)`` is part of a name."""
    return bracket is None or _field(bracket) is not None


def _parts(bracket: Fact[str] | None) -> Iterator[Fact[str]]:
    if bracket and _claims(bracket):
        yield from (bracket.with_value(part.strip()) for part in bracket.value.split(",") if part.strip())


def _field(text: Fact[str]) -> str | None:
    if _POINTS.search(text.value):
        return "points"
    if _STORIES.search(text.value):
        return "stories"
    return "mode" if _MODE.search(text.value) else None
