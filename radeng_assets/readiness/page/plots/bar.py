"""A bar of parts: how many of some things are in which state, the words beside it."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from radeng_assets.readiness.page.plots.canvas import Canvas
from radeng_assets.readiness.page.words import sign

_WIDTH, _GAP = 600.0, 2.0
_TONES = ("good", "info", "late", "open", "bad", "none")


def in_order(statuses: Sequence[str]) -> list[str]:
    """Each status once: what is well, what was, what is open, what failed, what nobody has begun."""
    return sorted(dict.fromkeys(statuses), key=lambda status: _TONES.index(sign(status).tone))


def status_bar(name: str, title: str, statuses: Sequence[str], *, height: float = 14) -> Markup:
    """One part for each status, as wide as it is frequent, from what is well to what nobody has begun."""
    counts = {status: statuses.count(status) for status in in_order(statuses)}
    said = ", ".join(f"{count} {sign(status).word}" for status, count in counts.items()) or "nothing"
    canvas = Canvas(name, title, f"{said}.", _WIDTH, height, stretched=True)
    x = 0.0
    for status, count in counts.items():
        width = _WIDTH * count / len(statuses)
        canvas.rect(x, 0, width - (_GAP if len(counts) > 1 else 0), height, f"fill-{sign(status).tone}")
        x += width
    if not counts:
        canvas.rect(0, 0, _WIDTH, height, "fill-none")
    return canvas.markup()
