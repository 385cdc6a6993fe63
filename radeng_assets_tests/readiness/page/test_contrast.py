"""Contrast of the style sheet's colours, computed as WCAG 2.2 defines it, in light and in dark."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

STYLE = (files("radeng_assets.readiness.page") / "templates" / "style.css").read_text(encoding="utf-8")

TEXT = [
    *((ink, ground) for ink in ("ink", "soft", "link") for ground in ("paper", "panel")),
    *((tone, f"{tone}-bg") for tone in ("good", "bad", "open", "late", "info", "none")),
    *(("ink", ground) for ground in ("good-bg", "bad-bg", "heat-low", "heat-medium", "heat-high", "heat-critical")),
    ("bad", "paper"),
    ("open", "paper"),
    ("paper", "ink"),
]
"""Every colour of words with every ground that it stands on."""

SHAPES = [(f"fill-{tone}", "paper") for tone in ("good", "bad", "open", "late", "info", "none")]


def themes() -> dict[str, dict[str, str]]:
    light, dark = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
    tokens = [dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", part)) for part in (light, dark)]
    return {"light": tokens[0], "dark": tokens[0] | tokens[1]}


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2, from sRGB)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_formula_knows_black_on_white() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") < 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_stand_out(theme: str) -> None:
    tokens = themes()[theme]
    poor = {pair: round(contrast(*(tokens[name] for name in pair)), 2) for pair in TEXT}
    assert not {pair: ratio for pair, ratio in poor.items() if ratio < 4.5}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_shapes_stand_out(theme: str) -> None:
    tokens = themes()[theme]
    poor = {pair: round(contrast(*(tokens[name] for name in pair)), 2) for pair in SHAPES}
    assert not {pair: ratio for pair, ratio in poor.items() if ratio < 3}


def test_colours_come_from_the_tokens_alone() -> None:
    """A colour that is written anywhere else would escape the tests above."""
    rules = re.sub(r":root \{.*?\}", "", STYLE, flags=re.DOTALL)
    assert not re.findall(
        r"#[0-9a-fA-F]{3,8}\b(?=[;, ])|rgb|hsl", re.sub(r"#(criteria|waves|risks|audit)\b", "", rules)
    )
