"""A figure over commits: a line with its threshold, and gaps where nothing was shown."""

from __future__ import annotations

import math

from markupsafe import Markup

from radeng_assets.readiness.page.facts import Trend, TrendPoint
from radeng_assets.readiness.page.plots.canvas import Canvas
from radeng_assets.readiness.page.words import figures, short

_WIDTH, _HEIGHT = 640.0, 240.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 64.0, 16.0, 18.0, 44.0
_TICKS = 4
_LABELS = 8
"""Most labels along the bottom: more run into one another."""


def trend_plot(trend: Trend) -> Markup:
    """The plot of a trend with at least one figure; the table beside it has every point."""
    known = [(index, p.measured) for index, p in enumerate(trend.points) if p.measured is not None]
    canvas = Canvas(f"trend-{trend.report}", trend.title, _described(trend, known), _WIDTH, _HEIGHT)
    ticks = _axis([value for _, value in known], trend.threshold)
    low, high = ticks[0], ticks[-1]

    def across(index: int) -> float:
        span = max(1, len(trend.points) - 1)
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * (index / span if len(trend.points) > 1 else 0.5)

    def up(value: float) -> float:
        return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (high - value) / (high - low)

    for value in ticks:
        canvas.line(_LEFT, up(value), _WIDTH - _RIGHT, up(value), "grid")
        canvas.text(_LEFT - 8, up(value) + 4, _said(trend, value), "tick", anchor="end")
    if trend.threshold is not None:
        canvas.line(_LEFT, up(trend.threshold), _WIDTH - _RIGHT, up(trend.threshold), "limit")
        label = f"needed: {figures(trend.criterion, None, trend.threshold)[1]}"
        canvas.text(_WIDTH - _RIGHT, up(trend.threshold) - 6, label, "limit-word", anchor="end")
    for run in _runs(known):
        if len(run) > 1:
            canvas.path([(across(index), up(value)) for index, value in run], "curve")
    for index, value in known:
        canvas.dot(across(index), up(value), 4, "dot")
    step = -(-len(trend.points) // _LABELS)
    for index, point in enumerate(trend.points):
        if index % step == 0:
            # A label at the right edge must not be cut.
            anchor = "end" if index == len(trend.points) - 1 > 0 else "middle"
            canvas.text(across(index), _HEIGHT - _BOTTOM + 18, _label(point), "tick", anchor=anchor)
        if point.measured is None:
            canvas.text(across(index), _HEIGHT - _BOTTOM - 4, "?", "tick", anchor="middle")
    return canvas.markup()


def _described(trend: Trend, known: list[tuple[int, float]]) -> str:
    if not known:
        return "No measurement showed a figure."
    first, last = known[0][1], known[-1][1]
    said = f"From {_said(trend, first)} at the first measured commit to {_said(trend, last)} at the last"
    needed = "" if trend.threshold is None else f"; {figures(trend.criterion, None, trend.threshold)[1]} is needed"
    lacking = len(trend.points) - len(known)
    return f"{said}{needed}. {lacking} of {len(trend.points)} measurements showed no figure."


def _said(trend: Trend, value: float) -> str:
    return figures(trend.criterion, value, None)[0].removesuffix(" of 100")


def _label(point: TrendPoint) -> str:
    return point.waves[-1] if point.waves else short(point.commit)[:7]


def _axis(values: list[float], threshold: float | None) -> list[float]:
    """Round figures from below the lowest value to above the highest, at most ``_TICKS`` and a few more of them."""
    held = [*values, *([] if threshold is None else [threshold])] or [0.0, 1.0]
    low, high = min(held), max(held)
    span = (high - low) or abs(high) * 0.1 or 1.0
    size = 10.0 ** math.floor(math.log10(span / _TICKS))
    step = next(size * times for times in (1, 2, 2.5, 5, 10) if size * times * _TICKS >= span)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [round(step * number, 12) for number in range(first, max(last, first + 1) + 1)]


def _runs(known: list[tuple[int, float]]) -> list[list[tuple[int, float]]]:
    """Points without a gap between them."""
    runs: list[list[tuple[int, float]]] = []
    for point in known:
        if runs and runs[-1][-1][0] == point[0] - 1:
            runs[-1].append(point)
        else:
            runs.append([point])
    return runs
