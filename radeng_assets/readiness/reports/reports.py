"""The reports by name, each with what assesses it."""

from __future__ import annotations

from collections.abc import Callable

from radeng_assets.readiness.reports import ess, security
from radeng_assets.readiness.reports.assessment import Assessment
from radeng_assets.readiness.reports.material import Material

Assessor = Callable[[Material], Assessment]


def _unread(material: Material) -> Assessment:
    return Assessment(report=material.report, state="no_runner", reason="nothing reads this report's files")


ASSESSORS: dict[str, Assessor] = {
    "coverage": _unread,
    "chaos": _unread,
    "load": _unread,
    security.SECURITY: security.assess,
    "ui": _unread,
    "documentation": _unread,
    ess.ESS: ess.assess,
}
"""Every report that a verdict may rest on. A new one is one new file and one line here."""
