"""A bar of parts: how many of some things are in which state, the words beside it."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from radeng_assets.readiness.page.plots.canvas import Canvas
from radeng_assets.readiness.page.words import sign

_WIDTH, _GAP = 600.0, 2.0


def status_bar(name: str, title: str, statuses: Sequence[str], *, height: float = 14) -> Markup:
    """One part for each status, as wide as it is frequent, in the order in which they first come; its own legend."""
    counts = {status: sum(1 for one in statuses if one == status) for status in dict.fromkeys(statuses)}
    said = ", ".join(f"{count} {sign(status).word}" for status, count in counts.items()) or "nothing"
    canvas = Canvas(name, title, f"{said}.", _WIDTH, height)
    x = 0.0
    for status, count in counts.items():
        width = _WIDTH * count / len(statuses)
        canvas.rect(x, 0, width - (_GAP if len(counts) > 1 else 0), height, f"fill-{sign(status).tone}", round_=3)
        x += width
    if not counts:
        canvas.rect(0, 0, _WIDTH, height, "fill-none", round_=3)
    return canvas.markup()
