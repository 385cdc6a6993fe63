"""README.md: what the folder says about itself."""

from __future__ import annotations

from radeng_assets.planning.documents.common import ChecklistItem, Claim, Header
from radeng_assets.planning.documents.testing_requirements import EffortShare
from radeng_assets.planning.located import Fact
from radeng_assets.record import Record


class ReadmeWave(Record):
    """One line of the wave list (``Wave 1: Critical Foundation (11 pts, 3 stories, PARALLEL)``).

    ``number`` is ``None`` for a track without one.
    """

    name: Fact[str]
    number: Fact[int] | None = None
    points: Fact[int] | None = None
    stories: Fact[int] | None = None
    mode: Fact[str] | None = None


class BlockingIssue(Record):
    """One row of the blocking issues; ``gaps`` are the gap ids that its reference names, ``status`` what it claims."""

    issue: Fact[str]
    severity: Fact[str] | None = None
    reference: Fact[str] | None = None
    gaps: tuple[Fact[str], ...] = ()
    status: Fact[str] | None = None


class PointsBlock(Record):
    """One block of the dependency picture: a name and its points."""

    name: Fact[str]
    points: Fact[int]


class RelatedDocument(Record):
    """One row of the related documents. ``location`` is as written; it need not exist."""

    name: Fact[str]
    location: Fact[str] | None = None
    purpose: Fact[str] | None = None


class ClaimedIds(Record):
    """The ids that a claim names (``5 critical risks (R-001 to R-005)``), ranges spelled out."""

    label: Fact[str]
    ids: tuple[Fact[str], ...]


class DocumentSection(Record):
    """One section on a document of the folder: its name, and the numbers claimed about it."""

    document: Fact[str]
    purpose: Fact[str] | None = None
    claims: tuple[Claim, ...] = ()
    ids: tuple[ClaimedIds, ...] = ()


class Readme(Record):
    """The whole document.

    ``categories`` are the gap categories with their claimed numbers; ``success_criteria`` the
    criteria of readiness, in order, with their tick boxes. ``drawn_order`` is each arrow from one wave to the next.
    """

    file: str
    header: Header = Header()
    documents: tuple[DocumentSection, ...] = ()
    categories: tuple[Claim, ...] = ()
    claimed_stories: Fact[int] | None = None
    claimed_points: Fact[int] | None = None
    claimed_waves: Fact[int] | None = None
    claimed_duration: Fact[str] | None = None
    waves: tuple[ReadmeWave, ...] = ()
    points_blocks: tuple[PointsBlock, ...] = ()
    drawn_order: tuple[tuple[Fact[int], Fact[int]], ...] = ()
    blocking_issues: tuple[BlockingIssue, ...] = ()
    success_criteria: tuple[ChecklistItem, ...] = ()
    related: tuple[RelatedDocument, ...] = ()
    top_risks: tuple[Fact[str], ...] = ()
    coverage_targets: tuple[Fact[str], ...] = ()
    effort: tuple[EffortShare, ...] = ()
