"""The forecast as a histogram, with the weeks that the plan claims and the two quantiles that matter."""

from __future__ import annotations

from markupsafe import Markup

from radeng_assets.planning.forecast import Forecast
from radeng_assets.readiness.page.plots.canvas import Canvas

_WIDTH, _HEIGHT = 640.0, 240.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 12.0, 12.0, 52.0, 40.0
_TICKS = 8


def forecast_plot(predicted: Forecast) -> Markup:
    """Bars for shares of runs by weeks."""
    edges, counts = predicted.histogram.edges, predicted.histogram.counts
    canvas = Canvas("forecast-plot", "When the plan may be done", _described(predicted), _WIDTH, _HEIGHT)
    low, high = edges[0], edges[-1]
    if predicted.claim:
        low, high = min(low, predicted.claim[0]), max(high, predicted.claim[1])
    base = _HEIGHT - _BOTTOM

    def across(week: float) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * (week - low) / ((high - low) or 1.0)

    if predicted.claim:
        start, end = across(predicted.claim[0]), across(predicted.claim[1])
        canvas.rect(start, _TOP - 4, max(3.0, end - start), base - _TOP + 4, "claimed")
        canvas.text((start + end) / 2, _TOP - 10, "the plan's claim", "claim-word", anchor=_anchor((start + end) / 2))
    most = max(counts)
    for start, end, count in zip(edges, edges[1:], counts, strict=False):
        height = (base - _TOP - 8) * count / most
        canvas.rect(across(start) + 0.5, base - height, across(end) - across(start) - 1, height, "column")
    canvas.line(_LEFT, base, _WIDTH - _RIGHT, base, "axis-line")
    for name, weeks, y in (("P50", predicted.p50_weeks, 14.0), ("P85", predicted.p85_weeks, 30.0)):
        x = across(weeks)
        canvas.line(x, y + 4, x, base, "quantile")
        anchor = _anchor(x)
        canvas.text(x, y, f"{name}: {weeks:.1f} weeks", "quantile-word", anchor=anchor)
    step = max(1, round((high - low) / _TICKS))
    week = int(low)
    while week <= high:
        if week >= low:
            canvas.text(across(week), base + 16, str(week), "tick", anchor="middle")
        week += step
    canvas.text(_WIDTH / 2, _HEIGHT - 6, "weeks from the start", "axis", anchor="middle")
    return canvas.markup()


def _anchor(x: float) -> str:
    """Words near an edge stay inside of the drawing."""
    if x > _WIDTH - 100:
        return "end"
    return "start" if x < 100 else "middle"


def _described(predicted: Forecast) -> str:
    claim = f" The plan claims {predicted.claimed}." if predicted.claimed else ""
    return (
        f"Half of {predicted.runs:,} simulated runs end within {predicted.p50_weeks:.1f} weeks, 85 % within "
        f"{predicted.p85_weeks:.1f}.{claim}"
    )
