"""MASTER-IMPLEMENTATION-PLAN.md: the plan as people read it."""

from __future__ import annotations

from radeng_assets.planning.documents.common import ChecklistItem, Header, Task
from radeng_assets.planning.documents.readme import RelatedDocument
from radeng_assets.planning.located import Fact
from radeng_assets.record import Record


class MasterStory(Record):
    """One story section. ``number`` is the heading's own number (``4``, ``1.1``) where it has one.

    ``id`` is the stated id, else the id or the number in the heading. A task without an id of its own has
    its place in the list (``1``, ``2`` …) for one; ``ticked_tasks`` are the ids of tasks whose box is
    ticked, which is a claim like every tick. ``files`` holds paths, and prose lines of the files
    list as written; ``new_files`` are those of them that the plan calls new. ``assignment`` is the wave
    assignment's wording (``Wave 2, Agent 2 (parallel with W2-S2)``); ``verification`` the commands of the
    verification block, without comments.
    """

    id: Fact[str]
    title: Fact[str] | None = None
    number: Fact[str] | None = None
    points: Fact[int] | None = None
    agent: Fact[str] | None = None
    description: Fact[str] | None = None
    dependencies: tuple[Fact[str], ...] = ()
    tasks: tuple[Task, ...] = ()
    ticked_tasks: tuple[Fact[str], ...] = ()
    tests: tuple[ChecklistItem, ...] = ()
    verification: tuple[Fact[str], ...] = ()
    files: tuple[Fact[str], ...] = ()
    new_files: tuple[Fact[str], ...] = ()
    assignment: Fact[str] | None = None


class MasterWave(Record):
    """A wave heading with what it claims, and the ids of the stories that follow it.

    ``name`` is the heading's text without the bracket; ``mode`` is ``PARALLEL`` or ``SEQUENTIAL`` as written. A
    named track (``UI Stories (Parallel Track)``) is a wave without number.
    """

    name: Fact[str]
    number: Fact[int] | None = None
    points: Fact[int] | None = None
    stories: Fact[int] | None = None
    mode: Fact[str] | None = None
    story_ids: tuple[Fact[str], ...] = ()


class ScopeClaim(Record):
    """One line of the headline scope (``Original Plan: 91 story points (20 stories, 6 waves) - Backend``).

    ``note`` is what follows the numbers.
    """

    name: Fact[str]
    points: Fact[int] | None = None
    stories: Fact[int] | None = None
    waves: Fact[int] | None = None
    phases: Fact[int] | None = None
    note: Fact[str] | None = None


class ProgressRow(Record):
    """One row of a progress table."""

    wave: Fact[str]
    stories: Fact[int] | None = None
    points: Fact[int] | None = None
    status: Fact[str] | None = None


class ProgressTable(Record):
    """A progress table; ``total`` is its total row."""

    title: Fact[str]
    rows: tuple[ProgressRow, ...] = ()
    total: ProgressRow | None = None


class TrackerEntry(Record):
    """One line of a story tracker: ``[ ] W2-S1: Real agent (8 pts) - depends: W1-S1``.

    ``tracker`` is the heading above the tracker, ``group`` the line above the entry (``Wave 2: Core``).
    """

    id: Fact[str]
    title: Fact[str] | None = None
    points: Fact[int] | None = None
    dependencies: tuple[Fact[str], ...] = ()
    ticked: bool = False
    group: Fact[str] | None = None
    tracker: str = ""


class Checklist(Record):
    """Tick boxes outside the stories, under one heading (per-wave gates, final gate)."""

    title: Fact[str]
    items: tuple[ChecklistItem, ...]


class CommandBlock(Record):
    """Commands outside the stories, under one heading (per-story gates, validation), without comments."""

    title: Fact[str]
    commands: tuple[Fact[str], ...]


class MasterPlan(Record):
    """The whole document."""

    file: str
    header: Header = Header()
    scope: tuple[ScopeClaim, ...] = ()
    claimed_points: Fact[int] | None = None
    claimed_stories: Fact[int] | None = None
    claimed_duration: Fact[str] | None = None
    waves: tuple[MasterWave, ...] = ()
    stories: tuple[MasterStory, ...] = ()
    progress: tuple[ProgressTable, ...] = ()
    tracker: tuple[TrackerEntry, ...] = ()
    checklists: tuple[Checklist, ...] = ()
    commands: tuple[CommandBlock, ...] = ()
    related: tuple[RelatedDocument, ...] = ()
