"""Reads MASTER-IMPLEMENTATION-PLAN.md: stories and waves, what the plan claims of itself, how it tracks progress."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from radeng_assets.planning.collection import collection_paused
from radeng_assets.planning.documents.master_plan import (
    CommandBlock,
    MasterPlan,
    MasterStory,
    MasterWave,
    ScopeClaim,
)
from radeng_assets.planning.documents.readme import RelatedDocument
from radeng_assets.planning.findings import Finding
from radeng_assets.planning.located import Fact
from radeng_assets.planning.markdown_tree import Section, plain
from radeng_assets.planning.readers.markdown_facts import Label, split_label, unquoted
from radeng_assets.planning.readers.markdown_reading import Reading
from radeng_assets.planning.readers.master_outline import FIELD, Chapter, StoryHeading, WaveHeading, chapters
from radeng_assets.planning.readers.master_progress import read_checklists, read_progress, read_tracker
from radeng_assets.planning.readers.master_stories import read_story, report_missing_ids, report_strays
from radeng_assets.planning.readers.master_values import commands, is_shell
from radeng_assets.planning.readers.master_waves import read_wave
from radeng_assets.planning.source import Source

_SCOPE_LABELS = ("total scope", "scope", "total", "total effort")
_DURATION_LABELS = ("estimated duration", "duration", "timeline", "estimated timeline")
_KNOWN = (*FIELD, *_SCOPE_LABELS, *_DURATION_LABELS, "stories", "mode")
_POINTS = re.compile(r"(?<![\w.,-])(?P<count>[0-9]{1,9})\s{1,3}(?:story\s{1,3})?(?:points?|pts?)\b", re.IGNORECASE)
_COUNTS = {
    name: re.compile(rf"(?<![\w.,-])(?P<count>[0-9]{{1,9}})\s{{1,3}}{unit}\b", re.IGNORECASE)
    for name, unit in (
        ("stories", r"(?:stories|story(?!\s{1,3}(?:points?|pts?)\b))"),
        ("waves", "waves?"),
        ("phases", "phases?"),
    )
}
_SCOPE = re.compile(rf"~?{_POINTS.pattern}(?:\s{{0,3}}\([^()]{{0,120}}\))?(?P<note>.*)", re.IGNORECASE)
_RELATED = re.compile(r"(?:related|reference) (?:documents?|documentation|files)|references")


@collection_paused()
def read_master_plan(source: Source) -> tuple[MasterPlan, tuple[Finding, ...]]:
    """The plan as far as it can be read, and a finding for each loss. Never raises."""
    reading = Reading(source, _KNOWN)
    found = tuple(chapters(reading))
    waves, stories = _waves_and_stories(reading, found)
    others = [chapter.head for chapter in found if not isinstance(chapter.heading, StoryHeading)]
    points, count, duration = _headline(reading, others)
    plan = MasterPlan(
        file=source.file,
        header=reading.header,
        scope=tuple(_scope(reading, others)),
        claimed_points=points,
        claimed_stories=count,
        claimed_duration=duration,
        waves=waves,
        stories=stories,
        progress=tuple(read_progress(reading)),
        tracker=tuple(read_tracker(reading, others)),
        checklists=tuple(read_checklists(reading, others)),
        commands=tuple(_commands(reading, others)),
        related=tuple(_related(reading, others)),
    )
    if not plan.stories:
        reading.missing("story", "Head each story: '## Story 1: its title', '**ID**: W1-S1', '**Points**: 3'.")
    if not plan.progress:
        reading.missing("progress table", "Add a table: Wave, Stories, Points, Status.")
    return plan, reading.finish()


def _waves_and_stories(
    reading: Reading, found: Iterable[Chapter]
) -> tuple[tuple[MasterWave, ...], tuple[MasterStory, ...]]:
    """In file order. A story belongs to the wave heading before it, until a heading of its rank that is no story."""
    waves: list[MasterWave] = []
    members: list[list[Fact[str]]] = []
    strays: list[Fact[str]] = []
    stories: list[MasterStory] = []
    level: int | None = None
    for chapter in found:
        if isinstance(chapter.heading, WaveHeading):
            waves.append(read_wave(reading, chapter.head, chapter.heading))
            members.append([])
            level = chapter.head.level
        elif isinstance(chapter.heading, StoryHeading):
            if story := read_story(reading, chapter, chapter.heading):
                stories.append(story)
                (members[-1] if level is not None else strays).append(story.id)
        elif level is not None and chapter.head.level <= level:
            level = None
    report_missing_ids(reading, stories)
    if waves:
        report_strays(reading, strays)
    pairs = zip(waves, members, strict=True)
    return tuple(wave.model_copy(update={"story_ids": tuple(ids)}) for wave, ids in pairs), tuple(stories)


# --- claims about the whole plan ---------------------------------------------------------------


def _headline(
    reading: Reading, sections: Sequence[Section]
) -> tuple[Fact[int] | None, Fact[int] | None, Fact[str] | None]:
    """The points, the stories and the duration that the plan claims in all; the first of each counts."""
    points = stories = duration = None
    for label in _labels(reading, sections, (*_SCOPE_LABELS, *_DURATION_LABELS)):
        if label.name in _DURATION_LABELS:
            if duration is None and label.value.value:
                duration = label.value
                reading.take(*label.lines)
            continue
        claimed = _count(label.value, _POINTS), _count(label.value, _COUNTS["stories"])
        if points is None and stories is None and any(claimed):
            points, stories = claimed
            reading.take(*label.lines)
    return points, stories, duration


def _labels(reading: Reading, sections: Sequence[Section], names: Sequence[str]) -> Iterator[Label]:
    return (label for section in sections for label in reading.labels(section) if label.name in names)


def _count(text: Fact[str], pattern: re.Pattern[str]) -> Fact[int] | None:
    match = pattern.search(text.value)
    return text.with_value(int(match["count"])) if match else None


def _scope(reading: Reading, sections: Sequence[Section]) -> Iterator[ScopeClaim]:
    """Items like ``Original Plan: 91 story points (20 stories, 6 waves) - Backend``."""
    for section in sections:
        for item in (item for block in section.lists for item in block.items):
            said = None if reading.is_taken(item.text) else split_label(item.text)
            match = _SCOPE.fullmatch(said[1].value) if said else None
            if said and match:
                reading.take(item.text)
                numbers = said[1].with_value(said[1].value[: match.start("note")])
                note = match["note"].strip(" -\u2013\u2014:")
                yield ScopeClaim(
                    name=said[0],
                    points=said[1].with_value(int(match["count"])),
                    **{name: _count(numbers, pattern) for name, pattern in _COUNTS.items()},
                    note=said[1].with_value(note) if note else None,
                )


# --- commands and documents --------------------------------------------------------------------


def _commands(reading: Reading, sections: Sequence[Section]) -> Iterator[CommandBlock]:
    for section in sections:
        for fence in section.fences:
            if is_shell(fence) and (found := tuple(commands(fence))):
                reading.take(*fence.lines)
                yield CommandBlock(title=section.title, commands=found)


def _related(reading: Reading, sections: Sequence[Section]) -> Iterator[RelatedDocument]:
    for section in sections:
        if not _RELATED.fullmatch(plain(section.title.value).lower()):
            continue
        for item in (item for block in section.lists for item in block.items):
            if said := split_label(item.text):
                reading.take(item.text)
                yield RelatedDocument(name=said[0], location=said[1].with_value(unquoted(said[1].value)))
