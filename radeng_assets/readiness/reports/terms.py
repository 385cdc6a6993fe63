"""What a team demands of each report: the ``reports:`` part of ``readiness.yaml``.

Every report has the fields of ``ReportTerms``; what one alone needs stands in its own class.
"""

from __future__ import annotations

from pydantic import Field, field_validator

from radeng_assets.evidence.measures import OURS, Measure
from radeng_assets.record import Record

COVERAGE_OWN = (
    Measure(run=f"{OURS}sources", leaves={"sources": ("sources.json",)}),
    Measure(run=f"{OURS}changes", leaves={"changes": ("changes.json",)}),
)
"""What every measurement of coverage ends with. It runs nothing of the target's."""


class ReportTerms(Record):
    """What is measured for a report, and how long that holds.

    ``covers`` are the paths (globs) that the report is about: a change of any of them between the measured commit and
    the one in question makes it stale. ``max_age_days`` is how old it may be, ``None`` for the policy's general limit.
    """

    measures: tuple[Measure, ...] = ()
    covers: tuple[str, ...] = ("**",)
    max_age_days: float | None = Field(default=None, le=3650)


class CoverageTerms(ReportTerms):
    """``coverage``. Roles: ``coverage`` (LCOV, Cobertura, coverage.py, Istanbul, JaCoCo) and ``junit``.

    Whatever the team measures, our own inventory of the commit's code and of what stories wrote comes with it
    (``COVERAGE_OWN``), so that no report says by itself what there is to cover.

    ``sources`` are the files (globs) that must be covered, by default all code that is no test and no tool's
    configuration; ``omits`` are those that need not (generated, vendored). ``modules`` gives, for a module as the
    testing requirements name it, its files (globs), where its name does not. ``skipped_most`` is the largest share
    of tests that may be skipped or expected to fail (each of the latter is an issue besides); ``changed_minimum``
    the share of the lines of each story that must be covered, ``None`` for none.
    """

    sources: tuple[str, ...] = ()
    omits: tuple[str, ...] = ()
    modules: dict[str, tuple[str, ...]] = Field(default_factory=dict[str, tuple[str, ...]])
    skipped_most: float = Field(default=0.2, ge=0, le=1)
    changed_minimum: float | None = Field(default=None, le=1)

    @field_validator("measures")
    @classmethod
    def _with_our_own(cls, measures: tuple[Measure, ...]) -> tuple[Measure, ...]:
        named = {measure.run for measure in measures}
        return (*measures, *(own for own in COVERAGE_OWN if own.run not in named)) if measures else measures


class ChaosTerms(ReportTerms):
    """``chaos``: tests of recovery. Role: ``junit``.

    ``required`` are names of tests (``package.module.Class.test``, with ``*`` and ``?``); each must have passed.
    """

    required: tuple[str, ...] = ()


class LoadTerms(ReportTerms):
    """``load``: a load test. Role: ``load``.

    ``held`` is the fraction of a level's time in which all of its agents must be at work: the rest is for the ramp up
    and for those that end late. ``pause_s`` is for how many seconds an agent may ask nothing and still be at work. Both
    are our choice; no standard states them.
    """

    held: float = Field(default=0.5, le=1)
    pause_s: float = Field(default=1.0, le=60)


class SecurityTerms(ReportTerms):
    """``security``: scanners. Roles: ``secrets``, ``static``, ``dependencies``, and ``database``.

    ``required`` are the roles of which a report must be there. ``blocks`` are grades that keep the criterion from
    holding, besides critical and high, which always do. ``packages_minimum`` is how many packages must have been
    audited. ``own_packages`` are packages of the team's own, which no registry knows: an audit may skip them.

    ``database_max_days`` is how old the vulnerability database may be on the day of judging. Seven days is the
    interval that OWASP Dependency-Check asks for (https://github.com/dependency-check/DependencyCheck, "NVD data": "at
    least once every seven days"); grype refuses one over five (``GRYPE_DB_MAX_ALLOWED_BUILT_AGE``, 120 h).
    """

    measures: tuple[Measure, ...] = (Measure(run=f"{OURS}secrets", leaves={"secrets": ("secrets.sarif",)}),)
    required: tuple[str, ...] = ("secrets", "static", "dependencies")
    blocks: tuple[str, ...] = ("critical", "high")
    packages_minimum: int = Field(default=1, ge=0, le=1_000_000)
    own_packages: tuple[str, ...] = ()
    database_max_days: float = Field(default=7.0, le=365)


class UiTerms(ReportTerms):
    """``ui``: a run in a browser. Roles: ``junit``, ``screenshots``.

    ``screenshots_minimum`` is how many different pictures must show something; ``screenshots`` are paths or globs of
    which each must be one of them.
    """

    screenshots_minimum: int = Field(default=1, le=1000)
    screenshots: tuple[str, ...] = ()


class RequiredDocument(Record):
    """A document that must be there: a path, or a glob that at least one document matches and all that do obey.

    ``sections`` are headings that it must have, each by words that are in it; ``words`` is how many words of prose it
    must have. 150 is our choice (what it is, how to install it and how to run it take half a page); no standard says.
    """

    path: str
    sections: tuple[str, ...] = ()
    words: int = Field(default=150, le=1_000_000)


class DocumentationTerms(ReportTerms):
    """``documentation``. Role: ``documents``; what marked blocks did is in ``runs``."""

    required: tuple[RequiredDocument, ...] = (RequiredDocument(path="README.md"),)

    measures: tuple[Measure, ...] = (Measure(run=f"{OURS}documents", leaves={"documents": ("**",)}),)


class Reports(Record):
    """Everything of ``reports:``."""

    coverage: CoverageTerms = CoverageTerms()
    chaos: ChaosTerms = ChaosTerms()
    load: LoadTerms = LoadTerms()
    security: SecurityTerms = SecurityTerms()
    ui: UiTerms = UiTerms()
    documentation: DocumentationTerms = DocumentationTerms()

    def of(self, report: str) -> ReportTerms:
        """The terms of a report by name."""
        terms: ReportTerms = getattr(self, report)
        return terms
