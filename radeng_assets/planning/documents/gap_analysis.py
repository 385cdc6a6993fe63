"""COMPREHENSIVE-GAP-ANALYSIS.yaml: what is missing between today and production."""

from __future__ import annotations

from radeng_assets.planning.documents.common import Header
from radeng_assets.planning.located import Fact
from radeng_assets.record import Record


class GapEvidence(Record):
    """Why somebody says that the gap exists.

    ``kind`` is the key it stands under (``file``, ``files``, ``lines``, ``line``, ``pattern``,
    ``result``, ``source``, ``reference``, ``test_files`` …; ``text`` for evidence without a key),
    ``values`` what stands there, one or many.
    """

    kind: Fact[str]
    values: tuple[Fact[str], ...]


class Gap(Record):
    """One gap. ``effort`` is in story points."""

    id: Fact[str]
    title: Fact[str] | None = None
    severity: Fact[str] | None = None
    current_state: Fact[str] | None = None
    target_state: Fact[str] | None = None
    impact: Fact[str] | None = None
    evidence: tuple[GapEvidence, ...] = ()
    recommendation: Fact[str] | None = None
    effort: Fact[int] | None = None
    dependencies: tuple[Fact[str], ...] = ()


class GapCategory(Record):
    """Gaps of one area, with the severity that the author gives the area as a whole.

    ``name`` is ``None`` where gaps stand under no category.
    """

    name: Fact[str] | None = None
    severity: Fact[str] | None = None
    gaps: tuple[Gap, ...] = ()


class ClaimedGapCounts(Record):
    """The header's numbers of gaps: in all, and by severity."""

    total: Fact[int] | None = None
    critical: Fact[int] | None = None
    high: Fact[int] | None = None
    medium: Fact[int] | None = None
    low: Fact[int] | None = None


class PriorityTier(Record):
    """One tier of the priority order (``critical_path``, ``high_priority`` …) and its gap ids."""

    name: Fact[str]
    gaps: tuple[Fact[str], ...]


class GapDependency(Record):
    """One edge list of the dependency graph: ``gap`` needs every id of ``needs`` first."""

    gap: Fact[str]
    needs: tuple[Fact[str], ...]


class GapWave(Record):
    """Gap ids that one wave is said to close; ``parallel`` is the wave's mode where stated."""

    name: Fact[str]
    gaps: tuple[Fact[str], ...]
    parallel: Fact[bool] | None = None


class GapAnalysis(Record):
    """The whole document."""

    file: str
    header: Header = Header()
    summary: Fact[str] | None = None
    claimed: ClaimedGapCounts = ClaimedGapCounts()
    blocking_issues: tuple[Fact[str], ...] = ()
    categories: tuple[GapCategory, ...] = ()
    tiers: tuple[PriorityTier, ...] = ()
    claimed_effort: Fact[int] | None = None
    claimed_weeks: Fact[str] | None = None
    dependencies: tuple[GapDependency, ...] = ()
    waves: tuple[GapWave, ...] = ()

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Every gap, in file order."""
        return tuple(gap for category in self.categories for gap in category.gaps)
