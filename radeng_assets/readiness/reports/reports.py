"""The reports by name, each with what assesses it."""

from __future__ import annotations

from collections.abc import Callable

from radeng_assets.readiness.reports import chaos, coverage, documentation, ess, load, security, ui
from radeng_assets.readiness.reports.assessment import Assessment
from radeng_assets.readiness.reports.material import Material

Assessor = Callable[[Material], Assessment]


ASSESSORS: dict[str, Assessor] = {
    coverage.COVERAGE: coverage.assess,
    "chaos": chaos.assess,
    "load": load.assess,
    security.SECURITY: security.assess,
    "ui": ui.assess,
    "documentation": documentation.assess,
    ess.ESS: ess.assess,
}
"""Every report that a verdict may rest on. A new one is one new file and one line here."""
