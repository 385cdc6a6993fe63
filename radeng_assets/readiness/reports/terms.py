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
    """``security``: scanners. Roles: ``secrets``, ``dependencies``, ``static``."""

    measures: tuple[Measure, ...] = (Measure(run=f"{OURS}secrets", leaves={"secrets": ("secrets.sarif",)}),)


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
