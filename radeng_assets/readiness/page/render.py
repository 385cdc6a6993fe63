"""Facts to one self-contained HTML document: no script, no request, every text escaped."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from radeng_assets.evidence.outcomes import DONE
from radeng_assets.planning.findings import SEVERITIES
from radeng_assets.planning.rules.book import family_of
from radeng_assets.readiness.page import words
from radeng_assets.readiness.page.facts import PageFacts
from radeng_assets.readiness.page.plots.bar import in_order, status_bar
from radeng_assets.readiness.page.plots.distribution import forecast_plot
from radeng_assets.readiness.page.plots.matrix import risk_matrix
from radeng_assets.readiness.page.plots.trend import trend_plot
from radeng_assets.readiness.reports.assessment import Table

_ROOM = "radeng_assets.readiness.page"


def page(facts: PageFacts) -> str:
    """The document. Pure: equal facts, equal text."""
    style = _style()
    template = _environment().get_template("page.html.j2")
    document = template.render(facts=facts, style=Markup(style), policy=_policy(style))  # noqa: S704  # our own file
    # Over the whole document: filters that join texts give markup, which no hook of Jinja's would look into.
    return words.visible(document)


@cache
def _style() -> str:
    return (files(_ROOM) / "templates" / "style.css").read_text(encoding="utf-8")


def _policy(style: str) -> str:
    """A content security policy that lets the browser load nothing, run nothing, and style by our sheet alone.

    Should a text of a plan ever get through as markup, it still does nothing.
    """
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader(_ROOM),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Jinja types these two by its own functions alone.
    environment.filters |= {  # pyright: ignore[reportAttributeAccessIssue]
        "sign": words.sign,
        "usd": words.usd,
        "thousands": words.thousands,
        "percent": words.percent,
        "when": words.when,
        "short": words.short,
        "bundle_name": words.bundle_name,
        "in_order": in_order,
        "report_name": words.report_name,
        "criterion_name": words.criterion_name,
        "family": family_of,
    }
    environment.globals |= {  # pyright: ignore[reportAttributeAccessIssue]
        "figures": words.figures,
        "heads": _heads,
        "status_bar": status_bar,
        "trend_plot": trend_plot,
        "risk_matrix": risk_matrix,
        "forecast_plot": forecast_plot,
        "SEVERITIES": SEVERITIES,
        "DONE": DONE,
    }
    return environment


def _heads(table: Table) -> list[tuple[str, str]]:
    """The columns of a report's own table, those of numbers marked as such. The first names the row."""
    return [
        (name, "num" if index and table.rows and all(isinstance(row[index], int | float) for row in table.rows) else "")
        for index, name in enumerate(table.columns)
    ]
