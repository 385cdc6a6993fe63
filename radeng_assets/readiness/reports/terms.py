"""What a team demands of each report: the ``reports:`` part of ``readiness.yaml``.

Every report has the fields of ``ReportTerms``; what one alone needs stands in its own class.
"""

from __future__ import annotations

from pydantic import Field

from radeng_assets.evidence.measures import OURS, Measure
from radeng_assets.record import Record


class ReportTerms(Record):
    """What is measured for a report, and how long that holds.

    ``covers`` are the paths (globs) that the report is about: a change of any of them between the measured commit and
    the one in question makes it stale. ``max_age_days`` is how old it may be, ``None`` for the policy's general limit.
    """

    measures: tuple[Measure, ...] = ()
    covers: tuple[str, ...] = ("**",)
    max_age_days: float | None = Field(default=None, le=3650)


class CoverageTerms(ReportTerms):
    """``coverage``. Roles: ``coverage`` (LCOV, Cobertura, coverage.py, Istanbul, JaCoCo) and ``junit``."""


class ChaosTerms(ReportTerms):
    """``chaos``: tests of recovery. Role: ``junit``."""


class LoadTerms(ReportTerms):
    """``load``: a load test. Role: ``load``."""


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
    """``ui``: a run in a browser. Roles: ``junit``, ``screenshots``."""


class DocumentationTerms(ReportTerms):
    """``documentation``. Role: ``documents``."""

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
