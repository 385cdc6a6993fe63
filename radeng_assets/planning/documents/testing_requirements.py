"""TESTING-REQUIREMENTS.md: what must be tested, and what the numbers must be."""

from __future__ import annotations

from radeng_assets.planning.documents.common import Header
from radeng_assets.planning.located import Fact
from radeng_assets.record import Record


class CoverageTarget(Record):
    """One line of the coverage targets; ``minimum`` is a fraction (0.8 for ``>= 80%``)."""

    name: Fact[str]
    text: Fact[str]
    minimum: Fact[float] | None = None


class ModuleCoverage(Record):
    """One row of a coverage table: fractions claimed and aimed at. ``section`` is the heading."""

    module: Fact[str]
    section: str
    current: Fact[float] | None = None
    target: Fact[float] | None = None
    priority: Fact[str] | None = None


class OwaspItem(Record):
    """One row of the OWASP LLM Top 10 table; ``id`` is ``LLM01`` … ``LLM10``."""

    id: Fact[str]
    name: Fact[str]
    test: Fact[str] | None = None
    status: Fact[str] | None = None


class LoadCriterion(Record):
    """Load-test limits at a number of agents: error rate as a fraction, p99 latency in seconds."""

    agents: Fact[int]
    error_rate: Fact[float] | None = None
    p99_seconds: Fact[float] | None = None


class TestCase(Record):
    """One row of a test-case table. ``note`` is its last column: a priority, timeout or status."""

    __test__ = False  # not a test class for pytest

    name: Fact[str]
    section: Fact[str]
    description: Fact[str] | None = None
    note_kind: str = ""
    note: Fact[str] | None = None


class TestFile(Record):
    """A test file (or glob) that a section names."""

    __test__ = False

    path: Fact[str]
    section: Fact[str]


class EffortShare(Record):
    """A kind of tests and its share of the whole effort, as a fraction."""

    name: Fact[str]
    fraction: Fact[float] | None = None


class CoverageGate(Record):
    """A threshold below which CI is said to fail; ``minimum`` is a fraction."""

    metric: Fact[str]
    minimum: Fact[float]


class TestCommand(Record):
    """A command of a shell block; ``purpose`` is the comment above it."""

    __test__ = False

    command: Fact[str]
    section: Fact[str]
    purpose: Fact[str] | None = None


class Prerequisite(Record):
    """What a section's tests need, or say they do without it (a skipped test proves nothing)."""

    text: Fact[str]
    section: Fact[str]


class TestingRequirements(Record):
    """The whole document."""

    __test__ = False

    file: str
    header: Header = Header()
    targets: tuple[CoverageTarget, ...] = ()
    modules: tuple[ModuleCoverage, ...] = ()
    owasp: tuple[OwaspItem, ...] = ()
    load: tuple[LoadCriterion, ...] = ()
    cases: tuple[TestCase, ...] = ()
    files: tuple[TestFile, ...] = ()
    effort: tuple[EffortShare, ...] = ()
    gates: tuple[CoverageGate, ...] = ()
    commands: tuple[TestCommand, ...] = ()
    prerequisites: tuple[Prerequisite, ...] = ()
