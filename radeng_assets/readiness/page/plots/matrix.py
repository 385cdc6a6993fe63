"""The probability x impact matrix as a grid: how many risks in each cell, and which."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from radeng_assets.planning.levels import RANK, risk_score
from radeng_assets.planning.ranking import RankedRisk
from radeng_assets.readiness.page.plots.canvas import Canvas

_CELL, _ROW, _LEFT, _BOTTOM, _TOP = 132.0, 62.0, 92.0, 42.0, 6.0
_NAMED = 2
"""Ids that find room in a cell."""


def risk_matrix(risks: Sequence[RankedRisk]) -> Markup:
    """The matrix of the risks that state both levels; the ranking's table lists every one."""
    levels = tuple(RANK)
    cells = {
        (probability, impact): [r.id for r in risks if (r.probability, r.impact) == (probability, impact)]
        for probability in levels
        for impact in levels
    }
    canvas = Canvas(
        "risk-matrix",
        "Risks by probability and impact",
        _described(cells),
        _LEFT + _CELL * len(levels),
        _TOP + _ROW * len(levels) + _BOTTOM,
    )
    for row, probability in enumerate(reversed(levels)):
        y = _TOP + row * _ROW
        canvas.text(_LEFT - 10, y + _ROW / 2 + 4, probability.lower(), "tick", anchor="end")
        for column, impact in enumerate(levels):
            x = _LEFT + column * _CELL
            ids = cells[probability, impact]
            score = risk_score(probability, impact).lower()
            canvas.rect(x + 1.5, y + 1.5, _CELL - 3, _ROW - 3, f"heat-{score}", round_=4)
            canvas.text(x + _CELL - 9, y + 16, score, "heat-word", anchor="end")
            if ids:
                canvas.text(x + 10, y + 29, str(len(ids)), "heat-count")
                more = f" +{len(ids) - _NAMED}" if len(ids) > _NAMED else ""
                canvas.text(x + 10, y + 50, ", ".join(_fit(name) for name in ids[:_NAMED]) + more, "heat-ids")
    bottom = _TOP + _ROW * len(levels)
    for column, impact in enumerate(levels):
        canvas.text(_LEFT + (column + 0.5) * _CELL, bottom + 18, impact.lower(), "tick", anchor="middle")
    canvas.text(_LEFT + _CELL * len(levels) / 2, bottom + 36, "impact", "axis", anchor="middle")
    canvas.text(0, _TOP + 10, "probability", "axis")
    return canvas.markup()


def _fit(identifier: str) -> str:
    return identifier if len(identifier) <= 8 else f"{identifier[:7]}…"


def _described(cells: dict[tuple[str, str], list[str]]) -> str:
    said = [f"probability {p.lower()}, impact {i.lower()}: {len(ids)}" for (p, i), ids in cells.items() if ids]
    return ("; ".join(said) or "no risk states both levels") + ". The ranking below lists each of them."
